import type { Format } from '../../words/format.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** What the stat row shows and the graph can draw, in this order. */
export const METRICS = [
  'visitors',
  'sessions',
  'page_views',
  'bounce_rate',
  'session_duration_ms',
  'engaged_ms',
] as const satisfies readonly (keyof Metrics)[];
export type Metric = (typeof METRICS)[number];

/** `isExact` for a title, a table, a file; otherwise short. */
export function writeMetric(
  metric: Metric,
  value: number | null | undefined,
  format: Format,
  isExact = false,
): string {
  switch (metric) {
    case 'visitors':
    case 'sessions':
    case 'page_views':
      return isExact ? format.number(value) : format.compact(value);
    case 'bounce_rate':
      return format.percent(value);
    case 'session_duration_ms':
    case 'engaged_ms':
      return format.duration(value);
  }
}

/** Shares of a whole, whose changes are points. */
export const IS_RATE: Partial<Record<Metric, true>> = { bounce_rate: true };

export const IS_BETTER_LOWER: Partial<Record<Metric, true>> = { bounce_rate: true };
