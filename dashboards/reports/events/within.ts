/** A range of time, and a choice of visitors, as tests on `events`. */
import { bind, type Sql, sql } from '../../sql.ts';
import type { EventScope, Range } from './scope.ts';

/**
 * The day is said besides: the table is in the order of days, and the engine does not conclude from a time in
 * milliseconds which days that are. Without it a whole month is read for an hour.
 */
export function isWithin({ fromMs, toMs }: Range): Sql {
  const from = sql`fromUnixTimestamp64Milli(${bind('range_from', 'Int64', fromMs)}, 'UTC')`;
  const to = sql`fromUnixTimestamp64Milli(${bind('range_to', 'Int64', toMs)}, 'UTC')`;
  return sql`(time >= ${from} AND time < ${to} AND toDate(time) >= toDate(${from}) AND toDate(time) <= toDate(${to}))`;
}

/** Empty where all visitors are meant. */
export function andOfVisitors({ ofVisitors }: Pick<EventScope, 'ofVisitors'>): Sql {
  return ofVisitors ? sql` AND ${ofVisitors}` : sql``;
}

/** For small tables: empty too where it takes longer to tell the visitors than to read all that they hold. */
export function andOfFewVisitors(scope: Pick<EventScope, 'ofVisitors' | 'areFewVisitors'>): Sql {
  return scope.areFewVisitors ? andOfVisitors(scope) : sql``;
}
