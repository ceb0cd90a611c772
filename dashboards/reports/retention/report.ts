import { z } from 'zod';
import { bind, joinSql, type Sql, sql } from '../../sql.ts';
import { conditionShape, conditionSql } from '../conditions.ts';
import { dimensionShape, isSessionDimension } from '../dimensions.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import type { EventScope } from '../events/scope.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { INTERVALS, intervalStarts, nextOf, toLocalTime } from '../period/calendar.ts';
import { intervalNumber } from '../period/interval-sql.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { valueOfEvent } from '../sessions/value-of-event.ts';

const bracket = z
  .strictObject({ from: z.number().int().min(0).max(400), to: z.number().int().min(0).max(400) })
  .refine(({ from, to }) => from <= to, 'Expected the first interval not to lie after the last');

export const retentionParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  start: conditionShape.optional().describe('What puts a visitor into a cohort. Default: a page view.'),
  comeBack: conditionShape.optional().describe('What counts as coming back. Default: a page view.'),
  cohortBy: z
    .enum(['first', 'any'])
    .default('first')
    .describe('`first`: once, by the first start ever. `any`: in every interval with a start.'),
  interval: z.enum(INTERVALS).default('week'),
  mode: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.enum(['exact', 'rolling']),
        intervals: z.number().int().min(1).max(100).default(12),
      }),
      z.strictObject({ kind: z.literal('bracket'), brackets: z.array(bracket).min(1).max(50) }),
    ])
    .default({ kind: 'exact', intervals: 12 })
    .describe(
      '`exact`: came back in interval n. `rolling`: in n or later. `bracket`: in any interval of the bracket.',
    ),
  breakdown: dimensionShape
    .optional()
    .describe('By the value at the start that put the visitor into the cohort.'),
});

export const retentionRow = z.object({
  value: z.string().describe('Of the breakdown, else ""'),
  cohort_start: z.string().describe('On the wall of the site; "" is all cohorts together'),
  cohort_start_ms: z.number().int(),
  people: z.number().int(),
  from: z.number().int().describe('Intervals after that of the start; both ends included'),
  to: z.number().int().nullable().describe('null: any later one'),
  returned: z.number().int(),
  retention_rate: z.number().nullable(),
  churn_rate: z.number().nullable(),
  is_complete: z.boolean(),
});

export type RetentionParameters = z.input<typeof retentionParameters>;
export type RetentionRow = z.infer<typeof retentionRow>;

const PAGE_VIEW = { event: 'page_view' } as const;
/** Before any event, and late enough that a day less is still a date of ClickHouse's. */
const BEFORE_ALL_MS = Date.UTC(1990, 0, 1);

export const retention = defineReport({
  name: 'retention',
  title: 'Retention',
  description:
    'Of the visitors who started in an interval, how many came back in the ones after it. Visitors without a lasting id cannot be followed past their day: by days and longer they never come back.',
  parameters: retentionParameters,
  row: retentionRow,
  definitions: {
    cohort_start_ms: 'The cohort’s first moment; 0 for all cohorts together.',
    people: 'Persons who started in the interval, the size of the cohort.',
    returned:
      'Those of them who came back in the interval(s); never before their start, and the start itself counts if it fits.',
    retention_rate: 'Returned ÷ people.',
    churn_rate: '1 − retention rate.',
    is_complete:
      'Whether the interval is over; of an unfinished one the rate may still rise. All cohorts together: those for which it is over.',
  },
  compose(parameters, { scope, timeZone }) {
    const { interval, mode } = parameters;
    const cells = cellsOf(mode);
    const starts = intervalStarts(interval, scope.fromMs, scope.toMs, timeZone);
    const bounds = bind('starts', 'Array(Int64)', starts);
    const names = starts.map((at) => toLocalTime(at, timeZone));
    const number = (at: Sql) => intervalNumber(interval, at, timeZone);
    const ever = bind('ever', 'Int64', EVER);
    return sql`
-- Retention: of the persons who started in an interval, how many came back n intervals later.
-- Cohorts are those of starts in [{from}, {to}), by local intervals; coming back is never before the start. A person stands
-- once in a cohort. The row without a cohort adds up those cohorts for which the interval is over.
WITH
  people AS (${peopleOf(parameters, reachOf(parameters, cells, scope, timeZone))}
  ),
  members AS (${membersOf(parameters, scope, number)}
  ),
  cells AS (
    SELECT
      value, cohort, cell.1 AS first, cell.2 AS last,
      count() AS people,
      countIf(arrayExists(n -> n >= first AND n <= last, came)) AS returned,
      cohort + if(last = ${ever}, first, last) < ${number(bind('now', 'Int64', scope.nowMs))} AS is_complete
    FROM members
    ARRAY JOIN [${joinSql(cells.map(({ from, to }) => sql`(${bind('cell_from', 'Int64', from)}, ${bind('cell_to', 'Int64', to)})`))}] AS cell
    GROUP BY value, cohort, first, last
  )
SELECT
  value,
  if(is_sum, '', ${bind('names', 'Array(String)', names)}[place]) AS cohort_start,
  if(is_sum, 0, ${bounds}[place]) AS cohort_start_ms,
  people,
  first AS from,
  if(last = ${ever}, NULL, last) AS to,
  returned,
  if(people = 0, NULL, returned / people) AS retention_rate,
  if(people = 0, NULL, 1 - returned / people) AS churn_rate,
  CAST(is_complete, 'Bool') AS is_complete
FROM (
  SELECT value, false AS is_sum, indexOf(arrayMap(one -> ${number(sql`one`)}, ${bounds}), cohort) AS place, first, last, people, returned, is_complete FROM cells
  UNION ALL
  SELECT value, true, 0, first, last, sumIf(people, is_complete), sumIf(returned, is_complete), true FROM cells GROUP BY value, first, last
)
ORDER BY value, is_sum DESC, place, first, last`;
  },
});

type Asked = z.output<typeof retentionParameters>;
type Cell = { from: number; to: number };

function cellsOf(mode: Asked['mode']): Cell[] {
  if (mode.kind === 'bracket') return mode.brackets;
  return Array.from({ length: mode.intervals }, (_, n) => ({
    from: n,
    to: mode.kind === 'exact' ? n : EVER,
  }));
}

/** All that may be a first start, and all that may be a coming back. */
function reachOf(
  { cohortBy, interval, mode }: Asked,
  cells: readonly Cell[],
  scope: EventScope,
  timeZone: string,
): EventScope {
  const furthest = Math.max(...cells.map(({ from, to }) => (to === EVER ? from : to)));
  let endMs = scope.toMs;
  for (let count = 0; count <= furthest && endMs < scope.nowMs; count += 1)
    endMs = nextOf(interval, endMs, timeZone);
  return {
    ...scope,
    fromMs: cohortBy === 'first' ? BEFORE_ALL_MS : scope.fromMs,
    toMs: mode.kind === 'rolling' ? Math.max(scope.nowMs + 1, scope.toMs) : endMs,
  };
}

/** A row per person: the starts with their values, in order of time, and when they came back. */
function peopleOf(
  { start = PAGE_VIEW, comeBack = PAGE_VIEW, breakdown, filters = [] }: Asked,
  reach: EventScope,
): Sql {
  const facts = breakdown && isSessionDimension(breakdown) ? [breakdown] : [];
  return sql`
    SELECT
      person,
      arraySort(groupArrayIf((at, ${breakdown ? valueOfEvent(breakdown) : sql`''`}), ${conditionSql(start)})) AS starts,
      groupArrayIf(at, ${conditionSql(comeBack)}) AS returns
    FROM (${selectedEvents({ scope: reach, filters, columns: EVENT_COLUMNS, needsSessions: false, facts })}
    )
    WHERE at >= ${bind('reach_from', 'Int64', reach.fromMs)} AND at < ${bind('reach_to', 'Int64', reach.toMs)}
    GROUP BY person
    HAVING notEmpty(starts)`;
}

/** A row per person and cohort: in which intervals, counted from the start's, they came back. */
function membersOf({ cohortBy }: Asked, scope: EventScope, number: (at: Sql) => Sql): Sql {
  const inPeriod = sql`one.1 >= ${bind('from', 'Int64', scope.fromMs)} AND one.1 < ${bind('to', 'Int64', scope.toMs)}`;
  return sql`
    SELECT
      ${number(sql`entry.1`)} AS cohort,
      entry.2 AS value,
      arrayDistinct(arrayMap(one -> ${number(sql`one`)} - cohort, arrayFilter(one -> one >= entry.1, returns))) AS came
    FROM (
      SELECT
        returns,
        arrayFilter(one -> ${inPeriod}, ${cohortBy === 'first' ? sql`arraySlice(starts, 1, 1)` : sql`starts`}) AS entries,
        -- The first start of each interval.
        arrayFilter((one, place) -> place = 1 OR ${number(sql`one.1`)} != ${number(sql`entries[place - 1].1`)}, entries, arrayEnumerate(entries)) AS firsts
      FROM people
    )
    ARRAY JOIN firsts AS entry`;
}

/** "Or later", as a number beyond all others. */
const EVER = 1_000_000_000;
