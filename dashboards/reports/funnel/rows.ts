/** Turns what was added up into the rows of the answer. */
import type { FunnelRow, FunnelSummary, HistogramBin } from './answer.ts';
import { labelOf } from './conditions.ts';
import { type Definition, previousRequired } from './definition.ts';

import type { Figures } from './figures.ts';
import type { FunnelParameters } from './parameters.ts';
import { share, wilson } from './statistics.ts';

const MONEY_SCALE = 10_000;

export function toRows(figures: Figures, definition: Definition, { steps }: FunnelParameters): FunnelRow[] {
  const first = figures.steps[0]?.people ?? 0;
  return figures.steps.map((step, index) => {
    const { people, revenue } = step;
    const interval = wilson(people, first);
    const previous = figures.steps[previousRequired(definition.steps, index)]?.people ?? people;
    const asked = steps[index];
    return {
      step: index + 1,
      label: asked ? labelOf(asked) : '',
      is_optional: asked?.optional ?? false,
      people,
      share_of_first: share(people, first),
      share_of_previous: share(people, previous),
      share_low: interval?.low ?? null,
      share_high: interval?.high ?? null,
      drop_off: step.dropped,
      still_converting: step.stillConverting,
      median_ms: step.medianGap,
      mean_ms: step.meanGap,
      median_total_ms: index === 0 ? null : step.medianTotal,
      revenue: [...revenue]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([currency, amount]) => ({ currency, amount: amount / MONEY_SCALE })),
    };
  });
}

export function toSummary(figures: Figures, excluded: number): FunnelSummary {
  const { entered, converted, stillConverting, medianTotal, meanTotal } = figures;
  const interval = wilson(converted, entered);
  return {
    entered,
    converted,
    still_converting: stillConverting,
    excluded,
    conversion_rate: share(converted, entered),
    rate_low: interval?.low ?? null,
    rate_high: interval?.high ?? null,
    median_ms: medianTotal,
    mean_ms: meanTotal,
  };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WIDTHS = [
  ...[1, 5, 10, 50, 100, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90].map((days) => days * DAY),
];
const MOST_BINS = 24;

/** Bins of one round width that hold 95 % of the times; the last one takes the rest. Empty without times. */
export function toHistogram(times: readonly number[]): HistogramBin[] {
  const sorted = Float64Array.from(times).sort();
  const longest = sorted.at(-1);
  if (longest === undefined) return [];
  const usual = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? longest;
  const width = WIDTHS.find((one) => usual / one < MOST_BINS) ?? 365 * DAY;
  const count = Math.floor(usual / width) + 1;
  const people = new Array<number>(count).fill(0);
  for (const time of sorted) {
    const bin = Math.min(Math.floor(time / width), count - 1);
    people[bin] = (people[bin] ?? 0) + 1;
  }
  return people.map((number, bin) => ({
    from_ms: bin * width,
    to_ms: bin === count - 1 ? Math.max(longest, (bin + 1) * width) : (bin + 1) * width,
    people: number,
  }));
}
