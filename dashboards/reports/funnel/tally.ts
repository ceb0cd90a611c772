/** Adds up verdicts: how many came how far, how long they took, what they brought. One tally per bar of the chart. */
import type { Definition } from './definition.ts';
import { type Figures, sum, toFigures } from './figures.ts';
import { mean, median } from './statistics.ts';

/** One person's chosen attempt as numbers; times are in ms since any fixed point. Valid until the next. */
export type Attempt = {
  /** The furthest step, from 0. In `any` order the number of filled steps less one. */
  furthest: number;
  /** When each step was filled, -1 where it was not. In `any` order: the first, the second, … filled. */
  times: Float64Array;
  isOpen: boolean;
  revenue: readonly { step: number; currency: string; amount: number }[];
};

export type Tally = {
  add(attempt: Attempt): void;
  merge(other: Tally): void;
  /** The counts themselves, for `merge`. */
  readonly counts: Counts;
  entered(): number;
  figures(): Figures;
};

type Counts = {
  filled: number[];
  furthest: number[];
  open: number[];
  gaps: number[][];
  totals: number[][];
  revenue: Map<string, number>[];
};

export function createTally({ steps }: Definition): Tally {
  const count = steps.length;
  const counts: Counts = {
    filled: steps.map(() => 0),
    furthest: steps.map(() => 0),
    open: steps.map(() => 0),
    gaps: steps.map(() => []),
    totals: steps.map(() => []),
    revenue: steps.map(() => new Map()),
  };
  const { filled, furthest, open, gaps, totals, revenue } = counts;

  return {
    counts,
    add(attempt) {
      bump(furthest, attempt.furthest);
      if (attempt.isOpen) bump(open, attempt.furthest);
      const start = attempt.times[0] ?? 0;
      bump(filled, 0);
      for (let step = 1, previous = start; step <= attempt.furthest; step++) {
        const time = attempt.times[step] ?? -1;
        if (time < 0) continue;
        bump(filled, step);
        gaps[step]?.push(time - previous);
        totals[step]?.push(time - start);
        previous = time;
      }
      for (const { step, currency, amount } of attempt.revenue) addMoney(step, currency, amount);
    },
    merge({ counts: other }) {
      for (let step = 0; step < count; step++) {
        bump(filled, step, other.filled[step]);
        bump(furthest, step, other.furthest[step]);
        bump(open, step, other.open[step]);
        for (const gap of other.gaps[step] ?? []) gaps[step]?.push(gap);
        for (const total of other.totals[step] ?? []) totals[step]?.push(total);
        for (const [currency, amount] of other.revenue[step] ?? []) addMoney(step, currency, amount);
      }
    },
    entered: () => sum(furthest),
    figures: () =>
      toFigures(steps, {
        filled,
        furthest,
        open,
        medianGaps: gaps.map(median),
        meanGaps: gaps.map(mean),
        medianTotals: totals.map(median),
        meanTotal: mean(totals[count - 1] ?? []),
        revenue,
        conversionTimes: totals[count - 1] ?? [],
      }),
  };

  function addMoney(step: number, currency: string, amount: number): void {
    const sums = revenue[step];
    sums?.set(currency, (sums.get(currency) ?? 0) + amount);
  }
}

function bump(list: number[], index: number, by = 1): void {
  list[index] = (list[index] ?? 0) + by;
}
