/** Stored sessions of settled days against the same sessions derived from events. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillViewsAgain } from '../../../collector/insert/derived.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { breakdown } from '../../../dashboards/reports/breakdown/report.ts';
import { conversion } from '../../../dashboards/reports/conversion/report.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { keepSettling } from '../../../dashboards/reports/settled/keep-settling.ts';
import { readSettledDays } from '../../../dashboards/reports/settled/settled-days.ts';
import { askReport, at, putEvents } from './ask.ts';
import { askedIn, type Case, startWorlds, type Worlds } from './worlds.ts';

let worlds: Worlds;
beforeAll(async () => {
  worlds = await startWorlds(4);
}, 120_000);
afterAll(() => worlds?.stop());

/** Long after the last event of every test. */
const LATER = at('2027-06-01 12:00');

/** Stands still while days are settled, and goes on before the next time. */
let clock = LATER;

async function settleAll(storage: Pick<Storage, 'query' | 'command'> = worlds.engine.storage): Promise<void> {
  clock += 60_000;
  const startedAt = clock;
  const settling = keepSettling({
    storage,
    now: () => startedAt,
    log: () => {},
    quietMs: Number.NEGATIVE_INFINITY,
    leastEvents: 1,
  });
  await settling.settleAll().finally(() => settling.close());
}

async function addSite(siteId: string, timeZone: string): Promise<void> {
  await worlds.engine.storage.insert('sites', [{ site_id: siteId, name: siteId, time_zone: timeZone }]);
}

const fromGoogle = { field: 'source', operator: 'is', values: ['google'] };
const notMobile = { field: 'device', operator: 'is_not', values: ['mobile'] };
const QUESTIONS = [
  { report: overview, asked: { interval: 'day', comparison: { mode: 'previous_period' } } },
  { report: overview, asked: { interval: 'week', filters: [fromGoogle] } },
  { report: breakdown, asked: { dimension: 'source', filters: [{ or: [fromGoogle, notMobile] }] } },
  { report: breakdown, asked: { dimension: 'page' } },
  { report: breakdown, asked: { dimension: 'exit_page' } },
  { report: breakdown, asked: { dimension: 'event' } },
] as const;

async function askAll(one: Case, siteId: string) {
  const answers = [];
  for (const { report, asked } of QUESTIONS) {
    const parameters = { period: one.days, ...asked };
    const { meta: _, ...answer } =
      report === overview
        ? await askReport(worlds.engine, siteId, overview, parameters, askedIn(one))
        : await askReport(worlds.engine, siteId, breakdown, parameters, askedIn(one));
    answers.push(answer);
  }
  return answers;
}

test('on random worlds, every answer is the same before and after its days are settled', async () => {
  const before = new Map<string, unknown>();
  await worlds.compareAll(async (one, siteId) => {
    await addSite(siteId, one.world.timeZone);
    before.set(siteId, await askAll(one, siteId));
    return { engine: 0, oracle: 0 };
  });

  await settleAll();

  await worlds.compareAll(async (one, siteId) => ({
    engine: await askAll(one, siteId),
    oracle: before.get(siteId),
  }));
  const { rows } = await worlds.engine.storage.query<{ kept: number }>(
    'SELECT least((SELECT count() FROM settled_sessions), (SELECT count() FROM settled_edges)) AS kept',
  );
  expect(rows[0]?.kept).toBeGreaterThan(0);
}, 600_000);

const period = { from: '2026-11-02', to: '2026-11-03' };
const askShop = async (siteId: string) => {
  const { totals } = await askReport(
    worlds.engine,
    siteId,
    overview,
    { period },
    { nowMs: LATER, site: { timeZone: 'Europe/Berlin' } },
  );
  return [totals?.visitors, totals?.sessions, totals?.page_views, totals?.session_duration_ms];
};
const settledDaysOf = async (siteId: string) =>
  (await readSettledDays(worlds.engine.reader, siteId, 'Europe/Berlin')).map(({ day }) => day);

/** Ann is here twice, 50 minutes apart; Ben looks at one page on either side of midnight in Berlin. */
async function openShop(siteId: string): Promise<void> {
  await addSite(siteId, 'Europe/Berlin');
  await putEvents(worlds.engine, siteId, [
    { number: 1, visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/' },
    { number: 2, visitor: 'ann', timeMs: at('2026-11-02 10:50'), path: '/pricing' },
    { number: 3, visitor: 'ben', timeMs: at('2026-11-02 22:50'), path: '/' },
    { number: 4, visitor: 'ben', timeMs: at('2026-11-02 23:10'), path: '/pricing' },
  ]);
}
const derived = [2, 3, 4, (20 * 60_000) / 3];
const bridge = [{ number: 5, visitor: 'ann', timeMs: at('2026-11-02 10:25'), path: '/late' }];
const bridged = [2, 2, 5, (70 * 60_000) / 2];

test('a late event that bridges two sessions of a settled day counts at once, and after it is settled again', async () => {
  await openShop('bridge');
  await settleAll();
  expect(await settledDaysOf('bridge')).toEqual(['2026-11-02', '2026-11-03']);
  expect(await askShop('bridge')).toEqual(derived);

  await putEvents(worlds.engine, 'bridge', bridge);
  expect(await settledDaysOf('bridge')).toEqual(['2026-11-03']);
  expect(await askShop('bridge')).toEqual(bridged);

  await settleAll();
  expect(await settledDaysOf('bridge')).toEqual(['2026-11-02', '2026-11-03']);
  expect(await askShop('bridge')).toEqual(bridged);
});

test('a batch whose views are filled twice, as a repeated insert does, changes no number', async () => {
  const siteId = 'filled-twice';
  await addSite(siteId, 'Europe/Berlin');
  const order = {
    kind: 'custom',
    name: 'purchase',
    order_id: 'o-1',
    revenue: '19.99',
    currency: 'EUR',
  } as const;
  const moments = ['2026-11-02 10:00', '2026-11-02 10:05', '2026-11-03 09:00', '2026-11-03 09:02'];
  await putEvents(
    worlds.engine,
    siteId,
    moments.map((moment, index) => ({
      number: index + 1,
      visitor: index < 2 ? 'ann' : 'ben',
      timeMs: at(moment),
      path: '/',
      extra: { batch_id: '77', ...(index % 2 === 1 && order) },
    })),
  );
  const askAbout = async () => {
    const when = { nowMs: LATER, site: { timeZone: 'Europe/Berlin' } };
    const total = await askReport(worlds.engine, siteId, overview, { period }, when);
    const byPage = await askReport(worlds.engine, siteId, breakdown, { period, dimension: 'page' }, when);
    const goal = { event: 'purchase' };
    const sales = await askReport(worlds.engine, siteId, conversion, { period, goal }, when);
    return [sales.totals, sales.rows, total.totals, total.rows, byPage.totals, byPage.rows];
  };
  const before = await askAbout();
  await settleAll();

  for (let times = 0; times < 2; times += 1) {
    await fillViewsAgain(worlds.engine.storage, '77');
    expect(await settledDaysOf(siteId)).toEqual([]);
    expect(await askAbout()).toEqual(before);
    await settleAll();
    expect(await settledDaysOf(siteId)).toEqual(['2026-11-02', '2026-11-03']);
    expect(await askAbout()).toEqual(before);
  }
  // Of the two purchases the second repeats the order of the first.
  expect(before.slice(0, 2).flat()).toContainEqual(
    expect.objectContaining({ visitors: 2, revenue: [{ currency: 'EUR', amount: 19.99 }] }),
  );
});

test('a session over midnight is one, also where only one of its days is settled', async () => {
  await openShop('midnight');
  await settleAll();
  await putEvents(worlds.engine, 'midnight', [
    { number: 6, visitor: 'ben', timeMs: at('2026-11-02 23:20'), path: '/thanks' },
  ]);

  expect(await settledDaysOf('midnight')).toEqual(['2026-11-02']);
  expect(await askShop('midnight')).toEqual([2, 3, 5, (30 * 60_000) / 3]);
});

test('who turns out to be a user after their day was settled is that user', async () => {
  await openShop('named');
  await settleAll();
  const named = { visitor: 'ann', isLasting: true, userId: 'ann@home' };
  await putEvents(worlds.engine, 'named', [
    { number: 7, ...named, timeMs: at('2026-11-05 10:00'), path: '/' },
    { number: 8, ...named, visitor: 'ben', timeMs: at('2026-11-05 11:00'), path: '/' },
  ]);

  expect(await settledDaysOf('named')).toEqual(['2026-11-02', '2026-11-03']);
  expect(await askShop('named')).toEqual([1, 3, 4, (20 * 60_000) / 3]);
});

test('another time zone makes other days: none of the old is taken for settled', async () => {
  await openShop('moved');
  await settleAll();

  expect(await readSettledDays(worlds.engine.reader, 'moved', 'Asia/Kolkata')).toEqual([]);
});

test.each([1, 2, 3, 4])(
  'settling that is killed at its step %i leaves the answers as they are, and is made good',
  async (step) => {
    const siteId = `killed-${step}`;
    await openShop(siteId);
    let steps = 0;
    const dying = {
      query: worlds.engine.storage.query,
      async command(text: string, options?: object) {
        await worlds.engine.storage.command(text, options);
        // The step itself has happened; whoever asked for it never hears of it.
        if (text.startsWith('INSERT') && ++steps === step) throw new Error('killed');
      },
    };

    await expect(settleAll(dying)).rejects.toThrow('killed');
    expect(await askShop(siteId)).toEqual(derived);

    await settleAll();
    expect(await settledDaysOf(siteId)).toEqual(['2026-11-02', '2026-11-03']);
    expect(await askShop(siteId)).toEqual(derived);
  },
);
