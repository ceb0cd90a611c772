/** What is told of a funnel's bars, wherever it was added up: in the engine or here. */
import type { Definition } from './definition.ts';

/** Counts and times by step. Times are null where there are none, and at step 0. */
export type Counts = {
  /** Who filled the step. */
  filled: readonly number[];
  /** Whose furthest step it is; of them, whose window is still open. */
  furthest: readonly number[];
  open: readonly number[];
  /** From the previous filled step. */
  medianGaps: readonly (number | null)[];
  meanGaps: readonly (number | null)[];
  /** From the first. */
  medianTotals: readonly (number | null)[];
  /** From the first to the last. */
  meanTotal: number | null;
  /** By currency, in ten-thousandths. */
  revenue: readonly ReadonlyMap<string, number>[];
  /** From the first step to the last of all who converted, in no order. */
  conversionTimes: readonly number[];
};

export type Figures = {
  entered: number;
  converted: number;
  stillConverting: number;
  steps: readonly StepFigures[];
  medianTotal: number | null;
  meanTotal: number | null;
  conversionTimes: readonly number[];
};

export type StepFigures = {
  people: number;
  dropped: number;
  stillConverting: number;
  medianGap: number | null;
  meanGap: number | null;
  medianTotal: number | null;
  revenue: ReadonlyMap<string, number>;
};

export function toFigures(steps: Definition['steps'], counts: Counts): Figures {
  const { filled, furthest, open, medianGaps, meanGaps, medianTotals, revenue } = counts;
  const last = steps.length - 1;
  return {
    entered: sum(furthest),
    converted: furthest[last] ?? 0,
    stillConverting: sum(open),
    steps: steps.map(({ isOptional }, step) => ({
      people: isOptional ? (filled[step] ?? 0) : sum(furthest.slice(step)),
      dropped: step === last ? 0 : (furthest[step] ?? 0) - (open[step] ?? 0),
      stillConverting: open[step] ?? 0,
      medianGap: medianGaps[step] ?? null,
      meanGap: meanGaps[step] ?? null,
      medianTotal: medianTotals[step] ?? null,
      revenue: revenue[step] ?? new Map(),
    })),
    medianTotal: medianTotals[last] ?? null,
    meanTotal: counts.meanTotal,
    conversionTimes: counts.conversionTimes,
  };
}

export function sum(list: readonly number[]): number {
  return list.reduce((total, one) => total + one, 0);
}
