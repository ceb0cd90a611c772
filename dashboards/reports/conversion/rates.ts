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
