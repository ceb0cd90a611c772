/** Funnels over settled days: what happens to a day, or to its visitors, after it was stored. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepRetention } from '../../collector/retention.ts';
import { createSites } from '../../collector/sites.ts';
import { unsettle } from '../../collector/unsettle.ts';
import { NO_DEEDS } from '../../dashboards/reports/events/deeds.ts';
import type { FunnelAnswer } from '../../dashboards/reports/funnel/answer.ts';
import { installMachine } from '../../dashboards/reports/funnel/engine-host.ts';
import { findReport } from '../../dashboards/reports/registry.ts';
import { codeOfName } from '../../dashboards/reports/settled/deed-words.ts';
import { keepSettling } from '../../dashboards/reports/settled/keep-settling.ts';
import { readSettledDays } from '../../dashboards/reports/settled/settled-days.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import type { WorldEvent } from './oracle/world.ts';
import { at, putEvents } from './reports/ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  expect(await installMachine(engine.storage)).toBe(true);
}, 60_000);
afterAll(() => engine?.stop());

let clock = at('2027-06-01 12:00');
async function settleAll(): Promise<void> {
  clock += 60_000;
  const startedAt = clock;
  const settling = keepSettling({
    storage: engine.storage,
    now: () => startedAt,
    log: () => {},
    quietMs: Number.NEGATIVE_INFINITY,
    leastEvents: 1,
  });
  await settling.settleAll().finally(() => settling.close());
}

async function openShop(siteId: string, ...events: Partial<WorldEvent>[]): Promise<void> {
  await engine.storage.insert('sites', [{ site_id: siteId, name: siteId, time_zone: 'UTC' }]);
  await putEvents(engine, siteId, events);
  await settleAll();
  const days = await readSettledDays(engine.reader, siteId, 'UTC');
  expect(days.length, 'all of the site’s days are settled').toBe(
    new Set(events.map(({ timeMs = 0 }) => Math.floor(timeMs / 86_400_000))).size,
  );
}

let numbers = 0;
/** `2026-11-02 10:00 name` or `… /path`. */
function did(visitor: string, deed: string, more: Partial<WorldEvent> = {}): Partial<WorldEvent> {
  const what = deed.slice(17);
  numbers += 1;
  return {
    number: numbers,
    visitor,
    timeMs: at(deed.slice(0, 16)),
    ...(what.startsWith('/') ? { path: what } : { name: what, kind: 'custom' }),
    ...more,
  };
}

const NAMES = { steps: [{ event: 'view' }, { event: 'cart' }, { event: 'buy' }] };
const PAGES = { steps: [{ page: { match: 'prefix', path: '/shop' } }, { event: 'cart' }, { event: 'buy' }] };

async function ask(
  siteId: string,
  asked: object = NAMES,
  reader: Pick<TestEngine['reader'], 'query' | 'stream'> = engine.reader,
): Promise<FunnelAnswer> {
  const site = { siteId, timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '2026-11-01' };
  const parameters = { period: { from: '2026-11-02', to: '2026-11-04' }, ...asked };
  const answer = await findReport('funnel')?.answer(parameters, site, {
    reader,
    nowMs: clock,
  });
  return answer as unknown as FunnelAnswer; // The registry knows answers as rows and meta; this one says more.
}
const people = ({ rows }: FunnelAnswer) => rows.map((row) => row.people);
const revenue = ({ rows }: FunnelAnswer) => rows.map((row) => row.revenue);

const bought = { revenueCents: 1999, currency: 'EUR' };

test('names and pages are found in what is stored, over several days, with their times and revenue', async () => {
  await openShop(
    'stored',
    did('ann', '2026-11-02 10:00 view'),
    did('ann', '2026-11-02 10:00 /shop/shoe'),
    did('ann', '2026-11-03 10:00 cart'),
    did('ann', '2026-11-04 10:00 buy', bought),
    did('ben', '2026-11-02 10:00 view'),
    did('ben', '2026-11-02 11:00 /shop'),
    did('ben', '2026-11-02 12:00 buy', { revenueCents: 500, currency: 'USD' }),
  );

  for (const asked of [NAMES, PAGES]) {
    const answer = await ask('stored', asked);
    expect(people(answer)).toEqual([2, 1, 1]);
    expect(answer.rows.map((row) => row.median_ms)).toEqual([null, 86_400_000, 86_400_000]);
    expect(revenue(answer)).toEqual([[], [], [{ currency: 'EUR', amount: 19.99 }]]);
  }
});

test('a late event of a settled day counts at once, and after the day is settled again', async () => {
  await openShop('late', did('ann', '2026-11-02 10:00 view'), did('ann', '2026-11-02 12:00 buy'));
  expect(people(await ask('late'))).toEqual([1, 0, 0]);

  await putEvents(engine, 'late', [did('ann', '2026-11-02 11:00 cart')]);
  expect(people(await ask('late'))).toEqual([1, 1, 1]);

  await settleAll();
  expect(await readSettledDays(engine.reader, 'late', 'UTC')).toHaveLength(1);
  expect(people(await ask('late'))).toEqual([1, 1, 1]);
});

test('two visitors who turn out to be one user after their days were settled are one', async () => {
  await openShop('merged', did('phone', '2026-11-02 10:00 view'), did('desk', '2026-11-03 10:00 cart'));
  expect(people(await ask('merged'))).toEqual([1, 0, 0]);

  const ann = { isLasting: true, userId: 'ann' };
  await putEvents(engine, 'merged', [
    did('phone', '2026-11-06 10:00 view', ann),
    did('desk', '2026-11-06 11:00 view', ann),
  ]);

  expect((await readSettledDays(engine.reader, 'merged', 'UTC')).map(({ day }) => day)).toEqual([
    '2026-11-02',
    '2026-11-03',
  ]);
  expect(people(await ask('merged'))).toEqual([1, 1, 0]);
});

test('an order that is told on a settled day and again later counts once', async () => {
  const order = { ...bought, orderId: 'o1' };
  await openShop(
    'order',
    did('ann', '2026-11-02 10:00 view'),
    did('ann', '2026-11-02 10:01 cart'),
    did('ann', '2026-11-02 10:02 buy', { ...order, receivedMs: at('2026-11-02 10:02') }),
    did('ben', '2026-11-02 10:00 view'),
    did('ben', '2026-11-02 10:01 cart'),
    did('ben', '2026-11-02 10:03 buy', { ...order, receivedMs: at('2026-11-02 10:03') }),
  );
  await putEvents(engine, 'order', [
    did('cat', '2026-11-04 10:00 view'),
    did('cat', '2026-11-04 10:01 cart'),
    did('cat', '2026-11-04 10:02 buy', { ...order, receivedMs: at('2026-11-04 10:02') }),
  ]);

  const answer = await ask('order');
  expect(people(answer)).toEqual([3, 3, 3]);
  expect(revenue(answer)[2]).toEqual([{ currency: 'EUR', amount: 19.99 }]);
});

test('what a rule excludes afterwards does not count, though it is stored', async () => {
  await openShop('ruled', did('ann', '2026-11-02 10:00 /shop'), did('ann', '2026-11-02 10:01 cart'));
  expect(people(await ask('ruled', PAGES))).toEqual([1, 1, 0]);

  const rule = { reason: 'path', page: { match: 'exact', path: '/shop' } };
  await engine.storage.insert('catalogue_rules', [
    { site_id: 'ruled', kind: 'exclusion', name: 'e1', rule: JSON.stringify(rule), updated_time: clock },
  ]);

  expect(people(await ask('ruled', PAGES))).toEqual([0, 0, 0]);
});

async function storedOf(siteId: string): Promise<Record<string, number>> {
  const { rows } = await engine.storage.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'settled%' ORDER BY name",
  );
  const counts = rows.map(async ({ name }): Promise<[string, number]> => {
    const counted = await engine.storage.query<{ rows: number }>(
      'SELECT count() AS rows FROM {table:Identifier} WHERE site_id = {site:String}',
      { parameters: { table: name, site: siteId } },
    );
    return [name, counted.rows[0]?.rows ?? 0];
  });
  return Object.fromEntries(await Promise.all(counts));
}

test('after a deletion, and past their retention, no table of settled days holds anything of the events', async () => {
  const events = [did('ann', '2026-11-02 00:01 view'), did('ann', '2026-11-02 12:00 cart')];
  await openShop('deleted', ...events);
  expect(Object.values(await storedOf('deleted')).every((rows) => rows > 0)).toBe(true);
  await unsettle(engine.storage, 'deleted');
  expect(Object.values(await storedOf('deleted')).every((rows) => rows === 0)).toBe(true);

  await openShop('kept-30-days', ...events);
  const settings = JSON.stringify({ retentionDays: 30 });
  await engine.storage.insert('sites', [
    { site_id: 'kept-30-days', name: 'x', time_zone: 'UTC', settings, updated_time: clock },
  ]);
  const sites = await createSites({ storage: engine.storage, now: () => clock });
  const retention = keepRetention({ storage: engine.storage, sites, now: () => clock, log: () => {} });
  await retention.enforce();
  retention.close();
  sites.close();
  expect(Object.values(await storedOf('kept-30-days')).every((rows) => rows === 0)).toBe(true);
});

/** Two names whose words are the same but for the time: the lowest 22 bits of their CRC-32 agree. */
function twinNames(): [string, string] {
  const known = new Map<number, string>();
  for (let number = 0; ; number += 1) {
    const name = `deed ${number}`;
    const twin = known.get(codeOfName(name));
    if (twin !== undefined) return [twin, name];
    known.set(codeOfName(name), name);
  }
}

test('a name that a word cannot tell from another one counts as itself alone', async () => {
  const [cart, twin] = twinNames();
  await openShop(
    'twins',
    did('ann', '2026-11-02 10:00 view'),
    did('ann', `2026-11-02 10:01 ${cart}`),
    did('ben', '2026-11-02 10:00 view'),
    did('ben', `2026-11-02 10:01 ${twin}`),
  );
  const steps = [{ event: 'view' }, { event: cart }];
  for (const order of ['ordered', 'strict', 'any'])
    expect(people(await ask('twins', { steps, order })), order).toEqual([2, 1]);
  expect(people(await ask('twins', { steps: [...steps, { event: twin }] }))).toEqual([2, 1, 0]);
});

test('names beyond the most frequent of a day count as well, and what they brought', async () => {
  const many = Array.from({ length: 80 }, (_, number) =>
    did('bot', `2026-11-02 09:00 common ${number % 40}`),
  );
  await openShop(
    'rare',
    ...many,
    did('ann', '2026-11-02 10:00 common 1'),
    did('ann', '2026-11-02 10:01 rare cart'),
    did('ann', '2026-11-03 10:02 rare buy', bought),
    did('ben', '2026-11-02 10:00 common 2'),
    did('ben', '2026-11-02 10:01 rare buy', bought),
    did('cat', '2026-11-02 10:00 common 1'),
    did('cat', '2026-11-02 10:01 rare look'),
    did('cat', '2026-11-02 10:02 rare cart'),
  );
  await putEvents(engine, 'rare', [
    did('cat', '2026-11-04 10:00 rare buy', { ...bought, revenueCents: 500 }),
  ]);
  const texts: string[] = [];
  const reader = {
    query: <Row>(sql: string, options = {}) => {
      texts.push(sql);
      return engine.reader.query<Row>(sql, options);
    },
    stream: () => Promise.reject(new Error('Node was to decide')),
  };

  const steps = [{ event: 'common 1' }, { event: 'rare cart' }, { event: 'rare buy' }];
  const answer = await ask('rare', { steps }, reader);
  expect(
    texts.some((text) => /_days\(.*long_words/s.test(text)),
    'asked by words',
  ).toBe(true);
  expect(people(answer)).toEqual([3, 2, 2]);
  expect(revenue(answer)[2]).toEqual([{ currency: 'EUR', amount: 24.99 }]);
  expect(people(await ask('rare', { steps, order: 'strict' }, reader))).toEqual([3, 1, 1]);
  expect(
    people(
      await ask('rare', { steps: steps.slice(0, 1).concat({ event: 'common 2' }), order: 'any' }, reader),
    ),
  ).toEqual([4, 1]);
});

test('a day with more names than are listed counts them as well', async () => {
  const many = Array.from({ length: 2_100 }, (_, number) => did('bot', `2026-11-02 09:00 made up ${number}`));
  await openShop('names', ...many, did('ann', '2026-11-02 10:00 view'), did('ann', '2026-11-02 10:01 cart'));
  expect(people(await ask('names'))).toEqual([1, 1, 0]);
});

test('two who settle at the same time store each day once', async () => {
  await engine.storage.insert('sites', [{ site_id: 'at-once', name: 'x', time_zone: 'UTC' }]);
  await putEvents(engine, 'at-once', [did('ann', '2026-11-02 10:00 view')]);
  const settling = keepSettling({
    ...{ storage: engine.storage, now: () => clock, log: () => {} },
    ...{ quietMs: Number.NEGATIVE_INFINITY, leastEvents: 1 },
  });
  await Promise.all([settling.settleAll(), settling.settleAll()]).finally(() => settling.close());
  expect(await storedOf('at-once')).toMatchObject({ settled_days: 1, settled_visitors: 1 });
});

test('every kind of event is stored as a deed, or known to be none', async () => {
  const { rows } = await engine.storage.query<{ table: string; type: string }>(
    "SELECT table, type FROM system.columns WHERE database = currentDatabase() AND ((table = 'events' AND name = 'kind') OR name = 'deeds.kind') ORDER BY table",
  );
  const [all, stored] = rows.map(({ type }) => [...type.matchAll(/'(\w+)' = \d+/g)].map((one) => one[1]));
  expect([...(stored ?? []), ...NO_DEEDS].sort()).toEqual([...(all ?? [])].sort());
});
