import type { Dimension } from '../../../reports/dimensions.ts';
import type { ExploreParameters } from '../../../reports/explore/report.ts';
import { isField } from '../../state/fields.ts';
import { type Filter, parseFilter, writeFilter } from '../../state/filters.ts';
import { INTERVALS, type Interval } from '../../state/period.ts';
import { toCondition } from '../funnels/definition.ts';

/** The report's own metrics: its list would bring its validator along. */
export const METRICS = [
  'count',
  'people',
  'per_person',
  'sum',
  'average',
  'median',
  'p90',
  'minimum',
  'maximum',
] as const satisfies readonly NonNullable<ExploreParameters['series'][number]['metric']>[];
export type Metric = (typeof METRICS)[number];

/** One line's worth of question: which events, and what is counted of them. `property` is read by the metrics that sum up. */
export type Series = { what: string; filters: Filter[]; metric: Metric; property: string };

/** A question as it is built, linked to and put on boards. `interval`: 'whole' is one number for the whole period. */
export type Definition = {
  series: Series[];
  /** One series divided by another, by their places from 1. */
  ratio: { of: number; to: number } | undefined;
  by: Dimension[];
  interval: Interval | 'whole' | undefined;
};

export const NEW_SERIES: Series = { what: '', filters: [], metric: 'count', property: '' };
export const MOST_SERIES = 10;
export const MOST_BREAKDOWNS = 2;

export const START: Definition = {
  series: [{ ...NEW_SERIES, what: 'page_view', metric: 'people' }],
  ratio: undefined,
  by: [],
  interval: undefined,
};

export function needsProperty(metric: Metric): boolean {
  return !['count', 'people', 'per_person'].includes(metric);
}

/** Short JSON, what is usual left out. */
export function writeDefinition({ series, ratio, by, interval }: Definition): string {
  return JSON.stringify({
    s: series.map(({ what, filters, metric, property }) => ({
      e: what,
      m: metric,
      ...(property === '' ? {} : { p: property }),
      ...(filters.length > 0 ? { f: filters.map(writeFilter) } : {}),
    })),
    ...(ratio ? { r: [ratio.of, ratio.to] } : {}),
    ...(by.length > 0 ? { by } : {}),
    ...(interval ? { i: interval } : {}),
  });
}

/** Takes what it understands; undefined for what is no question at all. */
export function parseDefinition(text: string): Definition | undefined {
  const value = parseObject(text);
  const series = toList(value.s).slice(0, MOST_SERIES).map(toSeries);
  if (series.length === 0) return undefined;
  const [of, to] = toList(value.r).map(Number);
  const isPlace = (place: number | undefined): place is number =>
    place !== undefined && Number.isInteger(place) && place >= 1 && place <= series.length;
  return {
    series,
    ratio: isPlace(of) && isPlace(to) ? { of, to } : undefined,
    by: toList(value.by).filter(isDimension).slice(0, MOST_BREAKDOWNS),
    interval: value.i === 'whole' ? 'whole' : INTERVALS.find((one) => one === value.i),
  };
}

type Asked = Pick<ExploreParameters, 'series' | 'ratio' | 'breakdown'>;

/** The question as the report API takes it; undefined while a series is not whole. */
export function toParameters({ series, ratio, by }: Definition): Asked | undefined {
  if (series.some(({ what, metric, property }) => what === '' || (needsProperty(metric) && property === '')))
    return undefined;
  return {
    series: series.map(({ what, filters, metric, property }) => ({
      event: { ...toCondition(what), ...(filters.length > 0 ? { filters: leaves(filters) } : {}) },
      metric,
      ...(needsProperty(metric) ? { property } : {}),
    })),
    ...(ratio ? { ratio } : {}),
    ...(by.length > 0 ? { breakdown: by } : {}),
  };
}

/** Without the series at `place`; a ratio that named it goes with it. */
export function withoutSeries(definition: Definition, place: number): Definition {
  const series = definition.series.toSpliced(place, 1);
  const { ratio } = definition;
  const moved = (number: number) => (number > place + 1 ? number - 1 : number);
  const isGone = ratio && [ratio.of, ratio.to].includes(place + 1);
  return {
    ...definition,
    series,
    ratio: ratio && !isGone ? { of: moved(ratio.of), to: moved(ratio.to) } : undefined,
  };
}

function leaves(filters: Filter[]) {
  return filters.map(({ field, operator, values }) => ({ field, operator, values }));
}

function toSeries(value: unknown): Series {
  const { e, m, p, f } = toObject(value);
  return {
    what: typeof e === 'string' ? e : '',
    metric: METRICS.find((one) => one === m) ?? 'count',
    property: typeof p === 'string' ? p : '',
    filters: toList(f).flatMap((text) => (typeof text === 'string' ? (parseFilter(text) ?? []) : [])),
  };
}

function isDimension(value: unknown): value is Dimension {
  return isField(value) && !value.startsWith('trait:');
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return toObject(JSON.parse(text));
  } catch {
    // A link that was cut or mistyped.
    return {};
  }
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
