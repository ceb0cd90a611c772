import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { dimensionShape, isSessionDimension } from '../dimensions.ts';
import { filtersShape } from '../filters/filters.ts';
import { HIT_NUMBERS, HIT_TOTALS } from '../goals/by-value.ts';
import {
  GOAL_DEFINITIONS,
  goalCondition,
  goalShape,
  moneyShape,
  rateColumns,
  rateShape,
} from '../goals/goals.ts';
import { INTERVALS, intervalStarts } from '../period/calendar.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { factName } from '../sessions/fact-name.ts';
import { intervalName, partOf } from '../sessions/part-of.ts';
import { sessionsOf } from '../sessions/sessions.ts';

export const conversionParameters = z
  .strictObject({
    period: periodShape,
    comparison: comparisonShape.optional(),
    filters: filtersShape.optional(),
    goal: goalShape,
    dimension: dimensionShape
      .optional()
      .describe('One row per value. Without it and "interval" there are `totals` alone (as CSV one row).'),
    interval: z.enum(INTERVALS).optional().describe('One row per interval of local time.'),
    limit: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(10)
      .describe('How many values at most, those with the most visitors; of intervals, the first.'),
  })
  .refine(({ dimension, interval }) => dimension === undefined || interval === undefined, {
    path: ['interval'],
    message: 'Expected either "dimension" or "interval", found both',
  });

export const conversionRow = z.object({
  value: z.string().describe('Of the dimension; of an interval its start on the wall of the site; else ""'),
  visitors: z.number().int(),
  ...rateShape,
  goal_events: z.number().int(),
  orders: z.number().int(),
  revenue: moneyShape,
  average_order_value: moneyShape,
});

export type ConversionParameters = z.input<typeof conversionParameters>;
export type ConversionRow = z.infer<typeof conversionRow>;

export const conversion = defineReport({
  name: 'conversion',
  title: 'Conversion',
  description:
    'What share of the visitors fulfilled a goal. A filter chooses sessions and never hides the goal’s own event: with page = /pricing, the visitors are those who saw /pricing, and their purchase on /thanks counts. Goals hold for the past as well.',
  parameters: conversionParameters,
  row: conversionRow,
  definitions: {
    visitors:
      'Different persons with an event in the period, under the filters; without filters those known from server events alone are among them.',
    ...GOAL_DEFINITIONS,
    orders: 'Goal events that brought revenue; an order counts once.',
    average_order_value: 'Revenue ÷ orders in that currency.',
  },
  matchBy: 'value',
  isUndivided: ({ dimension, interval }) => dimension === undefined && interval === undefined,
  compose(parameters, context) {
    const { dimension, interval, goal, limit, filters = [] } = parameters;
    const { scope, timeZone, only } = context;
    const starts = interval ? intervalStarts(interval, scope.fromMs, scope.toMs, timeZone) : [];
    const fact = dimension && isSessionDimension(dimension) ? dimension : undefined;
    const part = interval ? intervalName(starts, timeZone) : partOf(dimension);
    const condition = goalCondition(goal, context);
    const sessions = sessionsOf({ scope, filters, part, fact, goal: condition });
    // Without a filter all persons count, also those of whom only a server told. They stand in no row but the total.
    const countsServerPersons = filters.length === 0 ? sql`true` : sql`false`;
    const isDivided = dimension !== undefined || interval !== undefined;
    return sql`
-- Conversion: what share of the persons fulfilled a goal, in all and by one dimension.
-- Counts persons with an event in [{from}, {to}); a person counts once in each row, whatever they did there and how often.
-- The interval is Wilson's, 95 %. An order counts once per site. Rows of intervals hold the hits of their own time.
WITH
  sessions AS (${sessions}
  ),
  parted AS (
    SELECT
      joined.1 AS is_total, joined.2 AS part, if(is_total, '', ${fact ? factName(fact) : sql`part.1`}) AS value,
      hits,
      -- Where the rows of server persons are there, their hits stand in those.
      if(is_total AND ${countsServerPersons}, arrayResize(sessions.loose_hits, 0), sessions.loose_hits) AS loose_hits
    FROM sessions
    ARRAY JOIN arrayPushFront(
      arrayMap(one -> (false, one), ${isDivided ? sql`parts` : sql`arrayResize(parts, 0)`}),
      (true, ('', views_in_period, if(session_start = 0, server_persons, persons), events_in_period, 0, 0, opener, closer))
    ) AS joined
    WHERE session_start != 0 OR ${countsServerPersons}
  ),
  numbers AS (
    SELECT is_total, value, uniqExactArray(part.3) AS visitors${HIT_NUMBERS}
    FROM parted
    GROUP BY is_total, value
  )
SELECT
  CAST(is_total, 'Bool') AS is_total, value, visitors, conversions,
  conversion_rate, rate_low, rate_high, goal_events, orders, revenue, average_order_value
FROM (
  SELECT
    *,${rateColumns(sql`conversions`, sql`visitors`)},${HIT_TOTALS}
    row_number() OVER (PARTITION BY is_total ORDER BY ${interval ? sql`value` : sql`visitors DESC, value`}) AS place
  FROM numbers
)
WHERE is_total OR ${only ? sql`has(${bind('only', 'Array(String)', only)}, value)` : sql`place <= ${bind('last', 'UInt64', interval ? starts.length : limit)}`}
ORDER BY is_total DESC, place`;
  },
});
