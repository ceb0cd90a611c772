import { z } from 'zod';
import { bind, identifiers, sql } from '../../sql.ts';
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
import { METRIC_DEFINITIONS, metricsShape } from '../metrics/metrics.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport, MANY_ROWS } from '../report.ts';
import { factName } from '../sessions/fact-name.ts';
import { PAGE_VIEW_BIT } from '../sessions/measures.ts';
import { hasMeasuredTime, partOf } from '../sessions/part-of.ts';
import { sessionsOf } from '../sessions/sessions.ts';

/** What the rows can be ordered by. */
const ORDERS = [
  'visitors',
  'sessions',
  'page_views',
  'bounce_rate',
  'session_duration_ms',
  'engaged_ms',
  'engaged_per_view_ms',
  'views_per_session',
  'events',
  'entries',
  'exits',
  'exit_rate',
  'scroll_percent',
  'conversions',
  'conversion_rate',
  'value',
] as const;
const orderColumn = identifiers(ORDERS);

export const breakdownParameters = z
  .strictObject({
    period: periodShape,
    comparison: comparisonShape.optional(),
    filters: filtersShape.optional(),
    dimension: dimensionShape,
    goal: goalShape.optional(),
    search: z.string().max(200).optional().describe('Only values that contain this text.'),
    orderBy: z.enum(ORDERS).default('visitors').describe('By which number the rows are ordered.'),
    direction: z
      .enum(['descending', 'ascending'])
      .default('descending')
      .describe('The greatest or the least first.'),
    limit: z.number().int().min(1).max(10_000_000).default(10).describe(MANY_ROWS),
    offset: z.number().int().min(0).default(0).describe('How many rows to leave out before the first.'),
  })
  .refine(({ goal, orderBy }) => goal !== undefined || !orderBy.startsWith('conversion'), {
    path: ['orderBy'],
    message: 'Expected "goal" besides, for there are no conversions without one',
  });

const count = z.number().int();

export const breakdownRow = z.object({
  value: z.string().describe('"" is none: no source, no such property'),
  ...metricsShape,
  engaged_per_view_ms: z.number().nullable(),
  scroll_percent: z.number().nullable(),
  events: count,
  entries: count,
  exits: count,
  exit_rate: z.number().nullable(),
  conversions: rateShape.conversions.optional(),
  conversion_rate: rateShape.conversion_rate.optional(),
  rate_low: rateShape.rate_low.optional(),
  rate_high: rateShape.rate_high.optional(),
  goal_events: count.optional(),
  revenue: moneyShape.optional(),
  total_rows: count.describe('How many values there are in all'),
});

export type BreakdownParameters = z.input<typeof breakdownParameters>;
export type BreakdownRow = z.infer<typeof breakdownRow>;

export const breakdown = defineReport({
  name: 'breakdown',
  title: 'Breakdown',
  description:
    'The metrics by one dimension. Facts of the session (source, country, …) divide sessions; facts of events (page, event, property) name the sessions that contain such an event. A visitor may stand in several rows, so rows do not add up to the total.',
  parameters: breakdownParameters,
  row: breakdownRow,
  definitions: {
    ...METRIC_DEFINITIONS,
    ...GOAL_DEFINITIONS,
    engaged_per_view_ms:
      'Engaged time measured on it in sessions that viewed it ÷ its page views. None where it cannot be told: by title, event, property, …',
    scroll_percent:
      'How deep a session scrolled there, mean over the sessions. None where it cannot be told.',
    events: 'Events of all kinds in the period, on it or in these sessions.',
    entries: 'Sessions whose first page view this is.',
    exits: 'Sessions whose last page view this is.',
    exit_rate:
      'Exits ÷ page views of the same page. None by facts of the session: where it ended is one of its pages.',
  },
  matchBy: 'value',
  compose(parameters, context) {
    const { dimension, goal, search, orderBy, direction, limit, offset, filters = [] } = parameters;
    const { scope, only } = context;
    const condition = goal === undefined ? undefined : goalCondition(goal, context);
    const fact = isSessionDimension(dimension) ? dimension : undefined;
    const sessions = sessionsOf({ scope, filters, part: partOf(dimension), fact, goal: condition });
    const value = fact ? factName(fact) : sql`part.1`;
    const order = direction === 'descending' ? sql`DESC` : sql`ASC`;
    const wanted = only
      ? sql`has(${bind('only', 'Array(String)', only)}, value)`
      : sql`place > ${bind('offset', 'UInt64', offset)} AND place <= ${bind('last', 'UInt64', offset + limit)}`;
    return sql`
-- Breakdown: the metrics of each value of a dimension. Counts persons with a session in [{from}, {to}) that met the value;
-- session facts are those of the first page view. The row is_total counts all sessions, whether or not they met a value.
WITH
  sessions AS (${sessions}
  ),
  parted AS (
    SELECT *, joined.1 AS is_total, joined.2 AS part, if(is_total, '', ${value}) AS value
    FROM sessions
    ARRAY JOIN arrayPushFront(
      arrayMap(one -> (false, one), parts),
      (true, ('', views_in_period, persons, events_in_period, arraySum(one -> one.5, parts), arrayMax(one -> one.6, parts), opener, closer))
    ) AS joined
    WHERE session_start != 0
  ),
  numbers AS (
    SELECT
      is_total, value,
      uniqExactArray(part.3) AS visitors,
      count() AS sessions,
      sum(part.2) AS page_views,
      avg(is_bounce) AS bounce_rate,
      avg(duration_ms) AS session_duration_ms,
      avg(engaged_ms) AS engaged_ms,
      page_views / sessions AS views_per_session,
      ${hasMeasuredTime(dimension) ? sql`sum(part.5) / nullIf(page_views, 0)` : sql`CAST(NULL, 'Nullable(Float64)')`} AS engaged_per_view_ms,
      ${hasMeasuredTime(dimension) ? sql`avg(part.6)` : sql`CAST(NULL, 'Nullable(Float64)')`} AS scroll_percent,
      sum(part.4) AS events,
      countIf(part.7 = opener AND opener < ${PAGE_VIEW_BIT}) AS entries,
      countIf(part.8 = closer AND closer >= ${PAGE_VIEW_BIT}) AS exits,
      ${fact ? sql`CAST(NULL, 'Nullable(Float64)')` : sql`exits / nullIf(page_views, 0)`} AS exit_rate${condition ? HIT_NUMBERS : sql``}
    FROM parted
    GROUP BY is_total, value
  )
SELECT * EXCEPT (${condition ? sql`place, paid_hits, money, orders, average_order_value` : sql`place`})
FROM (
  SELECT
    *,${condition ? sql`${rateColumns(sql`conversions`, sql`visitors`)},${HIT_TOTALS}` : sql``}
    row_number() OVER (PARTITION BY is_total ORDER BY ${orderColumn(orderBy)} ${order} NULLS LAST, visitors DESC, value) AS place,
    count() OVER (PARTITION BY is_total) AS total_rows
  FROM numbers
  WHERE is_total OR ${search ? sql`positionCaseInsensitiveUTF8(value, ${bind('search', 'String', search)}) > 0` : sql`true`}
)
WHERE is_total OR (${wanted})
ORDER BY is_total DESC, place`;
  },
});
