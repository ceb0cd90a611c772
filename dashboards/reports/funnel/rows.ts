/** Turns what was added up into the rows of the answer. */
import type { FunnelRow, FunnelSummary, HistogramBin } from './answer.ts';
import { labelOf } from './conditions.ts';
import type { Definition } from './definition.ts';
import { previousRequired } from './ordered.ts';
import type { FunnelParameters } from './parameters.ts';
import { mean, median, share, wilson } from './statistics.ts';
import type { Tally } from './tally.ts';

const MONEY_SCALE = 10_000;

export function toRows(tally: Tally, definition: Definition, { steps }: FunnelParameters): FunnelRow[] {
  const first = tally.step(0).people;
  return steps.map((asked, step) => {
    const { people, dropped, stillConverting, gaps, totals, revenue } = tally.step(step);
    const interval = wilson(people, first);
    const previous = step === 0 ? people : tally.step(previousRequired(definition.steps, step)).people;
    return {
      step: step + 1,
      label: labelOf(asked),
      is_optional: asked.optional ?? false,
      people,
      share_of_first: share(people, first),
      share_of_previous: share(people, previous),
      share_low: interval?.low ?? null,
      share_high: interval?.high ?? null,
      drop_off: dropped,
      still_converting: stillConverting,
      median_ms: median(gaps),
      mean_ms: mean(gaps),
      median_total_ms: step === 0 ? null : median(totals),
      revenue: [...revenue]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([currency, amount]) => ({ currency, amount: amount / MONEY_SCALE })),
    };
  });
}

export function toSummary(tally: Tally, definition: Definition, excluded: number): FunnelSummary {
  const entered = tally.entered();
  const { people: converted, stillConverting } = tally.converted();
  const interval = wilson(converted, entered);
  const { totals } = tally.step(definition.steps.length - 1);
  return {
    entered,
    converted,
    still_converting: stillConverting,
    excluded,
    conversion_rate: share(converted, entered),
    rate_low: interval?.low ?? null,
    rate_high: interval?.high ?? null,
    median_ms: median(totals),
    mean_ms: mean(totals),
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
