import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FunnelRequest, funnelOutcomes, stepRows } from './funnel-report.ts';
import { arbitraryFunnelCase } from './random-funnels.ts';
import type { World } from './world.ts';

test('of random funnels the required steps never rise, and everyone who entered is accounted for', () => {
  fc.assert(
    fc.property(arbitraryFunnelCase(), ({ world, request }) => {
      const outcomes = [...funnelOutcomes(world, request).values()];
      const rows = stepRows(outcomes, request, world);

      const required = rows.filter((_, index) => !request.steps[index]?.isOptional).map((row) => row.people);
      expect(required).toEqual([...required].sort((a, b) => b - a));
      const left = rows.reduce((sum, row) => sum + row.dropOff + row.stillConverting, 0);
      expect(left + (rows.at(-1)?.people ?? 0)).toBe(outcomes.length);
    }),
    { numRuns: 300 },
  );
});

test('the order of the events in the list changes nothing', () => {
  fc.assert(
    fc.property(arbitraryFunnelCase(), ({ world, request }) => {
      const turned = { ...world, events: [...world.events].reverse() };
      expect(funnelOutcomes(turned, request)).toEqual(funnelOutcomes(world, request));
    }),
    { numRuns: 200 },
  );
});

/** How far each unit came. */
function reaches(world: World, request: FunnelRequest): Map<string, number> {
  return new Map([...funnelOutcomes(world, request)].map(([unit, outcome]) => [unit, outcome.reached]));
}

/** Whether nobody stands lower in `more` than in `less`. */
function expectNoneLower(less: Map<string, number>, more: Map<string, number>) {
  expect([...less].filter(([unit, reached]) => (more.get(unit) ?? 0) < reached)).toEqual([]);
}

test('a wider window, and no exclusions, lower nobody', () => {
  fc.assert(
    fc.property(arbitraryFunnelCase(), ({ world, request }) => {
      const clean = { ...request, exclusions: [] };
      expectNoneLower(reaches(world, request), reaches(world, clean));
      expectNoneLower(reaches(world, clean), reaches(world, { ...clean, windowMs: request.windowMs + 1 }));
    }),
    { numRuns: 200 },
  );
});

test('an optional step lowers nobody: where it may be skipped everyone comes at least as far', () => {
  fc.assert(
    fc.property(arbitraryFunnelCase({ order: 'ordered' }), ({ world, request }) => {
      const clean = { ...request, exclusions: [] };
      const all = request.steps.map((step, index) => ({
        ...step,
        isOptional: index > 0 && index < request.steps.length - 1,
      }));
      expectNoneLower(reaches(world, clean), reaches(world, { ...clean, steps: all }));
    }),
    { numRuns: 200 },
  );
});

test('who comes through in strict order comes through in order, and who does in order does in any', () => {
  fc.assert(
    fc.property(arbitraryFunnelCase({ order: 'strict' }), ({ world, request }) => {
      const steps = request.steps.map((step) => ({ ...step, isOptional: false }));
      const plain = { ...request, steps, exclusions: [], isFirstTime: false };
      const ordered = reaches(world, { ...plain, order: 'ordered' });
      expectNoneLower(reaches(world, plain), ordered);
      expectNoneLower(ordered, reaches(world, { ...plain, order: 'any' }));
    }),
    { numRuns: 200 },
  );
});

test('random cases reach into every corner', () => {
  const seen = { converted: 0, stillConverting: 0, dropped: 0, skippedOptional: 0, ties: 0, tainted: 0 };
  fc.assert(
    fc.property(arbitraryFunnelCase(), ({ world, request }) => {
      const untainted = funnelOutcomes(world, { ...request, exclusions: [] });
      seen.tainted += untainted.size - funnelOutcomes(world, request).size;
      for (const { attempt, isConverted, isStillConverting } of funnelOutcomes(world, request).values()) {
        if (isConverted) seen.converted += 1;
        else if (isStillConverting) seen.stillConverting += 1;
        else seen.dropped += 1;
        if (attempt.some((place, turn) => attempt[turn + 1]?.event.timeMs === place.event.timeMs))
          seen.ties += 1;
        if (isConverted && attempt.length < request.steps.length) seen.skippedOptional += 1;
      }
    }),
    { numRuns: 500, seed: 1 },
  );

  expect(seen.converted).toBeGreaterThan(40);
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(5);
});
