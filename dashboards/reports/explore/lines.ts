/** The rows of the explore report, put together into lines: one per series and values of the breakdown. */
import type { ExploreRow } from './report.ts';

export type ExploreLine = {
  key: string;
  /** From 1; 0 is the ratio. */
  series: number;
  /** Of the breakdown, in its order. */
  values: string[];
  /** One per interval, in their order. */
  results: (number | null)[];
};

/** In the order of the rows: by series, then by the values of the breakdown as the report ranks them. */
export function toLines(rows: readonly ExploreRow[]): ExploreLine[] {
  const lines = new Map<string, ExploreLine>();
  for (const { series, values, result } of rows) {
    const key = JSON.stringify([series, ...values]);
    const line = lines.get(key) ?? { key, series, values, results: [] };
    line.results.push(result);
    lines.set(key, line);
  }
  return [...lines.values()];
}

/**
 * Largest first, by what the first series comes to over the whole period: so every series, and the ratio, shows the same
 * values in the same order, and a rate of a handful does not come before that of a thousand.
 */
export function ranked(lines: readonly ExploreLine[], totals: readonly ExploreLine[]): ExploreLine[] {
  const sizes = new Map(
    totals.flatMap(({ series, values, results }) =>
      series === 1 ? [[JSON.stringify(values), results[0] ?? null] as const] : [],
    ),
  );
  const sizeOf = ({ values }: ExploreLine) => sizes.get(JSON.stringify(values)) ?? Number.NEGATIVE_INFINITY;
  return [...lines].sort((a, b) => a.series - b.series || sizeOf(b) - sizeOf(a));
}

/** One row per values of the breakdown, with the number of each series, in the order of `ranked`. */
export function toTable(
  totals: readonly ExploreLine[],
): { values: string[]; results: Map<number, number | null> }[] {
  const rows = new Map<string, { values: string[]; results: Map<number, number | null> }>();
  for (const { series, values, results } of ranked(totals, totals)) {
    const key = JSON.stringify(values);
    const row = rows.get(key) ?? { values, results: new Map<number, number | null>() };
    row.results.set(series, results[0] ?? null);
    rows.set(key, row);
  }
  return [...rows.values()];
}
