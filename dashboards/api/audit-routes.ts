/** `GET /api/audit`: the audit log, a page at a time, for owners and admins. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../collector/storage/storage.ts';
import { readAudit } from './audit.ts';
import type { Authenticated } from './principal.ts';
import { refuse, toRefusal } from './refusal.ts';
import { requireRole } from './require-role.ts';

const query = z.strictObject({
  site: z.string().optional().describe('Only what concerns this site.'),
  before: z.coerce.number().int().optional().describe('Only what lies before, ms since the epoch.'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export function auditRoutes({ storage }: { storage: Pick<Storage, 'query'> }): Hono<Authenticated> {
  const app = new Hono<Authenticated>();
  app.get('/', requireRole('admin'), async (c) => {
    const asked = query.safeParse(c.req.query());
    if (!asked.success) return refuse(c, 400, toRefusal(asked.error, c.req.query()));
    const { site, before, limit } = asked.data;
    const rows = await readAudit(storage, {
      ...(site === undefined ? {} : { siteId: site }),
      ...(before === undefined ? {} : { beforeMs: before }),
      limit,
    });
    return c.json({ rows });
  });
  return app;
}
