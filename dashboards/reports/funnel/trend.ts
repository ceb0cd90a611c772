/** Entries and conversions by the interval of local time in which step 1 of the chosen attempt lies. */
import { type Interval, intervalStarts, toLocalTime } from '../period/calendar.ts';
import type { Period } from '../period/period.ts';
import type { TrendRow } from './answer.ts';
import { share } from './statistics.ts';
import type { Attempt } from './tally.ts';

export type Trend = {
  /** The first moment of each interval. */
  starts: readonly number[];
  add(attempt: Attempt): void;
  /** What was added up elsewhere; `place` is that of the interval, from 0. */
  put(place: number, counted: IntervalCounts): void;
  rows(): TrendRow[];
};

export type IntervalCounts = { entered: number; converted: number; open: number };

export function createTrend(
  interval: Interval,
  period: Period,
  timeZone: string,
  nowMs: number,
  last: number,
): Trend {
  const starts = intervalStarts(interval, period.fromMs, period.toMs, timeZone);
  const counts = starts.map((): IntervalCounts => ({ entered: 0, converted: 0, open: 0 }));

  return {
    starts,
    put(place, counted) {
      counts[place] = counted;
    },
    add({ times, furthest, isOpen }) {
      const count = counts[indexOf(starts, times[0] ?? 0)];
      if (!count) return;
      count.entered += 1;
      if (furthest === last) count.converted += 1;
      if (isOpen) count.open += 1;
    },
    rows: () =>
      counts.map(({ entered, converted, open }, index) => {
        const start = starts[index] ?? 0;
        const end = Math.min(starts[index + 1] ?? period.toMs, period.toMs);
        return {
          start,
          local_start: toLocalTime(start, timeZone),
          entered,
          converted,
          still_converting: open,
          conversion_rate: share(converted, entered),
          is_unfinished: open > 0 || nowMs < end,
        };
      }),
  };
}

/** The interval that a moment lies in: the last that starts at or before it. */
function indexOf(starts: readonly number[], time: number): number {
  let low = 0;
  for (let high = starts.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
