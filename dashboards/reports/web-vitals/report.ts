import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { dimensionShape, isSessionDimension } from '../dimensions.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { factName } from '../sessions/fact-name.ts';
import { inPeriod } from '../sessions/measures.ts';
import { VITALS } from './bounds.ts';

const RATINGS = ['good', 'needs_improvement', 'poor'] as const;

export const webVitalsParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  dimension: z
    .union([
      z.literal('page'),
      dimensionShape.refine(isSessionDimension, 'Expected "page" or a fact of the session'),
    ])
    .optional()
    .describe('One set of rows per page, device, … Without it: all together.'),
  limit: z.number().int().min(1).max(10_000).default(100).describe('How many values of the dimension.'),
});

const count = z.number().int();
export const webVitalsRow = z.object({
  value: z.string(),
  metric: z.enum(['lcp', 'inp', 'cls', 'fcp', 'ttfb']),
  measurements: count,
  p75: z.number(),
  p50: z.number(),
  p95: z.number(),
  rating: z.enum(RATINGS),
  good: count,
  needs_improvement: count,
  poor: count,
});
export type WebVitalsParameters = z.input<typeof webVitalsParameters>;
export type WebVitalsRow = z.infer<typeof webVitalsRow>;

export const webVitals = defineReport({
  name: 'web-vitals',
  title: 'Web vitals',
  description:
    'How fast pages were for those who saw them: the 75th percentile of each metric, rated by Google’s bounds.',
  parameters: webVitalsParameters,
  row: webVitalsRow,
  definitions: {
    value: 'Of the dimension.',
    metric: 'Which of Google’s metrics; times are milliseconds, CLS has no unit.',
    measurements: 'Page views that measured it.',
    p50: 'Half of the page views were at least as good.',
    p95: 'Nineteen of twenty page views were at least as good.',
    needs_improvement: 'Measurements between the two bounds.',
    p75: 'Three quarters of the page views were at least as good (exact; between two values, interpolated).',
    rating:
      'Of p75, by Google’s bounds: LCP 2.5 and 4 s, INP 200 and 500 ms, CLS 0.1 and 0.25, FCP 1.8 and 3 s, TTFB 0.8 and 1.8 s.',
    good: 'Measurements up to the first bound, inclusive.',
    poor: 'Measurements beyond the second bound.',
  },
  compose({ dimension, limit, filters = [] }, { scope }) {
    const names = Object.keys(VITALS);
    const bounds = (place: 0 | 1) =>
      bind(
        place === 0 ? 'good_bounds' : 'poor_bounds',
        'Array(Float64)',
        Object.values(VITALS).map((both) => both[place]),
      );
    const metrics = bind('metrics', 'Array(String)', names);
    const fact = dimension && dimension !== 'page' && isSessionDimension(dimension) ? dimension : undefined;
    const value = dimension === undefined ? sql`''` : fact ? factName(fact) : sql`path`;
    return sql`
-- Web vitals: percentiles and ratings per metric, of the page views in [{from}, {to}) that yielded it.
-- Counts measurements, one per page view and metric, not persons.
SELECT
  value, metric, measurements, p75, p50, p95,
  multiIf(p75 <= ${bounds(0)}[place], 'good', p75 <= ${bounds(1)}[place], 'needs_improvement', 'poor') AS rating,
  good, needs_improvement, poor
FROM (
  SELECT
    value, place, ${metrics}[place] AS metric,
    count() AS measurements,
    quantileExactInclusive(0.75)(number) AS p75,
    quantileExactInclusive(0.5)(number) AS p50,
    quantileExactInclusive(0.95)(number) AS p95,
    countIf(number <= ${bounds(0)}[place]) AS good,
    countIf(number > ${bounds(1)}[place]) AS poor,
    measurements - good - poor AS needs_improvement,
    sum(measurements) OVER (PARTITION BY value) AS of_value
  FROM (
    SELECT value, place, numeric_properties[${metrics}[place]] AS number
    FROM (
      SELECT ${value} AS value, numeric_properties
      FROM (${selectedEvents({ scope, filters, columns: EVENT_COLUMNS, needsSessions: false, ...(fact && { facts: [fact] }) })}
      )
      WHERE kind = 'web_vitals' AND ${inPeriod(scope)}
    )
    ARRAY JOIN arrayFilter(one -> mapContains(numeric_properties, ${metrics}[one]), arrayEnumerate(${metrics})) AS place
  )
  GROUP BY value, place
)
QUALIFY dense_rank() OVER (ORDER BY of_value DESC, value) <= ${bind('limit', 'UInt64', limit)}
ORDER BY of_value DESC, value, place`;
  },
});
