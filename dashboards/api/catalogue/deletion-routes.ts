/** `POST /api/sites/{site}/deletions`: for owners and admins, signed in by themselves; counted, confirmed, written down. */
import { type Context, Hono } from 'hono';
import { actorOf, recordAudit } from '../audit.ts';
import { readJson } from '../read-json.ts';
import { refuse, toRefusal } from '../refusal.ts';
import { requireRole } from '../require-role.ts';
import type { SiteScoped } from '../site-scope.ts';
import { deleteEvents, deletionBody, deletionFilterBody, deletionTest } from './deletion.ts';
import { countEvents } from './matching-events.ts';
import type { CatalogueWorld } from './rule-routes.ts';

/** Mounted at `/api/sites/{site}`. */
export function deletionRoutes(world: CatalogueWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();
  const admins = requireRole('admin');
  /** Two that rebuild the same tables at once would take each other's rows away. */
  const running = new Set<string>();

  app.post('/deletions/preview', admins, async (c) => {
    const sent = await readJson(c);
    if ('refused' in sent) return sent.refused;
    const asked = deletionFilterBody.safeParse(sent.value);
    if (!asked.success) return refuse(c, 400, toRefusal(asked.error, sent.value));
    const { period, ...which } = asked.data;
    return c.json(await countEvents(world.reader, c.get('site'), period, deletionTest(which), world.now()));
  });

  app.post('/deletions', admins, async (c) => {
    const { siteId } = c.get('site');
    if (running.has(siteId))
      return refuse(c, 409, {
        code: 'busy',
        message: 'Another deletion on this site is under way: wait for it',
      });
    running.add(siteId);
    try {
      return await carryOut(c, world);
    } finally {
      running.delete(siteId);
    }
  });
  return app;
}

async function carryOut(c: Context<SiteScoped>, { storage, reader, now }: CatalogueWorld): Promise<Response> {
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const asked = deletionBody.safeParse(sent.value);
  if (!asked.success) return refuse(c, 400, toRefusal(asked.error, sent.value));
  const { period, expectedEvents, ...which } = asked.data;
  const site = c.get('site');
  const test = deletionTest(which);
  const nowMs = now();
  const counted = await countEvents(reader, site, period, test, nowMs);
  if (counted.events !== expectedEvents) {
    const message = `Expected ${expectedEvents} events, found ${counted.events} by now: look at the preview again`;
    return refuse(c, 409, {
      code: 'changed',
      message,
      field: 'expectedEvents',
      found: String(counted.events),
    });
  }
  // Written down first: of a deletion that was cut off one must know that it began.
  const entry = {
    siteId: site.siteId,
    ...actorOf(c),
    action: 'events_deleted',
    subject: sayWhich(which),
  } as const;
  const details = { period, ...which, ...counted };
  await recordAudit({ storage, now }, { ...entry, details: { phase: 'begun', ...details } });
  await deleteEvents(storage, site, period, test, nowMs);
  await recordAudit({ storage, now }, { ...entry, details: { phase: 'done', ...details } });
  return c.json({ deleted: counted });
}

/** In a few words: the log has the whole filter beside it. */
function sayWhich({
  event,
  page,
  hostname,
  userId,
  filters = [],
}: Omit<typeof deletionFilterBody._output, 'period'>) {
  const parts = [event, page?.path, hostname, userId && 'one user', ...filters.map(({ field }) => field)];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
