/** The events of settled days that are not part of a stored session, in the shape of those read from `events`. */
import { bind, joinSql, type Sql, sql } from '../../sql.ts';
import { columnOf } from '../rules/reading.ts';
import type { SettledDay, SettledReading } from '../settled/settled-days.ts';
import { type EventColumn, SESSION_COLUMNS } from './columns.ts';
import type { EventScope } from './scope.ts';
import { andOfVisitors } from './within.ts';

/** What is kept of such an event, besides its visitor and its time. */
export const EDGE_COLUMNS = [
  'event_id',
  'kind',
  'name',
  'path',
  'engaged_ms',
  'scroll_percent',
  ...SESSION_COLUMNS,
] as const satisfies readonly EventColumn[];

/** Whether all that is asked for is kept; `is_listed` is worked out from the name. */
export function areKept(columns: readonly EventColumn[]): boolean {
  return columns.every((column) => column === 'is_listed' || EDGE_COLUMNS.some((kept) => kept === column));
}

/** Throws for a column that is not kept: ask `areKept` first. */
export function settledEdges(
  scope: EventScope,
  { all }: SettledReading,
  columns: readonly EventColumn[],
): Sql {
  if (!areKept(columns)) throw new Error(`Not kept of settled days: one of ${columns.join(', ')}`);
  return sql`
    SELECT
      visitor_id AS visitor, toUnixTimestamp64Milli(time) AS at, false AS is_server, false AS is_lasting${joinSql(
        columns.map((name) => sql`, ${columnOf(name, scope)}`),
        sql``,
      )}
    FROM settled_edges
    WHERE ${isOfDays(scope, all)}${andOfVisitors(scope)}`;
}

/** A test on the rows of tables that hold settled days. `days` in order of time, at least one. */
export function isOfDays({ siteId }: Pick<EventScope, 'siteId'>, days: readonly SettledDay[]): Sql {
  const versions = days.map(({ version }) => version);
  return sql`site_id = ${bind('site_id', 'String', siteId)}
      AND day >= toDate(${bind('first_day', 'String', days[0]?.day)}) AND day <= toDate(${bind('last_day', 'String', days.at(-1)?.day)})
      AND version IN ${bind('versions', 'Array(UInt64)', versions)}`;
}
