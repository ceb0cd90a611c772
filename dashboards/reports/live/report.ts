/** Who is on the site now: visitors of the last five minutes, and the last half hour minute by minute. */
import { z } from 'zod';
import { bind, identifiers, type Sql, sql } from '../../sql.ts';
import { isWithin } from '../events/within.ts';
import { eventsOf } from '../rules/reading.ts';
import type { EventRules } from '../rules/rules.ts';
import type { ReportSite } from '../run.ts';

const HALF_AN_HOUR_MS = 1_800_000;

export const liveParameters = z.strictObject({});

const ranked = z.array(z.object({ value: z.string(), visitors: z.number().int() }));

export const liveRow = z.object({
  visitors_now: z.number().int(),
  visitors_30_minutes: z.number().int(),
  page_views_30_minutes: z.number().int(),
  minutes: z
    .array(
      z.object({ minutes_ago: z.number().int(), visitors: z.number().int(), page_views: z.number().int() }),
    )
    .describe('From 29 minutes ago to now'),
  pages: ranked.describe('What the visitors of now look at: their last page view'),
  sources: ranked,
  countries: ranked,
  devices: ranked,
});
export type LiveRow = z.infer<typeof liveRow>;

export const LIVE_DEFINITIONS = {
  visitors_now: 'Visitors with an event in the last five minutes, engagement included.',
  visitors_30_minutes: 'Visitors with an event in the last 30 minutes.',
  page_views_30_minutes: 'Page views in the last 30 minutes.',
  sources: 'Of the visitors of now: where the first page view of the last 30 minutes came from.',
  countries: 'Of the visitors of now.',
  devices: 'Of the visitors of now.',
} as const;

/** Of no visitor at all the query still yields a row; this is for no answer. */
export const NOBODY: LiveRow = {
  visitors_now: 0,
  visitors_30_minutes: 0,
  page_views_30_minutes: 0,
  minutes: [],
  pages: [],
  sources: [],
  countries: [],
  devices: [],
};

/** Reads the last half hour alone. Events count as soon as they are in the table, within seconds of the 202. */
export function composeLive(site: ReportSite, nowMs: number, rules: EventRules): Sql {
  const now = bind('now', 'Int64', nowMs);
  const minute = sql`toUInt8(intDiv(${now} - toUnixTimestamp64Milli(time), 60000))`;
  return sql`
-- Live: who is here. Counts browsers' visitors with an event in the last 30 minutes by event time; a visitor stands at the
-- page they viewed last, with the source of that page view.
SELECT
  countIf(is_now) AS visitors_now,
  count() AS visitors_30_minutes,
  sum(page_views) AS page_views_30_minutes,
  arrayMap(
    ago -> CAST((
      ago,
      arrayCount(seen -> has(seen, ago), groupArray(active_minutes)),
      arrayCount(viewed -> viewed = ago, groupArrayArray(viewed_minutes))
    ), 'Tuple(minutes_ago UInt8, visitors UInt64, page_views UInt64)'),
    arrayReverse(range(30))
  ) AS minutes,
  ${top('last_path')} AS pages,
  ${top('last_source')} AS sources,
  ${top('last_country')} AS countries,
  ${top('last_device')} AS devices
FROM (
  SELECT
    visitor_id,
    max(time) > fromUnixTimestamp64Milli(${now} - 300000, 'UTC') AS is_now,
    countIf(kind = 'page_view') AS page_views,
    groupUniqArray(${minute}) AS active_minutes,
    groupArrayIf(${minute}, kind = 'page_view') AS viewed_minutes,
    argMaxIf(path, time, kind = 'page_view') AS last_path,
    argMinIf(toString(source), time, kind = 'page_view') AS last_source,
    argMaxIf(toString(country), time, country != '') AS last_country,
    argMaxIf(toString(device), time, device != '') AS last_device
  FROM ${eventsOf({ rules })}
  WHERE site_id = ${bind('site_id', 'String', site.siteId)}
    AND ${isWithin({ fromMs: nowMs - HALF_AN_HOUR_MS + 1, toMs: nowMs + 1 })}
    AND NOT is_bot AND (NOT is_test OR ${bind('counts_tests', 'Bool', site.countsTests)}) AND sent_by != 'server'
  GROUP BY visitor_id
)`;
}

const column = identifiers(['last_path', 'last_source', 'last_country', 'last_device']);

/** The ten most frequent values among the visitors of now. Counted in one pass: each may be on a page of their own. */
function top(name: Parameters<typeof column>[0]): Sql {
  const counts = sql`sumMapIf([${column(name)}], [toUInt64(1)], is_now)`;
  return sql`CAST(arraySlice(arrayReverseSort(one -> (one.2, one.1), arrayZip((${counts}).1, (${counts}).2)), 1, 10),
    'Array(Tuple(value String, visitors UInt64))')`;
}
