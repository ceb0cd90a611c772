import fc from 'fast-check';
import { expect, test } from 'vitest';
import { funnelOutcomes, stepRows } from './funnel-report.ts';
import { arbitraryFunnelCase } from './random-funnels.ts';

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

test('random cases reach into every corner', () => {
  const seen = { converted: 0, stillConverting: 0, dropped: 0, skippedOptional: 0, ties: 0, entered: 0 };
  fc.assert(
    fc.property(arbitraryFunnelCase(), ({ world, request }) => {
      for (const { attempt, isConverted, isStillConverting } of funnelOutcomes(world, request).values()) {
        seen.entered += 1;
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
