import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { isWithin } from '../events/within.ts';
import { INTERVALS, intervalStarts, toLocalTime } from '../period/calendar.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { isExcluded } from '../rules/reading.ts';
import { intervalPlace } from '../sessions/part-of.ts';

export const dataQualityParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  interval: z
    .enum(INTERVALS)
    .optional()
    .describe('One set of rows per interval. Without it: one for the whole period.'),
});

export const dataQualityRow = z.object({
  interval_start: z
    .string()
    .describe('On the wall of the site, `YYYY-MM-DD HH:MM:SS`; "" for the whole period'),
  measure: z
    .string()
    .describe(
      'stored, late, skewed, bot, test, unplanned, excluded, or why events were not stored: malformed, duplicate, …',
    ),
  is_stored: z.boolean(),
  events: z.number().int(),
  share: z.number(),
});
export type DataQualityParameters = z.input<typeof dataQualityParameters>;
export type DataQualityRow = z.infer<typeof dataQualityRow>;

/** Later than this is late: the page was offline, or sent it when it was shown again. */
const LATE_MS = 60 * 60_000;

export const dataQuality = defineReport({
  name: 'data-quality',
  title: 'Data quality',
  description:
    'How many events came late, with a wrong clock, from bots, against the tracking plan, and how many were not stored, by reason. Counts events, not visitors. Stored events lie at the time when they happened, the others at the time when they were received.',
  parameters: dataQualityParameters,
  row: dataQualityRow,
  definitions: {
    measure:
      'stored: all that are. late: received more than an hour after they happened, imports aside. skewed: the sender’s clock was off by 5 minutes or more, or named the future. unplanned: the tracking plan does not foresee it. duplicate: its id was stored before. excluded: a rule of the site takes it out of the reports. policy: the site’s settings do not take it.',
    is_stored: 'False: these events are in no report.',
    events: 'An event may bear several measures.',
    share: 'Of all events, stored or not.',
  },
  matchBy: 'measure',
  compose({ interval }, { scope, timeZone }) {
    const starts = interval ? intervalStarts(interval, scope.fromMs, scope.toMs, timeZone) : [scope.fromMs];
    const names = interval ? starts.map((start) => toLocalTime(start, timeZone)) : [''];
    const siteId = bind('site_id', 'String', scope.siteId);
    const from = bind('from', 'Int64', scope.fromMs);
    const to = bind('to', 'Int64', scope.toMs);
    return sql`
-- Data quality: events of [{from}, {to}) by what is remarkable about them, and those that were not stored, by reason.
-- Counts events; bots and tests too. An event that was corrected or late counts under each of its measures.
SELECT
  ${bind('interval_names', 'Array(String)', names)}[place] AS interval_start,
  measure, is_stored, events,
  events / sum(if(measure = 'stored' OR NOT is_stored, events, 0)) OVER (PARTITION BY place) AS share
FROM (
  SELECT ${intervalPlace(starts).key} AS place, measure, is_stored, sum(events) AS events
  FROM (
    SELECT
      toUnixTimestamp64Milli(time) AS at,
      arrayJoin(arrayFilter(one -> one != '', [
        'stored',
        if(sent_by != 'import' AND received_time > addMilliseconds(time, ${bind('late_ms', 'Int64', LATE_MS)}), 'late', ''),
        if(is_time_corrected, 'skewed', ''),
        if(is_bot, 'bot', ''),
        if(is_test, 'test', ''),
        if(plan_fault != '', 'unplanned', ''),
        if(${isExcluded(scope)}, 'excluded', '')
      ])) AS measure,
      true AS is_stored,
      1 AS events
    FROM events
    WHERE site_id = ${siteId}
      AND ${isWithin(scope)}
    UNION ALL
    SELECT toInt64(toUnixTimestamp(time)) * 1000 AS at, reason AS measure, false AS is_stored, events
    FROM dropped_events
    WHERE site_id = ${siteId}
      AND time >= toDateTime(fromUnixTimestamp64Milli(${from}, 'UTC'))
      AND time < toDateTime(fromUnixTimestamp64Milli(${to}, 'UTC'))
  )
  GROUP BY place, measure, is_stored
)
ORDER BY place, is_stored DESC, measure = 'stored' DESC, events DESC, measure`;
  },
});
