/**
 * Settled days: local days that are over, whose sessions are stored (collector/schema/012-settled-days.sql). A session
 * that lies more than its gap away from both ends of such a day depends on that day's events alone, so it is read as it
 * is stored; all other events of the day, and those of days that are not settled, are derived as ever.
 */
import type { Storage } from '../../../collector/storage/storage.ts';
import type { EventScope, Range } from '../events/scope.ts';
import { addDays, startOfDay } from '../period/calendar.ts';

export type SettledDay = {
  day: string;
  fromMs: number;
  toMs: number;
  version: number;
  /** What visitors did, as funnels read it (collector/schema/018-day-words.sql). */
  deeds: {
    count: number;
    /** In the order of their places. */
    placedNames: readonly string[];
    hasLongWords: boolean;
    hasSales: boolean;
  };
};

type DayRow = {
  day: string;
  from_ms: number;
  to_ms: number;
  version: number;
  deed_count: number;
  placed_names: string[];
  has_long_words: boolean;
  has_sales: boolean;
};

/** Those whose events are still the ones that they were settled with, and whose hours are still the time zone's. */
export async function readSettledDays(
  reader: Pick<Storage, 'query'>,
  siteId: string,
  timeZone: string,
): Promise<SettledDay[]> {
  const { rows } = await reader.query<DayRow>(SETTLED_DAYS, { parameters: { site_id: siteId } });
  return rows
    .filter(
      ({ day, from_ms: fromMs, to_ms: toMs }) =>
        startOfDay(day, timeZone) === fromMs && startOfDay(addDays(day, 1), timeZone) === toMs,
    )
    .map(({ day, from_ms: fromMs, to_ms: toMs, version, ...row }) => ({
      day,
      fromMs,
      toMs,
      version,
      deeds: {
        count: row.deed_count,
        placedNames: row.placed_names,
        hasLongWords: row.has_long_words,
        hasSales: row.has_sales,
      },
    }));
}

const SETTLED_DAYS = `
SELECT
  toString(day) AS day, any(toUnixTimestamp64Milli(newest.1)) AS from_ms, any(toUnixTimestamp64Milli(newest.2)) AS to_ms,
  any(newest.3) AS version, any(newest.5) AS placed_names, any(newest.6) AS has_long_words, any(newest.7) AS has_sales,
  any(newest.8) AS deed_count
FROM (
  SELECT site_id, quarter, sum(id_sum) AS quarter_sum
  FROM event_sums
  WHERE site_id = {site_id:String}
  GROUP BY site_id, quarter
) AS sums
ASOF INNER JOIN (
  SELECT site_id, day, argMax((from_time, to_time, version, id_sum, placed_names, has_long_words, has_sales, deed_count), settled_time) AS newest, newest.1 AS begins
  FROM settled_days
  WHERE site_id = {site_id:String}
  GROUP BY site_id, day
) AS days ON sums.site_id = days.site_id AND toDateTime64(sums.quarter, 3, 'UTC') >= days.begins
WHERE toDateTime64(quarter, 3, 'UTC') < newest.2
GROUP BY day
HAVING sum(quarter_sum) = any(newest.4)
ORDER BY day`;

export type SettledReading = {
  /** Whose stored sessions lie in the period; in order of time. */
  inside: SettledDay[];
  /** Besides those, the days next to the period: of these only what is at their edges matters. */
  all: SettledDay[];
  /** What is read from `events`: the range but for the settled days. */
  unsettled: Range[];
};

/** What to read from where, of a range around a period. Undefined if no day of the period is settled. */
export function toReading(
  days: readonly SettledDay[],
  { fromMs, toMs, nowMs }: Pick<EventScope, 'fromMs' | 'toMs' | 'nowMs'>,
  range: Range,
): SettledReading | undefined {
  const isWithin = (day: SettledDay) => day.fromMs >= fromMs && day.toMs <= toMs;
  const isBeside = (day: SettledDay) => day.toMs <= fromMs || day.fromMs >= toMs;
  const all = days
    .filter((day) => day.fromMs >= range.fromMs && day.toMs <= Math.min(range.toMs, nowMs))
    .filter((day) => isWithin(day) || isBeside(day))
    .sort((a, b) => a.fromMs - b.fromMs);
  const inside = all.filter(isWithin);
  return inside.length === 0 ? undefined : { inside, all, unsettled: without(range, all) };
}

/** `days` in order of time, none over another. */
function without(range: Range, days: readonly SettledDay[]): Range[] {
  const ranges: Range[] = [];
  let fromMs = range.fromMs;
  for (const day of days) {
    if (day.fromMs > fromMs) ranges.push({ fromMs, toMs: day.fromMs });
    fromMs = day.toMs;
  }
  if (fromMs < range.toMs) ranges.push({ fromMs, toMs: range.toMs });
  return ranges;
}
