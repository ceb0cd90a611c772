import { expect, test } from 'vitest';
import type { FunnelStep } from './funnel.ts';
import {
  breakdownRows,
  conversionTimesMs,
  type FunnelRequest,
  funnelOutcomes,
  median,
  stepRows,
  trendRows,
} from './funnel-report.ts';
import { eventsOf, type World, type WorldEvent } from './world.ts';

const DAY_MS = 86_400_000;

function step(name: string, more: Partial<FunnelStep> = {}): FunnelStep {
  return { anyOf: [{ event: name }], isOptional: false, withinMs: undefined, ...more };
}

function request(more: Partial<FunnelRequest> = {}): FunnelRequest {
  return {
    steps: [step('View'), step('Cart'), step('Buy')],
    order: 'ordered',
    windowMs: DAY_MS,
    exclusions: [],
    isFirstTime: false,
    period: { fromMs: 0, toMs: 7 * DAY_MS },
    countBy: 'person',
    ...more,
  };
}

function worldOf(events: Partial<WorldEvent>[], nowMs = 30 * DAY_MS): World {
  return { events: eventsOf(events), nowMs, timeZone: 'UTC' };
}

/** Four visitors: one buys, one stops at the cart, one only looks, one has looked a moment ago. */
const shop = worldOf(
  [
    { visitor: 'ann', name: 'View', timeMs: 0 },
    { visitor: 'ann', name: 'Cart', timeMs: 1_000 },
    { visitor: 'ann', name: 'Buy', timeMs: 5_000, revenueCents: 1_999, currency: 'EUR', orderId: '1' },
    { visitor: 'ben', name: 'View', timeMs: 0 },
    { visitor: 'ben', name: 'Cart', timeMs: 3_000 },
    { visitor: 'cat', name: 'View', timeMs: DAY_MS },
    { visitor: 'dan', name: 'View', timeMs: 2 * DAY_MS },
  ],
  2 * DAY_MS + 1,
);

test('each bar has its people, rates, drop-off, times and revenue', () => {
  const rows = stepRows([...funnelOutcomes(shop, request()).values()], request(), shop);

  expect(rows).toEqual([
    {
      people: 4,
      shareOfFirst: 1,
      shareOfPrevious: null,
      dropOff: 1,
      stillConverting: 1,
      timesMs: [],
      medianMs: null,
      meanMs: null,
      revenue: {},
    },
    {
      people: 2,
      shareOfFirst: 0.5,
      shareOfPrevious: 0.5,
      dropOff: 1,
      stillConverting: 0,
      timesMs: [1_000, 3_000],
      medianMs: 2_000,
      meanMs: 2_000,
      revenue: {},
    },
    {
      people: 1,
      shareOfFirst: 0.25,
      shareOfPrevious: 0.5,
      dropOff: 0,
      stillConverting: 0,
      timesMs: [4_000],
      medianMs: 4_000,
      meanMs: 4_000,
      revenue: { EUR: 1_999 },
    },
  ]);
});

test('the people behind the bars are named', () => {
  const outcomes = funnelOutcomes(shop, request());
  const reached = [...outcomes].map(([unit, outcome]) => `${unit} ${outcome.reached}`);

  expect(reached).toEqual(['visitor:ann 3', 'visitor:ben 2', 'visitor:cat 1', 'visitor:dan 1']);
  expect(conversionTimesMs([...outcomes.values()])).toEqual([5_000]);
});

test('the trend counts by the day of entry, empty days too', () => {
  const rows = trendRows(
    [...funnelOutcomes(shop, request()).values()],
    'day',
    request({ period: { fromMs: 0, toMs: 4 * DAY_MS } }),
    shop,
  );

  expect(rows).toEqual([
    { startMs: 0, entered: 2, converted: 1, stillConverting: 0 },
    { startMs: DAY_MS, entered: 1, converted: 0, stillConverting: 0 },
    { startMs: 2 * DAY_MS, entered: 1, converted: 0, stillConverting: 1 },
    { startMs: 3 * DAY_MS, entered: 0, converted: 0, stillConverting: 0 },
  ]);
});

test('an optional bar counts who filled it, and the next rate refers to the previous required step', () => {
  const asked = request({ steps: [step('View'), step('Cart', { isOptional: true }), step('Buy')] });
  const world = worldOf([
    { visitor: 'ann', name: 'View', timeMs: 0 },
    { visitor: 'ann', name: 'Buy', timeMs: 1 },
    { visitor: 'ben', name: 'View', timeMs: 0 },
    { visitor: 'ben', name: 'Cart', timeMs: 1 },
    { visitor: 'ben', name: 'Buy', timeMs: 5 },
  ]);
  const rows = stepRows([...funnelOutcomes(world, asked).values()], asked, world);

  expect(rows.map((row) => [row.people, row.shareOfPrevious])).toEqual([
    [2, null],
    [1, 0.5],
    [2, 1],
  ]);
  // Ann comes to Buy from View, Ben from Cart.
  expect(rows[2]?.timesMs).toEqual([1, 4]);
});

test('a person on two devices is one, their sessions are two', () => {
  const world = worldOf([
    { visitor: 'phone', name: 'View', timeMs: 0, userId: 'ada' },
    { visitor: 'laptop', name: 'Cart', timeMs: 1, userId: 'ada' },
    { visitor: 'laptop', name: 'View', timeMs: 2, userId: 'ada' },
  ]);
  const reached = (countBy: FunnelRequest['countBy']) =>
    [...funnelOutcomes(world, request({ countBy }))].map(([unit, outcome]) => `${unit} ${outcome.reached}`);

  expect(reached('person')).toEqual(['user:ada 2']);
  expect(reached('session')).toEqual(['phone 0 1', 'laptop 1 1']);
  expect(reached('account')).toEqual([]);
});

test('a purchase sent from Node closes the funnel that a browser began', () => {
  const world = worldOf([
    { visitor: 'phone', name: 'View', timeMs: 0 },
    { visitor: 'phone', name: 'Cart', timeMs: 1 },
    { visitor: 'phone', kind: 'identify', timeMs: 2, userId: 'ada' },
    { visitor: 'user:ada', isLasting: false, name: 'Buy', timeMs: 3, userId: 'ada', sentBy: 'server' },
  ]);

  expect(funnelOutcomes(world, request()).get('user:ada')?.isConverted).toBe(true);
});

test('one order brings its revenue once, where it was received first', () => {
  const world = worldOf([
    { visitor: 'ann', name: 'View', timeMs: 0 },
    { visitor: 'ann', name: 'Cart', timeMs: 1 },
    {
      visitor: 'ann',
      name: 'Buy',
      timeMs: 2,
      receivedMs: 100,
      revenueCents: 500,
      currency: 'EUR',
      orderId: '1',
    },
    {
      visitor: 'node',
      name: 'Buy',
      timeMs: 3,
      receivedMs: 50,
      revenueCents: 500,
      currency: 'EUR',
      orderId: '1',
    },
    { visitor: 'ann', name: 'View', timeMs: 10 },
    { visitor: 'ann', name: 'Cart', timeMs: 11 },
    { visitor: 'ann', name: 'Buy', timeMs: 12, revenueCents: 700, currency: 'EUR', orderId: '2' },
  ]);
  const revenue = (period: FunnelRequest['period']) =>
    stepRows([...funnelOutcomes(world, request({ period })).values()], request({ period }), world)[2]
      ?.revenue;

  expect(revenue({ fromMs: 0, toMs: 100 })).toEqual({ EUR: 700 });
  expect(funnelOutcomes(world, request()).get('visitor:ann')?.startMs).toBe(10);
});

test('a filter selects sessions that contain the page and never hides the later steps in them', () => {
  const world = worldOf([
    { visitor: 'ann', name: 'View', timeMs: 0 },
    { visitor: 'ann', path: '/pricing', timeMs: 1 },
    { visitor: 'ann', name: 'Cart', timeMs: 2 },
    { visitor: 'ben', name: 'View', timeMs: 0 },
    { visitor: 'ben', name: 'Cart', timeMs: 2 },
  ]);
  const filter = { contains: [{ page: { match: 'exact' as const, path: '/pricing' } }] };

  expect(
    [...funnelOutcomes(world, request({ filter }))].map(([unit, { reached }]) => [unit, reached]),
  ).toEqual([['visitor:ann', 2]]);
});

test('a breakdown by first, last, all and step n puts a person where the touch says', () => {
  const world = worldOf([
    { visitor: 'ann', name: 'View', timeMs: 0, texts: { plan: 'free' } },
    { visitor: 'ann', name: 'Cart', timeMs: 1, texts: { plan: 'pro' } },
    { visitor: 'ann', name: 'Buy', timeMs: 2 },
    { visitor: 'ben', name: 'View', timeMs: 0 },
  ]);
  const outcomes = [...funnelOutcomes(world, request()).values()];
  const rows = (attribution: Parameters<typeof breakdownRows>[2]) =>
    [...breakdownRows(outcomes, { property: 'plan' }, attribution, world)].map(([value, own]) => [
      value,
      own.length,
    ]);

  expect(rows('first')).toEqual([
    ['free', 1],
    ['', 1],
  ]);
  expect(rows('last')).toEqual([
    ['pro', 1],
    ['', 1],
  ]);
  expect(rows('all')).toEqual([
    ['free', 1],
    ['pro', 1],
    ['', 1],
  ]);
  expect(rows({ step: 2 })).toEqual([['', 2]]);
});

test('test events and bots are nobody', () => {
  const world = worldOf([
    { visitor: 'ann', name: 'View', timeMs: 0, isTest: true },
    { visitor: 'bot', name: 'View', timeMs: 0, isBot: true },
  ]);

  expect(funnelOutcomes(world, request()).size).toBe(0);
});

test('the median of an even number is between the two in the middle', () => {
  expect([median([]), median([4]), median([1, 2, 4, 9])]).toEqual([null, 4, 3]);
});
