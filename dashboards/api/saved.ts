/** What people keep for a site: goals, and by kind the rest (funnels, segments, boards, page groups, annotations). */
import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../collector/storage/storage.ts';
import { conditionShape } from '../reports/conditions.ts';
import { filtersShape } from '../reports/filters/filters.ts';
import { pageGroupShape, toPatterns } from '../reports/rules/rules.ts';
import { annotationBody } from './annotation.ts';
import { actorOf, recordAudit } from './audit.ts';
import { boardBody } from './boards/board.ts';
import { requireScope } from './principal.ts';
import { readJson } from './read-json.ts';
import { refuse, toRefusal } from './refusal.ts';
import type { SiteScoped } from './site-scope.ts';

export const SAVED_KINDS = ['funnel', 'segment', 'board', 'page_group', 'annotation'] as const;
export type SavedKind = (typeof SAVED_KINDS)[number];
type Body = Record<string, unknown>;

const name = z.string().trim().min(1).max(200);
export const goalBody = z.strictObject({ name, condition: conditionShape });

const MOST_CHARACTERS = 100_000;
/** A funnel is its page's own affair; what reports read is checked as they will read it. */
const anything: z.ZodType<Body> = z
  .record(z.string(), z.json())
  .refine(
    (body) => JSON.stringify(body).length <= MOST_CHARACTERS,
    `Expected at most ${MOST_CHARACTERS} characters`,
  );
const pageGroup: z.ZodType<Body> = pageGroupShape;
const filters: z.ZodType<Body> = z.strictObject({ filters: filtersShape });
export const savedBody: Record<SavedKind, z.ZodType<{ name: string; body: Body }>> = {
  funnel: z.strictObject({ name, body: anything }),
  segment: z.strictObject({ name, body: filters }),
  board: z.strictObject({ name, body: boardBody }),
  page_group: z.strictObject({ name, body: pageGroup }),
  annotation: z.strictObject({ name, body: annotationBody }),
};

export type SavedWorld = { storage: Pick<Storage, 'query' | 'insert'>; now: () => number };

/** Mounted at `/api/sites/{site}`. */
export function savedRoutes(world: SavedWorld): Hono<SiteScoped> {
  const app = new Hono<SiteScoped>();
  const mayWrite = requireScope('write');

  app.get('/goals', async (c) => c.json({ rows: await readGoals(c, world) }));
  app.post('/goals', mayWrite, (c) => writeGoal(c, world, randomUUID()));
  app.put('/goals/:id', mayWrite, (c) => writeGoal(c, world, c.req.param('id')));
  app.delete('/goals/:id', mayWrite, (c) => removeGoal(c, world));

  app.get('/saved/:kind', (c) =>
    withKind(c, async (kind) => c.json({ rows: await readSaved(c, world, kind) })),
  );
  app.post('/saved/:kind', mayWrite, (c) => withKind(c, (kind) => writeSaved(c, world, kind, randomUUID())));
  app.put('/saved/:kind/:id', mayWrite, (c) =>
    withKind(c, (kind) => writeSaved(c, world, kind, c.req.param('id'))),
  );
  app.delete('/saved/:kind/:id', mayWrite, (c) => withKind(c, (kind) => removeSaved(c, world, kind)));
  return app;
}

type GoalRow = { goal_id: string; name: string; condition: string };
type SavedRow = { item_id: string; name: string; body: string };

async function readGoals(c: Context<SiteScoped>, { storage }: SavedWorld) {
  const { rows } = await storage.query<GoalRow>(GOALS, { parameters: { site_id: c.get('site').siteId } });
  return rows.map((row) => ({ ...row, condition: parseOwn(row.condition) }));
}

async function writeGoal(c: Context<SiteScoped>, world: SavedWorld, id: string): Promise<Response> {
  const { storage, now } = world;
  const goal = await readBody(c, goalBody);
  if (goal instanceof Response) return goal;
  if (!isId(id)) return unknownItem(c);
  const row = { goal_id: id, name: goal.name, condition: JSON.stringify(goal.condition) };
  const { siteId } = c.get('site');
  await storage.insert('goals', [{ site_id: siteId, ...row, updated_time: now() }]);
  await recordAudit(world, {
    siteId,
    ...actorOf(c),
    action: c.req.method === 'POST' ? 'goal_made' : 'goal_changed',
    subject: goal.name,
    details: { condition: goal.condition },
  });
  return c.json({ ...row, condition: goal.condition }, c.req.method === 'POST' ? 201 : 200);
}

async function removeGoal(c: Context<SiteScoped>, world: SavedWorld): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const goal = (await readGoals(c, world)).find((one) => one.goal_id === id);
  if (!goal) return unknownItem(c);
  const row = { site_id: c.get('site').siteId, goal_id: id, name: goal.name, is_deleted: true };
  await world.storage.insert('goals', [{ ...row, updated_time: world.now() }]);
  await recordAudit(world, {
    siteId: row.site_id,
    ...actorOf(c),
    action: 'goal_removed',
    subject: goal.name,
  });
  return c.body(null, 204);
}

async function readSaved(c: Context<SiteScoped>, { storage }: SavedWorld, kind: SavedKind) {
  const parameters = { site_id: c.get('site').siteId, kind };
  const { rows } = await storage.query<SavedRow>(SAVED, { parameters });
  return rows.map((row) => ({ ...row, body: upToDate(kind, parseOwn(row.body)) }));
}

/** What was saved before its kind had a shape reads as what it means now. */
function upToDate(kind: SavedKind, body: unknown): unknown {
  return kind === 'page_group' ? toPatterns(body) : body;
}

async function writeSaved(
  c: Context<SiteScoped>,
  { storage, now }: SavedWorld,
  kind: SavedKind,
  id: string,
): Promise<Response> {
  const item = await readBody(c, savedBody[kind]);
  if (item instanceof Response) return item;
  if (!isId(id)) return unknownItem(c);
  const row = {
    site_id: c.get('site').siteId,
    kind,
    item_id: id,
    name: item.name,
    body: JSON.stringify(item.body),
  };
  await storage.insert('saved_items', [
    { ...row, created_by: c.get('principal').userId, updated_time: now() },
  ]);
  return c.json({ item_id: id, ...item }, c.req.method === 'POST' ? 201 : 200);
}

async function removeSaved(c: Context<SiteScoped>, world: SavedWorld, kind: SavedKind): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const item = (await readSaved(c, world, kind)).find((one) => one.item_id === id);
  if (!item) return unknownItem(c);
  const row = { site_id: c.get('site').siteId, kind, item_id: id, name: item.name, is_deleted: true };
  await world.storage.insert('saved_items', [{ ...row, updated_time: world.now() }]);
  return c.body(null, 204);
}

async function readBody<Value>(c: Context<SiteScoped>, shape: z.ZodType<Value>): Promise<Value | Response> {
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const parsed = shape.safeParse(sent.value);
  return parsed.success ? parsed.data : refuse(c, 400, toRefusal(parsed.error, sent.value));
}

async function withKind(
  c: Context<SiteScoped>,
  answer: (kind: SavedKind) => Promise<Response>,
): Promise<Response> {
  const kind = SAVED_KINDS.find((one) => one === c.req.param('kind'));
  if (kind) return answer(kind);
  const message = `Expected one of ${SAVED_KINDS.join(', ')}, found "${c.req.param('kind')}"`;
  return refuse(c, 404, { code: 'unknown_kind', message });
}

function isId(text: string): boolean {
  return z.uuid().safeParse(text).success;
}

function unknownItem(c: Context<SiteScoped>): Response {
  const message = `There is nothing saved as "${c.req.param('id')}" on this site`;
  return refuse(c, 404, { code: 'unknown_item', message });
}

/** Our own JSON; what an older version wrote otherwise is no body at all. */
function parseOwn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const GOALS = `
SELECT toString(goal_id) AS goal_id, name, condition FROM goals FINAL
WHERE site_id = {site_id:String} AND NOT is_deleted ORDER BY goals.created_time, goal_id`;

const SAVED = `
SELECT toString(item_id) AS item_id, name, body FROM saved_items FINAL
WHERE site_id = {site_id:String} AND kind = {kind:String} AND NOT is_deleted ORDER BY saved_items.created_time, item_id`;
