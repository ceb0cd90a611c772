/** Goals in queries: which events fulfil one, what they brought, and how sure a rate is. */
import { z } from 'zod';
import { bind, type Sql, sql } from '../../sql.ts';
import { type Condition, conditionShape, conditionSql } from '../conditions.ts';
import { type EventColumn, FACT_COLUMNS, SESSION_COLUMNS } from '../events/columns.ts';
import { rangeOf } from '../events/counted.ts';
import type { EventScope } from '../events/scope.ts';
import { andOfFewVisitors, isWithin } from '../events/within.ts';
import type { ReportContext } from '../report.ts';
import { eventsOf, hasExclusions } from '../rules/reading.ts';

export const goalShape = z
  .union([z.uuid().describe('The id of a saved goal'), conditionShape])
  .describe('A saved goal by its id, or the condition itself.');
export type GoalParameter = z.output<typeof goalShape>;

export function goalCondition(goal: GoalParameter, { goalOf }: Pick<ReportContext, 'goalOf'>): Condition {
  return typeof goal === 'string' ? goalOf(goal) : goal;
}

/** What the revenue reads, and whether an order was told before. */
export const MONEY_COLUMNS = [
  'event_id',
  'received_time',
  'revenue',
  'currency',
  'order_id',
] as const satisfies readonly EventColumn[];

/** What `conditionSql` and the revenue read. */
export const GOAL_COLUMNS: readonly EventColumn[] = [
  ...FACT_COLUMNS,
  ...SESSION_COLUMNS,
  'engaged_ms',
  'scroll_percent',
  ...MONEY_COLUMNS,
];

export const isGoal = (condition: Condition): Sql => conditionSql(condition);

/** True but for repeats of an order: the first event received with an order id is the one that counts. */
export function isFirstOfOrder(scope: EventScope): Sql {
  return sql`(order_id = '' OR (received_time, event_id) IN (
        ${firstOfOrders(scope)}
      ))`;
}

/** The table `orders` knows; but an event that the site's rules exclude cannot take an order's place. */
function firstOfOrders(scope: EventScope): Sql {
  const siteId = bind('site_id', 'String', scope.siteId);
  const asked = scope.areFewVisitors
    ? sql` AND order_id IN (SELECT order_id FROM ${eventsOf(scope)} WHERE site_id = ${siteId} AND ${isWithin(rangeOf(scope))} AND order_id != ''${andOfFewVisitors(scope)})`
    : sql``;
  if (!hasExclusions(scope))
    return sql`SELECT min(first_received) FROM orders WHERE site_id = ${siteId}${asked} GROUP BY order_id`;
  return sql`SELECT min((received_time, event_id)) FROM ${eventsOf(scope)}
        WHERE site_id = ${siteId} AND order_id != '' AND NOT is_bot AND NOT is_test${asked} GROUP BY order_id`;
}

/** Revenue as a whole number, which adds up exactly. */
export const TEN_THOUSANDTHS = sql`toInt64(toDecimal128(revenue, 4) * 10000)`;

export const rateShape = {
  conversions: z.number().int(),
  conversion_rate: z.number().nullable(),
  rate_low: z.number().nullable(),
  rate_high: z.number().nullable(),
} as const;

export const moneyShape = z.array(z.object({ currency: z.string(), amount: z.number() }));

export const GOAL_DEFINITIONS = {
  conversions:
    'Different persons who fulfilled the goal in the period, within the sessions that the filters choose.',
  conversion_rate: 'Persons who fulfilled the goal ÷ persons under the same filters and period.',
  rate_low: 'Lower end of the 95 % Wilson interval of the rate.',
  rate_high: 'Upper end of the 95 % Wilson interval of the rate.',
  goal_events: 'Events that fulfilled the goal; an order counts once.',
  revenue: 'What these events brought, by currency; an order counts once. Currencies are never added up.',
} as const;

/** `conversion_rate`, `rate_low`, `rate_high` of `part` among `whole`; NULL where there is nobody. Wilson 1927. */
export function rateColumns(part: Sql, whole: Sql): Sql {
  const z2 = sql`3.841458820694124`;
  const centre = sql`(${part} + ${z2} / 2) / (${whole} + ${z2})`;
  const half = sql`1.959963984540054 * sqrt(${part} * (${whole} - ${part}) / ${whole} + ${z2} / 4) / (${whole} + ${z2})`;
  return sql`
  if(${whole} = 0, NULL, ${part} / ${whole}) AS conversion_rate,
  if(${whole} = 0, NULL, greatest(0, ${centre} - ${half})) AS rate_low,
  if(${whole} = 0, NULL, least(1, ${centre} + ${half})) AS rate_high`;
}
