import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  type Definition,
  ENTRY_BIT,
  exclusionBit,
  OTHER_BIT,
} from '../../dashboards/reports/funnel/definition.ts';
import { createMachine } from '../../dashboards/reports/funnel/machine.ts';
import { matches } from './oracle/conditions.ts';
import { slots } from './oracle/funnel.ts';
import { type FunnelRequest, funnelOutcomes, unitsOf } from './oracle/funnel-report.ts';
import { arbitraryFunnelCase, type FunnelCase, type FunnelOptions } from './oracle/random-funnels.ts';
import { byTime, eventsOf, isInside, isInteractive, type WorldEvent } from './oracle/world.ts';

/** FC_RUNS asks for a longer run. */
const RUNS = Number(process.env.FC_RUNS ?? 500);
vi.setConfig({ testTimeout: 20_000 + RUNS * 100 });

/** What the machine says of each unit: how far, and when each bar was filled. */
function machineOutcomes({ world, request }: FunnelCase) {
  const definition = toDefinition(request);
  const decide = createMachine(definition);
  const base = Math.min(request.period.fromMs, ...world.events.map((event) => event.timeMs));
  const decided = [...unitsOf(world, request)].map(([unit, events]) => {
    const sorted = [...events].sort(byTime);
    const times = Float64Array.from(sorted, (event) => event.timeMs - base);
    const bits = Int32Array.from(sorted, (event) => toBits(event, request, definition));
    const { furthest, isExcluded, filled } = decide({ count: sorted.length, times, bits });
    const at = Array.from(filled, (event) => (event < 0 ? undefined : sorted[event]?.timeMs));
    const inOrderOfTime = at.filter((time) => time !== undefined).sort((a, b) => a - b);
    const filledAt = request.order === 'any' ? request.steps.map((_, place) => inOrderOfTime[place]) : at;
    return [unit, { reached: furthest + 1, isExcluded, filledAt }] as const;
  });
  return Object.fromEntries(
    decided
      .filter(([, { reached, isExcluded }]) => reached > 0 && !isExcluded)
      .map(([unit, { reached, filledAt }]) => [unit, { reached, filledAt }]),
  );
}

function oracleOutcomes({ world, request }: FunnelCase) {
  return Object.fromEntries(
    [...funnelOutcomes(world, request)].map(([unit, { reached, attempt }]) => [
      unit,
      { reached, filledAt: slots(attempt, request).map((event) => event?.timeMs) },
    ]),
  );
}

function toDefinition(request: FunnelRequest): Definition {
  return {
    steps: request.steps.map(({ isOptional, withinMs }) => ({
      isOptional,
      withinMs: withinMs ?? Number.POSITIVE_INFINITY,
    })),
    order: request.order,
    windowMs: request.windowMs,
    isFirstTime: request.isFirstTime,
    exclusions: request.exclusions,
  };
}

function toBits(event: WorldEvent, request: FunnelRequest, definition: Definition): number {
  const steps = request.steps.map((step, index) => (matches(event, step.anyOf) ? 1 << index : 0));
  const exclusions = request.exclusions.map((exclusion, index) =>
    matches(event, exclusion.anyOf) ? 1 << exclusionBit(definition, index) : 0,
  );
  const other = isInteractive(event) ? 1 << OTHER_BIT : 0;
  const entry = isInside(request.period, event.timeMs) ? 1 << ENTRY_BIT : 0;
  return [...steps, ...exclusions, other, entry].reduce((all, bit) => all | bit, 0);
}

function expectOracle(options: Partial<FunnelOptions>) {
  fc.assert(
    fc.property(arbitraryFunnelCase(options), (one) => {
      expect(machineOutcomes(one)).toEqual(oracleOutcomes(one));
    }),
    { numRuns: RUNS },
  );
}

test('ordered funnels end where the oracle says, at the same times', () =>
  expectOracle({ order: 'ordered' }));
test('strict funnels end where the oracle says, at the same times', () => expectOracle({ order: 'strict' }));
test('funnels in any order end where the oracle says, at the same times', () =>
  expectOracle({ order: 'any' }));

test('one crowded person with many ties is decided as the oracle does', () => {
  expectOracle({ maxSteps: 3, maxEvents: 14, countBy: 'account' });
});

const MINUTE_MS = 60_000;

/** What one visitor did, at minutes of the period: steps B, C, D within an hour; X between B and D excludes. */
function hourWithout(deeds: [minute: number, name: string][]): FunnelCase {
  const fromMs = Date.UTC(2026, 10, 2);
  const named = (event: string) => ({ anyOf: [{ event }] });
  return {
    world: {
      events: eventsOf(
        deeds.map(([minute, name]) => ({ visitor: 'v', name, timeMs: fromMs + minute * MINUTE_MS })),
      ),
      nowMs: fromMs + 30 * 24 * 60 * MINUTE_MS,
      timeZone: 'UTC',
    },
    request: {
      steps: ['B', 'C', 'D'].map((name) => ({ ...named(name), isOptional: false, withinMs: undefined })),
      order: 'ordered',
      windowMs: 60 * MINUTE_MS,
      exclusions: [{ ...named('X'), after: 0, before: 2 }],
      isFirstTime: false,
      period: { fromMs, toMs: fromMs + 24 * 60 * MINUTE_MS },
      countBy: 'person',
    },
  };
}

// Found by a run of 10,000: of the starts that reach a step, the machine knew the latest alone.
test.each<[why: string, deeds: [number, string][], start: number]>([
  [
    'the later start excluded',
    [
      [0, 'B'],
      [10, 'B'],
      [20, 'C'],
      [65, 'X'],
    ],
    0,
  ],
  [
    'a later start in one moment with its second step excluded',
    [
      [0, 'B'],
      [20, 'B'],
      [20, 'C'],
      [65, 'X'],
    ],
    0,
  ],
  [
    'two later ones excluded, of three that an early second step saw first',
    [
      [0, 'B'],
      [1, 'C'],
      [4, 'B'],
      [10, 'B'],
      [20, 'C'],
      [65, 'X'],
    ],
    4,
  ],
])('with %s, the latest start whose window had ended before rescues the person', (_, deeds, start) => {
  const one = hourWithout(deeds);

  const [outcome] = Object.values(machineOutcomes(one));

  expect(outcome).toEqual(Object.values(oracleOutcomes(one))[0]);
  expect(outcome).toMatchObject({ reached: 2 });
  expect(outcome?.filledAt[0]).toBe(one.request.period.fromMs + start * MINUTE_MS);
});
