import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversion } from '../../../dashboards/reports/conversion/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/pricing', source: 'google' },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:02'),
      name: 'purchase',
      path: '/thanks',
      revenueCents: 2000,
      currency: 'EUR',
      orderId: '1',
    },
    {
      visitor: 'ann',
      timeMs: at('2026-11-03 10:02'),
      name: 'purchase',
      path: '/thanks',
      revenueCents: 1000,
      currency: 'EUR',
      orderId: '2',
    },
    { visitor: 'ben', timeMs: at('2026-11-02 10:00'), path: '/pricing', source: 'bing' },
    { visitor: 'cat', timeMs: at('2026-11-02 11:00'), path: '/', source: 'google' },
    {
      visitor: 'cat',
      timeMs: at('2026-11-02 11:00:30'),
      kind: 'engagement',
      path: '/',
      engagedMs: 20_000,
      scrollPercent: 90,
    },
    // Of Dan only the shop's server tells, by his user id.
    {
      visitor: 'user:dan',
      isLasting: false,
      timeMs: at('2026-11-02 15:00'),
      name: 'purchase',
      revenueCents: 500,
      currency: 'USD',
      userId: 'dan',
      sentBy: 'server',
    },
  ]);
});
afterAll(() => engine.stop());

const period = { from: '2026-11-02', to: '2026-11-03' };
const goal = { event: 'purchase' };
const ask = (parameters: object) =>
  askReport(engine, 'shop', conversion, { period, goal, ...parameters }, { nowMs: at('2026-11-22 12:00') });

test('persons who converted ÷ persons, with the revenue by currency and the average order', async () => {
  const { totals, rows } = await ask({});

  expect(rows).toEqual([]);
  expect(totals).toMatchObject({
    visitors: 4,
    conversions: 2,
    conversion_rate: 0.5,
    goal_events: 3,
    orders: 3,
    revenue: [
      { currency: 'EUR', amount: 30 },
      { currency: 'USD', amount: 5 },
    ],
    average_order_value: [
      { currency: 'EUR', amount: 15 },
      { currency: 'USD', amount: 5 },
    ],
  });
});

test('a page filter chooses sessions and does not hide the goal on another page', async () => {
  const { totals } = await ask({ filters: [{ field: 'page', operator: 'is', values: ['/pricing'] }] });

  expect(totals).toMatchObject({ visitors: 2, conversions: 1, goal_events: 1 });
});

test('of nobody there is no rate', async () => {
  const { totals } = await ask({ filters: [{ field: 'source', operator: 'is', values: ['nowhere'] }] });

  expect(totals ?? { visitors: 0, conversion_rate: null }).toMatchObject({
    visitors: 0,
    conversion_rate: null,
  });
});

test('by source, by page and over time', async () => {
  const rowsOf = async (parameters: object) =>
    (await ask(parameters)).rows.map((row) => [row.value, row.visitors, row.conversions]);

  expect(await rowsOf({ dimension: 'source' })).toEqual([
    ['google', 2, 1],
    ['', 1, 1],
    ['bing', 1, 0],
  ]);
  expect(await rowsOf({ dimension: 'page' })).toEqual([
    ['/pricing', 2, 1],
    ['/', 1, 0],
  ]);
  expect(await rowsOf({ interval: 'day' })).toEqual([
    ['2026-11-02 00:00:00', 3, 1],
    ['2026-11-03 00:00:00', 1, 1],
  ]);
});

test('a goal may be a page, engaged time, scroll depth, or any of several', async () => {
  const conversionsOf = async (condition: object) => (await ask({ goal: condition })).totals?.conversions;

  expect(await conversionsOf({ page: { match: 'prefix', path: '/pri' } })).toBe(2);
  expect(await conversionsOf({ page: { match: 'wildcard', path: '/*ing' } })).toBe(2);
  expect(await conversionsOf({ engagedMs: 20_000 })).toBe(1);
  expect(await conversionsOf({ scrollPercent: 91 })).toBe(0);
  expect(await conversionsOf({ anyOf: [{ event: 'purchase' }, { engagedMs: 1 }] })).toBe(3);
});

test('a saved goal holds for the past as well', async () => {
  const goalId = '7f4d1c9e-0000-4000-8000-000000000001';
  await engine.storage.insert('goals', [
    { site_id: 'shop', goal_id: goalId, name: 'Buys', condition: JSON.stringify({ event: 'purchase' }) },
  ]);

  expect((await ask({ goal: goalId })).totals?.conversions).toBe(2);
});
