import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { conditionColumns, conditionShape, conditionSql } from '../conditions.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { intervalStarts, toLocalTime } from '../period/calendar.ts';
import { intervalNumber } from '../period/interval-sql.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';

export const lifecycleParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  event: conditionShape.optional().describe('What counts as being active. Default: a page view.'),
  interval: z
    .enum(['day', 'week', 'month'])
    .default('week')
    .describe('How long an interval is, on the wall of the site.'),
});

const count = z.number().int();
export const lifecycleRow = z.object({
  interval_start: z.string(),
  interval_start_ms: count,
  new: count,
  returning: count,
  resurrecting: count,
  dormant: count,
  is_unfinished: z.boolean(),
});
export type LifecycleParameters = z.input<typeof lifecycleParameters>;
export type LifecycleRow = z.infer<typeof lifecycleRow>;

/** Before any event, and late enough that a day less is still a date of ClickHouse's. */
const BEFORE_ALL_MS = Date.UTC(1990, 0, 1);

export const lifecycle = defineReport({
  name: 'lifecycle',
  title: 'Lifecycle',
  description:
    'Who is new, who returned, who came back after a pause and who stayed away, interval by interval. Visitors without a lasting id are new each day.',
  parameters: lifecycleParameters,
  row: lifecycleRow,
  definitions: {
    interval_start: 'On the wall of the site, `YYYY-MM-DD HH:MM:SS`.',
    interval_start_ms: 'The interval’s first moment.',
    is_unfinished: 'Whether the interval is not over, so that its numbers still change.',
    new: 'Persons active for the first time ever.',
    returning: 'Persons active in this interval and in the one before.',
    resurrecting: 'Persons active in this interval, not in the one before, but earlier.',
    dormant: 'Persons active in the interval before, and not in this one.',
  },
  compose({ event = { event: 'page_view' }, interval, filters = [] }, { scope, timeZone }) {
    const starts = intervalStarts(interval, scope.fromMs, scope.toMs, timeZone);
    const bounds = bind('starts', 'Array(Int64)', starts);
    const names = bind(
      'names',
      'Array(String)',
      starts.map((start) => toLocalTime(start, timeZone)),
    );
    const reach = { ...scope, fromMs: BEFORE_ALL_MS, toMs: Math.min(scope.toMs, scope.nowMs + 1) };
    return sql`
-- Lifecycle: new, returning, resurrecting and dormant persons per local interval of [{from}, {to}).
-- Reads all that went before, for "new" is for the first time ever.
WITH
  arrayMap(one -> ${intervalNumber(interval, sql`one`, timeZone)}, ${bounds}) AS numbers,
  active AS (
    SELECT person, groupUniqArray(${intervalNumber(interval, sql`at`, timeZone)}) AS met
    FROM (${selectedEvents({ scope: reach, filters, columns: conditionColumns(event), needsSessions: false })}
    )
    WHERE at < ${bind('until', 'Int64', reach.toMs)} AND ${conditionSql(event)}
    GROUP BY person
  )
SELECT
  ${names}[place] AS interval_start,
  ${bounds}[place] AS interval_start_ms,
  countIf(has(met, number) AND arrayMin(met) = number) AS new,
  countIf(has(met, number) AND has(met, number - 1)) AS returning,
  countIf(has(met, number) AND NOT has(met, number - 1) AND arrayMin(met) < number) AS resurrecting,
  countIf(NOT has(met, number) AND has(met, number - 1)) AS dormant,
  CAST(if(place = length(${bounds}), ${bind('to', 'Int64', scope.toMs)}, ${bounds}[place + 1]) > ${bind('now', 'Int64', scope.nowMs)}, 'Bool') AS is_unfinished
FROM (SELECT arrayJoin(arrayEnumerate(${bounds})) AS place, numbers[place] AS number) AS places
LEFT JOIN active ON true
GROUP BY place
ORDER BY place`;
  },
});
