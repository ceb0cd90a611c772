/**
 * The events that reports count, each with its visitor, its session and its person: the fragment that all reports share.
 *
 * Columns: `visitor`, `at` (ms since the epoch), `is_server`, `session_start` (ms; 0 outside any session), `person`, and
 * those asked for. A session is a visitor's events with no gap of more than 30 minutes; a server's event joins the
 * session that is open when it happens, and makes and lengthens none.
 */
import { bind, joinSql, type Sql, sql } from '../../sql.ts';
import { columnOf, eventsOf } from '../rules/reading.ts';
import type { EventColumn } from './columns.ts';
import { withPersons } from './persons.ts';
import type { EventScope, Range } from './scope.ts';

export const SESSION_GAP_MS = 30 * 60_000;
/** How far around a period its sessions are looked for, so that one under way at midnight is whole. */
export const SESSION_REACH_MS = 24 * 3_600_000;

const DAY_MS = 86_400_000;

/** Rows of events around `[fromMs, toMs)`: whoever counts says `at >= … AND at < …` besides. */
export function countedEvents(scope: EventScope, asked: readonly EventColumn[]): Sql {
  const columns = [...new Set<EventColumn>([...asked, ...(scope.identity.hasUsers ? IDENTITY_COLUMNS : [])])];
  const range = rangeOf(scope);
  return withPersons(withSessions(eventsIn(scope, range, columns)), scope, range);
}

const IDENTITY_COLUMNS: readonly EventColumn[] = ['kind', 'user_id', 'event_id'];

function rangeOf({ fromMs, toMs }: EventScope): Range {
  return {
    fromMs: Math.floor((fromMs - SESSION_REACH_MS) / DAY_MS) * DAY_MS,
    toMs: Math.ceil((toMs + SESSION_REACH_MS) / DAY_MS) * DAY_MS,
  };
}

function eventsIn(scope: EventScope, range: Range, columns: readonly EventColumn[]): Sql {
  const siteId = bind('site_id', 'String', scope.siteId);
  const tests = scope.countsTests ? sql`` : sql` AND NOT is_test`;
  const plain = sql`
    SELECT
      visitor_id AS visitor, toUnixTimestamp64Milli(time) AS at, sent_by = 'server' AS is_server,
      anonymous_id != '' AS is_lasting${joinSql(
        columns.map((name) => sql`, ${columnOf(name, scope)}`),
        sql``,
      )}
    FROM ${eventsOf(scope)}
    WHERE site_id = ${siteId}
      AND time >= fromUnixTimestamp64Milli(${bind('range_from', 'Int64', range.fromMs)}, 'UTC')
      AND time < fromUnixTimestamp64Milli(${bind('range_to', 'Int64', range.toMs)}, 'UTC')
      AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
      AND NOT is_bot${tests}${scope.ofVisitors ? sql` AND ${scope.ofVisitors}` : sql``}`;
  if (!scope.identity.hasLinks) return plain;
  // Up to the moment that proved it, a cookieless visitor's events are those of the lasting one they became.
  return sql`
    SELECT * REPLACE (
      if(until >= at, became, visitor) AS visitor,
      is_lasting OR until >= at AS is_lasting
    )
    FROM (${plain}) AS plain
    LEFT ANY JOIN (
      SELECT
        visitor_id AS visitor,
        toUnixTimestamp64Milli(min(link).1) AS until,
        min(link).2 AS became
      FROM visitor_links
      WHERE site_id = ${siteId}
      GROUP BY visitor_id
    ) AS links USING (visitor)`;
}

function withSessions(events: Sql): Sql {
  const gap = bind('session_gap', 'Int64', SESSION_GAP_MS);
  return sql`
  SELECT *, if(is_server AND at - seen > ${gap}, 0, latest_start) AS session_start
  FROM (
    SELECT
      *,
      max(if(is_server OR at - seen <= ${gap}, 0, at)) OVER (
        PARTITION BY visitor ORDER BY at, is_server ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS latest_start
    FROM (
      SELECT
        *,
        max(if(is_server, 0, at)) OVER (
          PARTITION BY visitor ORDER BY at, is_server ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS seen
      FROM (${events}
      )
    )
  )`;
}
