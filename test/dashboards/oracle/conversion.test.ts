import { expect, test } from 'vitest';
import { conversionOf, wilson95 } from './conversion.ts';
import { eventsOf, type World } from './world.ts';

const goal = [{ event: 'Buy' }];
const period = { fromMs: 0, toMs: 1_000 };

test('the Wilson interval is that of the textbook', () => {
  // Newcombe 1998, table I, method 3: 81 of 263 and 0 of 20.
  expect(wilson95(81, 263)?.low).toBeCloseTo(0.2553, 4);
  expect(wilson95(81, 263)?.high).toBeCloseTo(0.3662, 4);
  expect(wilson95(0, 20)?.low).toBe(0);
  expect(wilson95(0, 20)?.high).toBeCloseTo(0.1611, 4);
});

test('of nobody there is no rate and no interval', () => {
  const world: World = { events: [], nowMs: 0, timeZone: 'UTC' };
  expect(conversionOf(world, { goal, period })).toMatchObject({ people: 0, rate: null, interval: null });
});

test('persons convert once, orders count once, currencies stay apart', () => {
  const order = { name: 'Buy', revenueCents: 500, currency: 'EUR' };
  const world: World = {
    events: eventsOf([
      { visitor: 'ann', ...order, timeMs: 1, orderId: '1' },
      { visitor: 'ann', ...order, timeMs: 2, orderId: '1' },
      { visitor: 'ann', ...order, timeMs: 3, orderId: '2', currency: 'USD' },
      { visitor: 'ben', path: '/', timeMs: 4 },
      { visitor: 'cat', ...order, timeMs: 1_000 },
    ]),
    nowMs: 5_000,
    timeZone: 'UTC',
  };

  expect(conversionOf(world, { goal, period })).toMatchObject({
    people: 2,
    converted: 1,
    rate: 0.5,
    conversions: 2,
    revenue: { EUR: 500, USD: 500 },
  });
});

test('a page filter keeps the goal on another page of the same session', () => {
  const world: World = {
    events: eventsOf([
      { visitor: 'ann', path: '/pricing', timeMs: 1 },
      { visitor: 'ann', name: 'Buy', path: '/thanks', timeMs: 2 },
      { visitor: 'ben', path: '/pricing', timeMs: 1 },
      { visitor: 'cat', name: 'Buy', path: '/thanks', timeMs: 1 },
    ]),
    nowMs: 5_000,
    timeZone: 'UTC',
  };
  const filter = { contains: [{ page: { match: 'exact' as const, path: '/pricing' } }] };

  expect(conversionOf(world, { goal, period, filter })).toMatchObject({ people: 2, converted: 1 });
});
