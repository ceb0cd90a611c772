/** Making, listing and revoking a site's API keys: for its admins, signed in by themselves. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../collector/storage/storage.ts';
import type { ApiKeys } from './api-keys.ts';
import { actorOf, recordAudit } from './audit.ts';
import { SCOPES } from './principal.ts';
import { readJson } from './read-json.ts';
import { refuse, toRefusal } from './refusal.ts';
import { mayActAs } from './sign-in/guard.ts';
import type { SiteScoped } from './site-scope.ts';

export const keyBody = z.strictObject({
  label: z.string().trim().min(1).max(100).describe('What it is for'),
  scopes: z.array(z.enum(SCOPES)).min(1).default(['read']),
});

export type KeyWorld = { apiKeys: ApiKeys; storage: Pick<Storage, 'insert'>; now: () => number };

export function apiKeyRoutes(world: KeyWorld): Hono<SiteScoped> {
  const { apiKeys } = world;
  const app = new Hono<SiteScoped>();
  app.use('/keys', admins);
  app.use('/keys/*', admins);

  app.get('/keys', async (c) => c.json({ rows: await apiKeys.list(c.get('site').siteId) }));
  app.post('/keys', async (c) => {
    const sent = await readJson(c);
    if ('refused' in sent) return sent.refused;
    const key = keyBody.safeParse(sent.value);
    if (!key.success) return refuse(c, 400, toRefusal(key.error, sent.value));
    const { userId } = c.get('principal');
    const { siteId } = c.get('site');
    const made = await apiKeys.create({ ...key.data, userId, siteId });
    await recordAudit(world, {
      siteId,
      ...actorOf(c),
      action: 'key_made',
      subject: key.data.label,
      details: { scopes: key.data.scopes },
    });
    return c.json({ key_id: made.keyId, secret: made.secret, ...key.data }, 201);
  });
  app.delete('/keys/:id', async (c) => {
    const { siteId } = c.get('site');
    const id = c.req.param('id');
    const key = (await apiKeys.list(siteId)).find((one) => one.key_id === id);
    if (key && (await apiKeys.revoke(siteId, id))) {
      await recordAudit(world, { siteId, ...actorOf(c), action: 'key_revoked', subject: key.label });
      return c.body(null, 204);
    }
    return refuse(c, 404, {
      code: 'unknown_key',
      message: `There is no key "${c.req.param('id')}" on this site`,
    });
  });
  return app;
}

/** A key cannot make keys: whoever has found one must not be able to stay. */
async function admins(c: Context<SiteScoped>, next: () => Promise<void>): Promise<Response | undefined> {
  const { role } = c.get('principal');
  const isByKey = c.req.header('authorization') !== undefined;
  if (!isByKey && mayActAs({ role }, 'admin')) {
    await next();
    return undefined;
  }
  const why = isByKey
    ? 'API keys are managed by people who are signed in'
    : `This needs the role "admin", and you are "${role}"`;
  return refuse(c, 403, { code: 'not_allowed', message: why });
}
