import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { type Filter, filtersShape } from '../filters/filters.ts';
import { METRIC_DEFINITIONS, metricsShape } from '../metrics/metrics.ts';
import { INTERVALS, intervalStarts, toLocalTime } from '../period/calendar.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { dayPlace, intervalPlace } from '../sessions/part-of.ts';
import { sessionsOf } from '../sessions/sessions.ts';

export const overviewParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  interval: z
    .enum(INTERVALS)
    .default('day')
    .describe('How finely the rows divide the period, in local time.'),
});

export const overviewRow = z.object({
  interval_start: z.string().describe('On the wall of the site, `YYYY-MM-DD HH:MM:SS`'),
  interval_start_ms: z.number().int().describe('The same moment, ms since the epoch'),
  is_unfinished: z.boolean(),
  ...metricsShape,
});

export type OverviewParameters = z.input<typeof overviewParameters>;
export type OverviewRow = z.infer<typeof overviewRow>;

export const overview = defineReport({
  name: 'overview',
  title: 'Overview',
  description:
    'How many visitors, sessions and page views a period had, and how its sessions went; over time. A session and its visitor count in every interval in which they have an event, so intervals do not add up to the total.',
  parameters: overviewParameters,
  row: overviewRow,
  definitions: {
    is_unfinished: 'Whether the interval is not over, so that its numbers still grow.',
    ...METRIC_DEFINITIONS,
  },
  compose({ filters = [], interval }, { scope, timeZone }) {
    const starts = intervalStarts(interval, scope.fromMs, scope.toMs, timeZone);
    const bounds = bind('interval_starts', 'Array(Int64)', starts);
    const names = bind(
      'interval_names',
      'Array(String)',
      starts.map((start) => toLocalTime(start, timeZone)),
    );
    const sessions = sessionsOf({
      scope,
      filters: filters satisfies Filter[],
      part: interval === 'hour' ? intervalPlace(starts) : dayPlace(starts),
    });
    return sql`
-- Overview: how many visitors, sessions and page views there were, in all and over time.
-- Counts persons with a session that has an event in [{from}, {to}); a session counts in every interval it touches, with
-- its bounce, duration and engaged time as a whole. Row 0 is the whole period; intervals without a session are there too.
WITH
  numbers AS (
    SELECT
      part.1 AS place,
      uniqExactArray(part.3) AS visitors,
      count() AS sessions,
      sum(part.2) AS page_views,
      avg(is_bounce) AS bounce_rate,
      avg(duration_ms) AS session_duration_ms,
      avg(engaged_ms) AS engaged_ms
    FROM (${sessions}
    )
    ARRAY JOIN arrayPushFront(parts, (0, views_in_period, persons, 0, 0, 0, opener, closer)) AS part
    GROUP BY place
  )
SELECT
  CAST(place = 0, 'Bool') AS is_total,
  if(is_total, '', ${names}[place]) AS interval_start,
  if(is_total, 0, ${bounds}[place]) AS interval_start_ms,
CAST(if(is_total OR place = length(${bounds}), ${bind('to', 'Int64', scope.toMs)}, ${bounds}[place + 1]) > ${bind('now', 'Int64', scope.nowMs)}, 'Bool') AS is_unfinished,
  visitors, sessions, page_views,
  if(sessions = 0, NULL, bounce_rate) AS bounce_rate,
  if(sessions = 0, NULL, session_duration_ms) AS session_duration_ms,
  if(sessions = 0, NULL, engaged_ms) AS engaged_ms,
  if(sessions = 0, NULL, page_views / sessions) AS views_per_session
FROM (SELECT arrayJoin(range(length(${bounds}) + 1)) AS place) AS places
LEFT JOIN numbers USING (place)
ORDER BY place`;
  },
});
