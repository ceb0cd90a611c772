import type { ConversionRow } from './report.ts';

/** A rate with its 95 % interval. Fractions; null where nobody came. */
export type Rate = Pick<
  ConversionRow,
  'visitors' | 'conversions' | 'conversion_rate' | 'rate_low' | 'rate_high'
>;

/** A round end for a scale on which all the intervals lie. */
export function scaleEnd(rows: readonly Rate[]): number {
  const highest = Math.max(0, ...rows.map((row) => row.rate_high ?? 0));
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((edge) => highest <= edge * 0.97) ?? 1;
}

/** On which side of a rate the whole interval lies. */
export function compareWithTotal(row: Rate, total: number | null): 'above' | 'below' | 'unclear' {
  if (total === null || row.rate_low === null || row.rate_high === null) return 'unclear';
  if (row.rate_low > total) return 'above';
  return row.rate_high < total ? 'below' : 'unclear';
}

/** Of fewer visitors a rate tells too little to be compared. */
export const FEWEST_VISITORS = 30;

export type BestAndNext = {
  best: ConversionRow;
  next: ConversionRow;
  difference: number;
  low: number;
  high: number;
  /** Whether the whole interval lies above zero. */
  isReal: boolean;
};

/** The two highest rates among rows of enough visitors, and how sure their difference is. Undefined with fewer than two. */
export function bestAndNext(rows: readonly ConversionRow[]): BestAndNext | undefined {
  const [best, next] = rows
    .filter(({ visitors }) => visitors >= FEWEST_VISITORS)
    .sort((one, other) => (other.conversion_rate ?? 0) - (one.conversion_rate ?? 0));
  const interval = best && next && differenceOf(best, next);
  return interval && { best, next, ...interval, isReal: interval.low > 0 };
}

/** The difference of two rates with its 95 % interval, out of their Wilson intervals: Newcombe 1998, method 10. */
export function differenceOf(
  one: Rate,
  other: Rate,
): { difference: number; low: number; high: number } | undefined {
  const [first, second] = [edgesOf(one), edgesOf(other)];
  if (!first || !second) return undefined;
  const difference = first.rate - second.rate;
  return {
    difference,
    low: difference - Math.hypot(first.rate - first.low, second.high - second.rate),
    high: difference + Math.hypot(first.high - first.rate, second.rate - second.low),
  };
}

function edgesOf({ conversion_rate: rate, rate_low: low, rate_high: high }: Rate) {
  return rate === null || low === null || high === null ? undefined : { rate, low, high };
}

/**
 * Below how many visitors a point of a course is drawn apart, for one buyer of one visitor is 100 %: below 20, on small
 * sites below half of what is usual.
 */
export function fewestOf(visitors: readonly number[]): number {
  const sorted = visitors.filter((one) => one > 0).sort((one, other) => one - other);
  return Math.min(20, Math.ceil((sorted[sorted.length >> 1] ?? 0) / 2));
}

export const RATE_COLUMNS = ['value', 'visitors', 'conversions', 'conversion_rate', 'revenue'] as const;
export type RateColumn = (typeof RATE_COLUMNS)[number];
export type RateOrder = { by: RateColumn; isUpwards: boolean };

/** In a new list. Rows that have no such number come last, equal ones stay as the report ranks them. */
export function sortRates(
  rows: readonly ConversionRow[],
  { by, isUpwards }: RateOrder,
  nameOf: (value: string) => string,
): ConversionRow[] {
  const sign = isUpwards ? 1 : -1;
  const numberOf = (row: ConversionRow) =>
    by === 'revenue' ? (row.revenue[0]?.amount ?? null) : by === 'value' ? null : row[by];
  return [...rows].sort((one, other) => {
    if (by === 'value') return sign * nameOf(one.value).localeCompare(nameOf(other.value));
    const [first, second] = [numberOf(one), numberOf(other)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * (first - second);
  });
}
