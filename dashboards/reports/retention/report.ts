import { z } from 'zod';
import { bind, type Sql, sql } from '../../sql.ts';
import { conditionColumns, conditionShape, conditionSql } from '../conditions.ts';
import { dimensionShape, isSessionDimension } from '../dimensions.ts';
import { FACT_COLUMNS } from '../events/columns.ts';
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
  interval: z.enum(INTERVALS).default('week').describe('How long an interval is, on the wall of the site.'),
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
    const firsts = bind(
      'cells_from',
      'Array(Int64)',
      cells.map(({ from }) => from),
    );
    const lasts = bind(
      'cells_to',
      'Array(Int64)',
      cells.map(({ to }) => to),
    );
    const ever = bind('ever', 'Int64', EVER);
    return sql`
-- Retention: of the persons who started in an interval, how many came back n intervals later.
-- Cohorts are those of starts in [{from}, {to}), by local intervals; coming back is never before the start. A person stands
-- once in a cohort. The row without a cohort adds up those cohorts for which the interval is over.
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
  SELECT
    value, is_sum, if(is_sum, 0, indexOf(arrayMap(one -> ${number(sql`one`)}, ${bounds}), cohort)) AS place, cell,
    ${firsts}[cell] AS first, ${lasts}[cell] AS last,
    is_sum OR max(is_over) AS is_complete,
    sumIf(members, is_over OR NOT is_sum) AS people,
    sumIf(returned_in[cell], is_over OR NOT is_sum) AS returned
  FROM (
    SELECT
      *, cell, cohort + if(${lasts}[cell] = ${ever}, ${firsts}[cell], ${lasts}[cell]) < ${number(bind('now', 'Int64', scope.nowMs))} AS is_over
    FROM (
      SELECT
        value, cohort, count() AS members,
        sumForEach(arrayMap((first, last) -> toUInt64(arrayExists(n -> n >= first AND n <= last, came)), ${firsts}, ${lasts})) AS returned_in
      FROM (${membersOf(parameters, reachOf(parameters, cells, scope, timeZone), scope, number)}
      )
      GROUP BY value, cohort
    )
    ARRAY JOIN arrayEnumerate(${firsts}) AS cell
  )
  ARRAY JOIN [false, true] AS is_sum
  GROUP BY value, is_sum, place, cell
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

/** A row per person and cohort: in which intervals, counted from the start's, they came back. */
function membersOf(asked: Asked, reach: EventScope, scope: EventScope, number: (at: Sql) => Sql): Sql {
  const isFirst = asked.cohortBy === 'first';
  // In order of time: intervals are, and each has its first start.
  const entries = isFirst
    ? sql`arrayFilter(one -> ${isInside(sql`one.2.1`, scope)}, arraySlice(arraySort(starts), 1, 1))`
    : sql`starts`;
  return sql`
        SELECT
          entry.1 AS cohort, entry.2.2 AS value,
          arrayMap(one -> one.1 - cohort, arrayFilter(one -> one.2 >= entry.2.1, returns)) AS came
        FROM (
          SELECT
            groupArrayIf((interval, first_start), has_start) AS starts,
            groupArrayIf((interval, last_return), has_return) AS returns
          FROM (${intervalsOf(asked, reach, isFirst ? sql`true` : isInside(sql`at`, scope), number)}
          )
          GROUP BY person
          HAVING notEmpty(starts)
        )
        ARRAY JOIN ${entries} AS entry`;
}

/** A row per person and interval: their first start there that may count, with its value, and when they last came back. */
function intervalsOf(
  { start = PAGE_VIEW, comeBack = PAGE_VIEW, breakdown, filters = [] }: Asked,
  reach: EventScope,
  mayCount: Sql,
  number: (at: Sql) => Sql,
): Sql {
  const facts = breakdown && isSessionDimension(breakdown) ? [breakdown] : [];
  const columns = [
    ...conditionColumns(start),
    ...conditionColumns(comeBack),
    ...(breakdown && facts.length === 0 ? FACT_COLUMNS : []),
  ];
  const first = breakdown
    ? sql`minIf((at, ${valueOfEvent(breakdown)}), is_start)`
    : sql`(minIf(at, is_start), '')`;
  return sql`
            SELECT
              person, ${number(sql`at`)} AS interval,
              ${first} AS first_start, countIf(is_start) > 0 AS has_start,
              maxIf(at, is_return) AS last_return, countIf(is_return) > 0 AS has_return
            FROM (
              SELECT *, ${conditionSql(start)} AND ${mayCount} AS is_start, ${conditionSql(comeBack)} AS is_return
              FROM (${selectedEvents({ scope: reach, filters, columns, needsSessions: false, facts })}
              )
            )
            WHERE at >= ${bind('reach_from', 'Int64', reach.fromMs)} AND at < ${bind('reach_to', 'Int64', reach.toMs)}
              AND (is_start OR is_return)
            GROUP BY person, interval`;
}

function isInside(at: Sql, { fromMs, toMs }: EventScope): Sql {
  return sql`(${at} >= ${bind('from', 'Int64', fromMs)} AND ${at} < ${bind('to', 'Int64', toMs)})`;
}

/** "Or later", as a number beyond all others. */
const EVER = 1_000_000_000;
