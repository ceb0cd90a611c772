/** How a site's events are called, hidden, described and excluded: `/api/sites/{site}/catalogue/…`. */
import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../../collector/storage/storage.ts';
import { periodShape } from '../../reports/period/period.ts';
import { exclusionTest } from '../../reports/rules/reading.ts';
import {
  exclusionRuleShape,
  type Naming,
  namingShape,
  readStoredRules,
  type StoredRule,
} from '../../reports/rules/rules.ts';
import { actorOf, recordAudit } from '../audit.ts';
import { requireScope } from '../principal.ts';
import { readJson } from '../read-json.ts';
import { refuse, toRefusal } from '../refusal.ts';
import { requireRole } from '../require-role.ts';
import type { SiteScoped } from '../site-scope.ts';
import { countEvents } from './matching-events.ts';

export type CatalogueWorld = { storage: Storage; reader: Pick<Storage, 'query'>; now: () => number };

/** Names that mean something to reports already. */
const KINDS = ['page_view', 'engagement', 'custom', 'outbound_link', 'file_download', 'form_submit', 'click'];

export const namingBody = namingShape.refine(({ calledAs }) => !KINDS.includes(calledAs ?? ''), {
  path: ['calledAs'],
  message: 'Expected a name that is not a kind of event',
});
export const exclusionPreviewBody = z.strictObject({ rule: exclusionRuleShape, period: periodShape });

const LISTS = { events: 'event', properties: 'property' } as const;

/** Mounted at `/api/sites/{site}`. */
export function catalogueRoutes(world: CatalogueWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();
  const mayWrite = requireScope('write');
  const admins = requireRole('admin');

  app.get('/catalogue/rules', async (c) => {
    const rules = await readStoredRules(world.storage, c.get('site').siteId);
    return c.json({
      events: listOf(rules, 'event'),
      properties: listOf(rules, 'property'),
      exclusions: rules.flatMap((one) => (one.kind === 'exclusion' ? [{ id: one.name, ...one.rule }] : [])),
    });
  });
  for (const list of ['events', 'properties'] as const) {
    app.put(`/catalogue/${list}/:name{.+}`, mayWrite, (c) => name(c, world, LISTS[list]));
    app.delete(`/catalogue/${list}/:name{.+}`, mayWrite, (c) => write(c, world, LISTS[list], {}));
  }
  app.post('/catalogue/exclusions/preview', admins, (c) => preview(c, world));
  app.post('/catalogue/exclusions', admins, (c) => exclude(c, world));
  app.delete('/catalogue/exclusions/:id', admins, (c) => includeAgain(c, world));
  return app;
}

function listOf(rules: readonly StoredRule[], kind: 'event' | 'property'): (Naming & { name: string })[] {
  return rules.flatMap((one) => (one.kind === kind ? [{ name: one.name, ...one.rule }] : []));
}

async function name(
  c: Context<SiteScoped>,
  world: CatalogueWorld,
  kind: 'event' | 'property',
): Promise<Response> {
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const naming = namingBody.safeParse(sent.value);
  if (!naming.success) return refuse(c, 400, toRefusal(naming.error, sent.value));
  return write(c, world, kind, naming.data);
}

/** A naming that says nothing takes the rule away: the event is what it was when it was sent. */
async function write(
  c: Context<SiteScoped>,
  { storage, now }: CatalogueWorld,
  kind: 'event' | 'property',
  naming: Naming,
): Promise<Response> {
  const { siteId } = c.get('site');
  const named = c.req.param('name') ?? '';
  await storage.insert('catalogue_rules', [
    {
      site_id: siteId,
      kind,
      name: named,
      rule: JSON.stringify(naming),
      updated_time: now(),
      is_deleted: Object.keys(naming).length === 0,
    },
  ]);
  await recordAudit(
    { storage, now },
    { siteId, ...actorOf(c), action: 'catalogue_changed', subject: named, details: { kind, ...naming } },
  );
  return Object.keys(naming).length === 0 ? c.body(null, 204) : c.json({ name: named, ...naming });
}

async function preview(c: Context<SiteScoped>, { reader, now }: CatalogueWorld): Promise<Response> {
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const asked = exclusionPreviewBody.safeParse(sent.value);
  if (!asked.success) return refuse(c, 400, toRefusal(asked.error, sent.value));
  const { rule, period } = asked.data;
  return c.json(await countEvents(reader, c.get('site'), period, exclusionTest(rule), now()));
}

async function exclude(c: Context<SiteScoped>, { storage, now }: CatalogueWorld): Promise<Response> {
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const rule = exclusionRuleShape.safeParse(sent.value);
  if (!rule.success) return refuse(c, 400, toRefusal(rule.error, sent.value));
  const { siteId } = c.get('site');
  const id = randomUUID();
  await storage.insert('catalogue_rules', [
    { site_id: siteId, kind: 'exclusion', name: id, rule: JSON.stringify(rule.data), updated_time: now() },
  ]);
  const { reason } = rule.data;
  await recordAudit(
    { storage, now },
    { siteId, ...actorOf(c), action: 'exclusion_added', subject: reason, details: { id, ...rule.data } },
  );
  return c.json({ id, ...rule.data }, 201);
}

async function includeAgain(c: Context<SiteScoped>, { storage, now }: CatalogueWorld): Promise<Response> {
  const { siteId } = c.get('site');
  const id = c.req.param('id') ?? '';
  const rules = await readStoredRules(storage, siteId);
  const found = rules.find((one) => one.kind === 'exclusion' && one.name === id);
  if (found?.kind !== 'exclusion')
    return refuse(c, 404, { code: 'unknown_item', message: `There is no exclusion "${id}" on this site` });
  await storage.insert('catalogue_rules', [
    { site_id: siteId, kind: 'exclusion', name: id, rule: '{}', updated_time: now(), is_deleted: true },
  ]);
  await recordAudit(
    { storage, now },
    {
      siteId,
      ...actorOf(c),
      action: 'exclusion_removed',
      subject: found.rule.reason,
      details: { id, ...found.rule },
    },
  );
  return c.body(null, 204);
}
