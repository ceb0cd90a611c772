import { z } from 'zod';
import { bind, joinSql, type Sql, sql } from '../../sql.ts';
import { conditionShape, conditionSql } from '../conditions.ts';
import { dimensionShape, isSessionDimension } from '../dimensions.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { isFirstOfOrder } from '../goals/goals.ts';
import { INTERVALS, intervalStarts, toLocalTime } from '../period/calendar.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { inPeriod } from '../sessions/measures.ts';
import { intervalPlace } from '../sessions/part-of.ts';
import { valueOfEvent } from '../sessions/value-of-event.ts';

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
] as const;
const OF_PROPERTY: readonly string[] = ['sum', 'average', 'median', 'p90', 'minimum', 'maximum'];

const seriesShape = z
  .strictObject({
    event: conditionShape.describe('Which events'),
    metric: z.enum(METRICS).default('count'),
    property: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe(
        'A numeric property, or "revenue": that in the currency of the site, for currencies are never added up; an order counts once',
      ),
    label: z.string().max(100).optional(),
  })
  .refine(({ metric, property }) => property !== undefined || !OF_PROPERTY.includes(metric), {
    path: ['property'],
    message: 'Expected the numeric property that is to be summed up',
  });

export const exploreParameters = z
  .strictObject({
    period: periodShape,
    comparison: comparisonShape.optional(),
    filters: filtersShape.optional(),
    series: z.array(seriesShape).min(1).max(10).describe('What to measure: a line each.'),
    ratio: z
      .strictObject({ of: z.number().int().min(1), to: z.number().int().min(1) })
      .optional()
      .describe('One series divided by another, by their numbers from 1: a series of its own, numbered 0.'),
    interval: z
      .enum(INTERVALS)
      .optional()
      .describe('One row per interval. Without it: one for the whole period.'),
    breakdown: z.array(dimensionShape).max(2).optional().describe('By which values each series is divided.'),
    limit: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe('How many values of the breakdown, the most frequent.'),
  })
  .superRefine(({ ratio, series }, context) => {
    for (const name of ['of', 'to'] as const) {
      if (ratio && ratio[name] > series.length)
        context.addIssue({
          code: 'custom',
          path: ['ratio', name],
          message: `There is no series ${ratio[name]}`,
        });
    }
  });

export const exploreRow = z.object({
  series: z.number().int().describe('From 1; 0 is the ratio'),
  interval_start: z.string().describe('"" without an interval'),
  interval_start_ms: z.number().int(),
  values: z.array(z.string()).describe('Of the breakdown, in its order'),
  result: z.number().nullable().describe('null: nothing to divide by, or no event that bears the property'),
});
export type ExploreParameters = z.input<typeof exploreParameters>;
export type ExploreRow = z.infer<typeof exploreRow>;

type Series = z.output<typeof seriesShape>;

export const explore = defineReport({
  name: 'explore',
  title: 'Explore',
  description:
    'Any event, counted or summed up, over time and by up to two dimensions, with the ratio between two series. Counts persons with events in the period.',
  parameters: exploreParameters,
  row: exploreRow,
  definitions: {
    interval_start_ms: 'The interval’s first moment.',
    result:
      '`count`: events, each repeat of an order among them; `people`: different persons; `per_person`: events ÷ persons; the others sum up the numeric property of the events that bear it. Revenue is that in the currency of the site, an order once: that of the event received first with its order id.',
  },
  compose({ series, ratio, interval, breakdown = [], limit, filters = [] }, { scope, timeZone, currency }) {
    const starts = interval ? intervalStarts(interval, scope.fromMs, scope.toMs, timeZone) : [scope.fromMs];
    const names = interval ? starts.map((start) => toLocalTime(start, timeZone)) : [''];
    const facts = breakdown.filter(isSessionDimension);
    const events = selectedEvents({ scope, filters, columns: EVENT_COLUMNS, needsSessions: false, facts });
    const hasMoney = series.some(isOfRevenue);
    const values = sql`CAST([${joinSql(breakdown.map(valueOfEvent))}], 'Array(String)')`;
    const results = series.map((one, index) => {
      const number = bind('number', 'UInt8', index + 1);
      return sql`(${number}, ${resultOf(one, number, currency)})`;
    });
    const quotient = ratio
      ? [
          sql`(0, tupleElement(all_results[${bind('ratio_of', 'UInt8', ratio.of)}], 2) / nullIf(tupleElement(all_results[${bind('ratio_to', 'UInt8', ratio.to)}], 2), 0))`,
        ]
      : [];
    return sql`
-- Explore: numbers of events in [{from}, {to}), by series, local interval and breakdown. Intervals without events are there.
-- Of the breakdown the most frequent values are shown, by the events of all series.
WITH
  counted AS (
    SELECT ${interval ? intervalPlace(starts).key : sql`1`} AS place, ${values} AS values,
      [${joinSql(series.map(({ event }) => sql`toUInt8(${conditionSql(event)})`))}] AS fits,
      person, revenue, currency, numeric_properties${hasMoney ? sql`, ${isFirstOfOrder(scope)} AS is_first_of_order` : sql``}
    FROM (${events}
    )
    WHERE ${inPeriod(scope)} AND has(fits, 1)
  ),
  top AS (SELECT values FROM counted GROUP BY values ORDER BY count() DESC, values LIMIT ${bind('limit', 'UInt64', limit)})
SELECT
  toInt64(one.1) AS series,
  ${bind('names', 'Array(String)', names)}[place] AS interval_start,
  ${bind('starts', 'Array(Int64)', starts)}[place] AS interval_start_ms,
  values,
  one.2 AS result
FROM (
  SELECT place, values, CAST([${joinSql(results)}], 'Array(Tuple(UInt8, Nullable(Float64)))') AS all_results
  FROM (
    SELECT place, top.values AS values
    FROM top
    CROSS JOIN (SELECT arrayJoin(range(1, ${bind('places', 'UInt64', starts.length + 1)})) AS place) AS places
  ) AS grid
  LEFT JOIN counted USING (place, values)
  GROUP BY place, values
)
ARRAY JOIN ${quotient.length > 0 ? sql`arrayConcat(all_results, CAST([${joinSql(quotient)}], 'Array(Tuple(UInt8, Nullable(Float64)))'))` : sql`all_results`} AS one
ORDER BY series, values, place`;
  },
});

function isOfRevenue({ metric, property }: Series): boolean {
  return property === 'revenue' && OF_PROPERTY.includes(metric);
}

/** One number of the rows of one group. An unmatched row of the grid has no `fits`, so it counts for nothing. */
function resultOf(one: Series, number: Sql, currency: string): Sql {
  const { metric, property = '' } = one;
  const fits = sql`fits[${number}] = 1`;
  const isMoney = isOfRevenue(one);
  const name = bind('property', 'String', property);
  const amount = isMoney ? sql`toFloat64(revenue)` : sql`numeric_properties[${name}]`;
  const bears = sql`${fits} AND ${isMoney ? sql`is_first_of_order AND currency = ${bind('currency', 'String', currency)}` : sql`mapContains(numeric_properties, ${name})`}`;
  const orNull = (result: Sql) => sql`if(countIf(${bears}) = 0, NULL, ${result})`;
  switch (metric) {
    case 'count':
      return sql`toFloat64(countIf(${fits}))`;
    case 'people':
      return sql`toFloat64(uniqExactIf(person, ${fits}))`;
    case 'per_person':
      return sql`countIf(${fits}) / nullIf(uniqExactIf(person, ${fits}), 0)`;
    case 'sum':
      return sql`sumIf(${amount}, ${bears})`;
    case 'average':
      return orNull(sql`avgIf(${amount}, ${bears})`);
    case 'median':
      return orNull(sql`quantileExactInclusiveIf(0.5)(${amount}, ${bears})`);
    case 'p90':
      return orNull(sql`quantileExactInclusiveIf(0.9)(${amount}, ${bears})`);
    case 'minimum':
      return orNull(sql`minIf(${amount}, ${bears})`);
    case 'maximum':
      return orNull(sql`maxIf(${amount}, ${bears})`);
  }
}
