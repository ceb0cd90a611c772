import { afterAll, beforeAll, expect, test } from 'vitest';
import { breakdown } from '../../../dashboards/reports/breakdown/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  await putEvents(engine, 'shop', [
    // Ann comes by Google and buys; the next day she returns by newsletter and only looks.
    { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/', source: 'google', country: 'DE' },
    { visitor: 'ann', timeMs: at('2026-11-02 10:01'), path: '/pricing' },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:01:30'),
      kind: 'engagement',
      path: '/pricing',
      engagedMs: 9_000,
      scrollPercent: 80,
    },
    { visitor: 'ann', timeMs: at('2026-11-02 10:02'), path: '/thanks' },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:02'),
      name: 'purchase',
      path: '/thanks',
      revenueCents: 1999,
      currency: 'EUR',
      orderId: '1',
    },
    // The page is reloaded: the same order again.
    { visitor: 'ann', timeMs: at('2026-11-02 10:03'), path: '/thanks' },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:03'),
      name: 'purchase',
      path: '/thanks',
      revenueCents: 1999,
      currency: 'EUR',
      orderId: '1',
    },
    { visitor: 'ann', timeMs: at('2026-11-03 10:00'), path: '/', source: 'newsletter', country: 'DE' },
    // Ben bounces.
    { visitor: 'ben', timeMs: at('2026-11-02 10:00'), path: '/', source: 'google', country: 'AT' },
    // Cat buys through the shop's server, hours after her visit.
    {
      visitor: 'cat',
      timeMs: at('2026-11-02 09:00'),
      path: '/pricing',
      source: '',
      country: 'AT',
      userId: 'cat',
    },
    {
      visitor: 'user:cat',
      isLasting: false,
      timeMs: at('2026-11-02 15:00'),
      name: 'purchase',
      revenueCents: 500,
      currency: 'USD',
      userId: 'cat',
      sentBy: 'server',
    },
  ]);
});
afterAll(() => engine.stop());

const period = { from: '2026-11-02', to: '2026-11-03' };
const goal = { event: 'purchase' };
const ask = (parameters: object) =>
  askReport(engine, 'shop', breakdown, { period, ...parameters }, { nowMs: at('2026-11-22 12:00') });

test('by source, a person may stand in several rows, and the total is not their sum', async () => {
  const { rows, totals } = await ask({ dimension: 'source' });

  expect(rows.map((row) => [row.value, row.visitors, row.sessions, row.page_views, row.bounce_rate])).toEqual(
    [
      ['google', 2, 2, 5, 0.5],
      ['', 1, 1, 1, 1],
      ['newsletter', 1, 1, 1, 1],
    ],
  );
  expect(totals).toMatchObject({ visitors: 3, sessions: 4, page_views: 7, bounce_rate: 0.75, total_rows: 1 });
  expect(rows[0]?.total_rows).toBe(3);
});

test('by page, with entries, exits, engaged time and scroll depth', async () => {
  const { rows } = await ask({ dimension: 'page' });

  expect(
    rows.map((row) => [
      row.value,
      row.visitors,
      row.sessions,
      row.page_views,
      row.entries,
      row.exits,
      row.exit_rate,
    ]),
  ).toEqual([
    ['/', 2, 3, 3, 3, 2, 2 / 3],
    ['/pricing', 2, 2, 2, 1, 1, 0.5],
    ['/thanks', 1, 1, 2, 0, 1, 0.5],
  ]);
  // Ann read /pricing for 9 s and scrolled to 80 %, Cat looked at it without either.
  expect(rows.map((row) => [row.value, row.events, row.engaged_per_view_ms, row.scroll_percent])).toEqual([
    ['/', 3, 0, 0],
    ['/pricing', 2, 4_500, 40],
    ['/thanks', 2, 0, 0],
  ]);
});

test('engaged time counts on the page where it was measured, and only in sessions that viewed it in the period', async () => {
  await putEvents(engine, 'readers', [
    // Dan reads on past midnight: his page view is of the day before.
    { visitor: 'dan', timeMs: at('2026-11-01 23:50'), path: '/long' },
    { visitor: 'dan', timeMs: at('2026-11-02 00:05'), kind: 'engagement', path: '/long', engagedMs: 50_000 },
    { visitor: 'dan', timeMs: at('2026-11-02 00:06'), path: '/short' },
    { visitor: 'dan', timeMs: at('2026-11-02 00:07'), kind: 'engagement', path: '/short', engagedMs: 6_000 },
    { visitor: 'eve', timeMs: at('2026-11-02 10:00'), path: '/long' },
    { visitor: 'eve', timeMs: at('2026-11-02 10:01'), kind: 'engagement', path: '/long', engagedMs: 20_000 },
    { visitor: 'eve', timeMs: at('2026-11-02 10:02'), kind: 'engagement', path: '/long', engagedMs: 3_000 },
  ]);
  const askReaders = async (dimension: string) => {
    const { rows } = await askReport(
      engine,
      'readers',
      breakdown,
      { period, dimension },
      { nowMs: at('2026-11-22 12:00') },
    );
    return rows.map((row) => [row.value, row.visitors, row.page_views, row.engaged_per_view_ms]);
  };

  expect(await askReaders('page')).toEqual([
    ['/long', 1, 1, 23_000],
    ['/short', 1, 1, 6_000],
  ]);
  // An engagement event knows no title: none is better than a wrong one.
  expect((await askReaders('title')).map((row) => row[3])).toEqual([null]);
});

test('by entry page and exit page', async () => {
  const entries = await ask({ dimension: 'entry_page' });
  const exits = await ask({ dimension: 'exit_page' });

  expect(entries.rows.map((row) => [row.value, row.sessions])).toEqual([
    ['/', 3],
    ['/pricing', 1],
  ]);
  expect(exits.rows.map((row) => [row.value, row.sessions])).toEqual([
    ['/', 2],
    ['/pricing', 1],
    ['/thanks', 1],
  ]);
});

test('a page has an exit rate, a session has none: its page views are not those of the page where it ended', async () => {
  for (const dimension of ['exit_page', 'entry_page', 'source']) {
    const { rows } = await ask({ dimension });
    expect(new Set(rows.map((row) => row.exit_rate))).toEqual(new Set([null]));
  }
  const sorted = await ask({ dimension: 'page', orderBy: 'exit_rate' });

  // Ann's two visits and Ben's end on /thanks and /, Cat's on /pricing: exits ÷ page views of the page itself.
  expect(sorted.rows.map((row) => [row.value, row.exits, row.page_views, row.exit_rate])).toEqual([
    ['/', 2, 3, 2 / 3],
    ['/pricing', 1, 2, 0.5],
    ['/thanks', 1, 2, 0.5],
  ]);
});

test('a goal turns every breakdown into a conversion report; orders count once, currencies stay apart', async () => {
  const { rows, totals } = await ask({ dimension: 'source', goal });

  expect(
    rows.map((row) => [
      row.value,
      row.visitors,
      row.conversions,
      row.conversion_rate,
      row.goal_events,
      row.revenue,
    ]),
  ).toEqual([
    ['google', 2, 1, 0.5, 1, [{ currency: 'EUR', amount: 19.99 }]],
    ['', 1, 1, 1, 1, [{ currency: 'USD', amount: 5 }]],
    ['newsletter', 1, 0, 0, 0, []],
  ]);
  expect(totals).toMatchObject({
    visitors: 3,
    conversions: 2,
    goal_events: 2,
    revenue: [
      { currency: 'EUR', amount: 19.99 },
      { currency: 'USD', amount: 5 },
    ],
  });
  // Newcombe 1998 by hand: 1 of 2.
  expect(rows[0]?.rate_low).toBeCloseTo(0.0945, 3);
  expect(rows[0]?.rate_high).toBeCloseTo(0.9055, 3);
});

test('a page counts the conversions of the sessions that saw it', async () => {
  const { rows } = await ask({ dimension: 'page', goal, orderBy: 'value', direction: 'ascending' });

  expect(rows.map((row) => [row.value, row.visitors, row.conversions])).toEqual([
    ['/', 2, 1],
    ['/pricing', 2, 2],
    ['/thanks', 1, 1],
  ]);
});

test('rows are searched, ordered, paged', async () => {
  const pages = await ask({
    dimension: 'page',
    orderBy: 'page_views',
    direction: 'ascending',
    limit: 1,
    offset: 1,
  });
  const found = await ask({ dimension: 'page', search: 'PRI' });

  expect(pages.rows.map((row) => row.value)).toEqual(['/thanks']);
  expect(pages.rows[0]?.total_rows).toBe(3);
  expect(found.rows.map((row) => row.value)).toEqual(['/pricing']);
  expect(found.totals?.visitors).toBe(3);
});

test('compared rows are those of the values shown', async () => {
  const { rows, compared_rows: compared } = await ask({
    dimension: 'country',
    period: { from: '2026-11-03', to: '2026-11-03' },
    comparison: { mode: 'previous_period' },
  });

  expect(rows.map((row) => [row.value, row.visitors])).toEqual([['DE', 1]]);
  expect(compared?.map((row) => [row.value, row.visitors])).toEqual([['DE', 1]]);
});

test('by event and property', async () => {
  await putEvents(engine, 'props', [
    { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/' },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:01'),
      name: 'signup',
      texts: { plan: 'pro' },
      numbers: { seats: 3 },
    },
    {
      visitor: 'ben',
      timeMs: at('2026-11-02 10:01'),
      name: 'signup',
      texts: { plan: 'free' },
      numbers: { seats: 3 },
    },
    { visitor: 'ben', timeMs: at('2026-11-02 10:02'), name: 'login' },
  ]);
  const askProps = async (dimension: string) =>
    (
      await askReport(engine, 'props', breakdown, { period, dimension }, { nowMs: at('2026-11-22 12:00') })
    ).rows.map((row) => [row.value, row.visitors, row.events]);

  expect(await askProps('event')).toEqual([
    ['signup', 2, 2],
    ['login', 1, 1],
  ]);
  expect(await askProps('property:plan')).toEqual([
    ['free', 1, 1],
    ['pro', 1, 1],
  ]);
  expect(await askProps('property:seats')).toEqual([['3', 2, 2]]);
});

// Which of the events of one moment comes first nobody knows, and two sorts of them need not agree.
test('events of one millisecond are of the session that they begin, however many, with and without a server’s', async () => {
  const visitors = Array.from({ length: 40 }, (_, number) => `v${number}`);
  const ofVisitor = (visitor: string) => {
    const timeMs = at('2026-11-02 10:00') + visitors.indexOf(visitor) * 60_000;
    return Array.from({ length: 50 }, () => ({ visitor, timeMs, name: 'many', kind: 'custom' as const }));
  };
  const ask = () =>
    askReport(
      engine,
      'at-once',
      breakdown,
      {
        ...{ period: { from: '2026-11-02', to: '2026-11-02' }, dimension: 'page' },
      },
      { nowMs: at('2026-11-05 00:00') },
    );

  for (const visitor of visitors) await putEvents(engine, 'at-once', ofVisitor(visitor));
  expect((await ask()).totals).toMatchObject({ visitors: 40, sessions: 40, events: 2_000 });

  const server = { visitor: 'v0', timeMs: at('2026-11-02 10:00'), name: 'paid', sentBy: 'server' as const };
  await putEvents(engine, 'at-once', [server]);
  expect((await ask()).totals).toMatchObject({ visitors: 40, sessions: 40, events: 2_000 });
});
