import { z } from 'zod';
import { sql } from '../../sql.ts';
import { conditionColumns, conditionShape, conditionSql } from '../conditions.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { INTERVALS } from '../period/calendar.ts';
import { intervalNumber } from '../period/interval-sql.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { inPeriod } from '../sessions/measures.ts';

export const stickinessParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  event: conditionShape.optional().describe('What counts as being active. Default: a page view.'),
  interval: z
    .enum(INTERVALS)
    .default('day')
    .describe('What is counted: the hours, days, weeks or months in which a person was active.'),
});

export const stickinessRow = z.object({
  intervals: z.number().int().describe('In exactly so many intervals of the period'),
  people: z.number().int(),
  share: z.number(),
  people_or_more: z.number().int(),
});
export type StickinessParameters = z.input<typeof stickinessParameters>;
export type StickinessRow = z.infer<typeof stickinessRow>;

export const stickiness = defineReport({
  name: 'stickiness',
  title: 'Stickiness',
  description:
    'On how many days (hours, weeks, months) of the period the same visitors were active. Visitors without a lasting id are active on one day.',
  parameters: stickinessParameters,
  row: stickinessRow,
  definitions: {
    people: 'Persons active in exactly so many intervals.',
    people_or_more: 'Persons active in so many intervals or more.',
    share: 'Of all persons active in the period.',
  },
  matchBy: 'intervals',
  compose({ event = { event: 'page_view' }, interval, filters = [] }, { scope, timeZone }) {
    return sql`
-- Stickiness: persons by the number of local intervals of [{from}, {to}) in which they were active.
SELECT
  intervals, people,
  people / sum(people) OVER () AS share,
  sum(people) OVER (ORDER BY intervals DESC) AS people_or_more
FROM (
  SELECT intervals, count() AS people
  FROM (
    SELECT person, uniqExact(${intervalNumber(interval, sql`at`, timeZone)}) AS intervals
    FROM (${selectedEvents({ scope, filters, columns: conditionColumns(event), needsSessions: false })}
    )
    WHERE ${inPeriod(scope)} AND ${conditionSql(event)}
    GROUP BY person
  )
  GROUP BY intervals
)
ORDER BY intervals`;
  },
});
