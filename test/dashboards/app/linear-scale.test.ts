import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearScale } from '../../../dashboards/charts/linear-scale.ts';

test.each([
  [4, 4, [0, 1, 2, 3, 4]],
  [78, 4, [0, 20, 40, 60, 80]],
  [1, 4, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0.3, 3, [0, 0.1, 0.2, 0.3]],
  [1_234, 4, [0, 500, 1_000, 1_500]],
])('an axis up to %d has round ticks', (top, count, expected) => {
  expect(linearScale(top, [100, 0], count).ticks(count)).toEqual(expected);
});

test('zero lies at the bottom, the top at the top, and what is between in proportion', () => {
  const y = linearScale(200, [100, 0], 4);

  expect([y(0), y(50), y(200)]).toEqual([100, 75, 0]);
});

test('whatever the top, its ticks are evenly spaced and reach it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
      fc.integer({ min: 2, max: 8 }),
      (top, count) => {
        const ticks = linearScale(top, [100, 0], count).ticks(count);
        const end = ticks.at(-1) ?? 0;

        expect(end).toBeGreaterThanOrEqual(top * (1 - 1e-9));
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        const steps = ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0));
        for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 6);
      },
    ),
    { numRuns: 300 },
  );
});
