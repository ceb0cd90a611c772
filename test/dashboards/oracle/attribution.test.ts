import { expect, test } from 'vitest';
import { type AttributionModel, attributionOf } from './attribution.ts';
import { eventsOf, type World } from './world.ts';

const HOUR_MS = 3_600_000;
const visit = (hour: number, source: string) => ({ path: '/', timeMs: hour * HOUR_MS, source });

/** Three sessions an hour apart, then an order worth 10.00 two hours after the last. */
const world: World = {
  events: eventsOf([
    visit(0, 'google'),
    visit(1, 'newsletter'),
    visit(2, ''),
    {
      name: 'Buy',
      sentBy: 'server',
      timeMs: 4 * HOUR_MS,
      revenueCents: 1_000,
      currency: 'EUR',
      orderId: '1',
    },
    {
      name: 'Buy',
      sentBy: 'server',
      timeMs: 5 * HOUR_MS,
      revenueCents: 1_000,
      currency: 'EUR',
      orderId: '1',
    },
  ]),
  nowMs: 100 * HOUR_MS,
  timeZone: 'UTC',
};

function credit(model: AttributionModel, lookBackHours = 24) {
  const credits = attributionOf(world, {
    goal: [{ event: 'Buy' }],
    model,
    lookBackMs: lookBackHours * HOUR_MS,
    period: { fromMs: 0, toMs: 100 * HOUR_MS },
  });
  return Object.fromEntries(
    [...credits].map(([source, { revenue }]) => [source || 'direct', Math.round(revenue.EUR ?? 0)]),
  );
}

test('each model divides one order among the sessions before it', () => {
  expect(credit('first')).toEqual({ google: 1_000 });
  expect(credit('last')).toEqual({ direct: 1_000 });
  expect(credit('last_non_direct')).toEqual({ newsletter: 1_000 });
  expect(credit('linear')).toEqual({ google: 333, newsletter: 333, direct: 333 });
  expect(credit('position')).toEqual({ google: 400, newsletter: 200, direct: 400 });
  // One hour of half-life: weights 1/16, 1/8, 1/4 of 7/16.
  expect(credit({ decayHalfLifeMs: HOUR_MS })).toEqual({ google: 143, newsletter: 286, direct: 571 });
});

test('the look-back window counts from the conversion to the start of the session, inclusive', () => {
  expect(credit('first', 3)).toEqual({ newsletter: 1_000 });
  expect(credit('first', 2.9)).toEqual({ direct: 1_000 });
  expect(credit('first', 1)).toEqual({ direct: 1_000 });
});
