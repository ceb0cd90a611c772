/** Local intervals in SQL: a number per interval that grows by one from each to the next, whatever the clock does. */
import { bind, type Sql, sql } from '../../sql.ts';
import type { Interval } from './calendar.ts';

const HOUR_MS = 3_600_000;

/** `at` is in ms since the epoch. An hour of the clock that comes twice is two hours; a week begins on Monday. */
export function intervalNumber(interval: Interval, at: Sql, timeZone: string): Sql {
  const local = sql`fromUnixTimestamp64Milli(${at}, ${bind('time_zone', 'String', timeZone)})`;
  switch (interval) {
    case 'hour':
      return sql`intDiv(${at} + ${bind('hour_shift', 'Int64', hourShift(timeZone))}, ${bind('hour', 'Int64', HOUR_MS)})`;
    case 'day':
      return sql`toInt64(toDate32(${local}))`;
    case 'week':
      // 1970 began on a Thursday.
      return sql`intDiv(toInt64(toDate32(${local})) + 3, 7)`;
    case 'month':
      return sql`toInt64(toYear(${local})) * 12 + toMonth(${local})`;
  }
}

/** Zones in use change by whole hours, but some lie half an hour beside the others. */
function hourShift(timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, minute: 'numeric' });
  return (Number(format.format(0)) || 0) * 60_000;
}
