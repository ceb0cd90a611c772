/**
 * The events that reports count, each with its visitor, its session and its person: the fragment that all reports share.
 *
 * Columns: `visitor`, `at` (ms since the epoch), `is_server`, `session_start` (ms; 0 outside any session), `person`, and
 * those asked for. A session is a visitor's events with no gap of more than 30 minutes; a server's event joins the
 * session that is open when it happens, and makes and lengthens none.
 */
import { anyOf, bind, joinSql, type Sql, sql } from '../../sql.ts';
import { columnOf, eventsOf } from '../rules/reading.ts';
import type { SettledReading } from '../settled/settled-days.ts';
import { type EventColumn, eventColumn } from './columns.ts';
import { NAMED_OR_SELF, namedVisitors, withPersons } from './persons.ts';
import type { EventScope, Range } from './scope.ts';
import { settledEdges } from './settled-edges.ts';
import { tangledVisitors } from './tangled.ts';
import { andOfVisitors, isWithin } from './within.ts';

export const SESSION_GAP_MS = 30 * 60_000;
/** How far around a period its sessions are looked for, so that one under way at midnight is whole. */
export const SESSION_REACH_MS = 24 * 3_600_000;

const DAY_MS = 86_400_000;

export type Counting = {
  /** False where nobody asks for `session_start`, which is 0 then: sessions cost a sort of all that is read. */
  needsSessions?: boolean;
  /** Leaves out what is stored of settled days' sessions; whoever sets it reads that besides. */
  reading?: SettledReading | undefined;
};

/**
 * Rows of events around `[fromMs, toMs)`: whoever counts says `at >= … AND at < …` besides.
 *
 * Most visitors are themselves, or one user for ever. Only the events of the others (events/tangled.ts) are looked at one
 * by one. (Tests leave no trace in the tables that tell, so where they count all events are.)
 */
export function countedEvents(
  scope: EventScope,
  asked: readonly EventColumn[],
  { needsSessions = true, reading }: Counting = {},
): Sql {
  const columns = [...new Set(asked)];
  const { hasUsers, hasTangled } = scope.identity;
  if (hasUsers && scope.countsTests) return workedOut(scope, columns);
  if (!hasTangled) return plainPersons(scope, columns, needsSessions, reading);
  const tangled = sql`visitor_id IN (${tangledVisitors(scope)})`;
  return sql`
    ${plainPersons(within(scope, sql`NOT ${tangled}`), columns, needsSessions, reading)}
    UNION ALL
    SELECT ${ownColumns(columns)}, session_start, person FROM (${workedOut(within(scope, tangled), columns)})`;
}

function within(scope: EventScope, visitors: Sql): EventScope {
  return { ...scope, ofVisitors: scope.ofVisitors ? sql`${scope.ofVisitors} AND ${visitors}` : visitors };
}

/** Visitors who are one person in all their events: themselves, or the one user they bear. */
function plainPersons(
  scope: EventScope,
  columns: readonly EventColumn[],
  needsSessions: boolean,
  reading: SettledReading | undefined,
): Sql {
  const ranges = reading ? reading.unsettled : [rangeOf(scope)];
  const events = joinSql(
    [
      ...(ranges.length > 0 ? [eventsIn(scope, ranges, columns)] : []),
      ...(reading ? [settledEdges(scope, reading, columns)] : []),
    ],
    sql`
    UNION ALL`,
  );
  const rows = needsSessions
    ? withSessions(events, scope)
    : sql`SELECT *, toInt64(0) AS session_start FROM (${events})`;
  if (!scope.identity.hasNamed) {
    return sql`SELECT ${ownColumns(columns)}, session_start, visitor AS person FROM (${rows})`;
  }
  return sql`
    SELECT ${ownColumns(columns)}, session_start, ${NAMED_OR_SELF} AS person
    FROM (${rows}) AS events
    LEFT ANY JOIN (${namedVisitors(scope)}
    ) AS names USING (visitor)`;
}

function workedOut(scope: EventScope, columns: readonly EventColumn[]): Sql {
  const range = rangeOf(scope);
  const all = [...new Set<EventColumn>([...columns, ...(scope.identity.hasUsers ? IDENTITY_COLUMNS : [])])];
  const events = eventsIn(scope, [range], all);
  const linked = scope.identity.hasLinks ? withLinks(events, scope) : events;
  return withPersons(withSessions(linked, scope), scope, range);
}

const IDENTITY_COLUMNS: readonly EventColumn[] = ['kind', 'user_id', 'event_id'];

function ownColumns(columns: readonly EventColumn[]): Sql {
  return joinSql([sql`visitor, at, is_server`, ...columns.map(eventColumn)]);
}

export function rangeOf({ fromMs, toMs }: Pick<EventScope, 'fromMs' | 'toMs'>): Range {
  return {
    fromMs: Math.floor((fromMs - SESSION_REACH_MS) / DAY_MS) * DAY_MS,
    toMs: Math.ceil((toMs + SESSION_REACH_MS) / DAY_MS) * DAY_MS,
  };
}

/** The events of `ranges`, of which there is at least one. */
export function eventsIn(scope: EventScope, ranges: readonly Range[], columns: readonly EventColumn[]): Sql {
  const siteId = bind('site_id', 'String', scope.siteId);
  const tests = scope.countsTests ? sql`` : sql` AND NOT is_test`;
  return sql`
    SELECT
      visitor_id AS visitor, toUnixTimestamp64Milli(time) AS at, sent_by = 'server' AS is_server,
      anonymous_id != '' AS is_lasting${joinSql(
        columns.map((name) => sql`, ${columnOf(name, scope)}`),
        sql``,
      )}
    FROM ${eventsOf(scope)}
    WHERE site_id = ${siteId}
      AND ${anyOf(ranges.map(isWithin))}
      AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
      AND NOT is_bot${tests}${andOfVisitors(scope)}`;
}

/** Up to the moment that proved it, a cookieless visitor's events are those of the lasting one they became. */
function withLinks(events: Sql, { siteId }: EventScope): Sql {
  return sql`
    SELECT * REPLACE (
      if(until >= at, became, visitor) AS visitor,
      is_lasting OR until >= at AS is_lasting
    )
    FROM (${events}) AS plain
    LEFT ANY JOIN (
      SELECT
        visitor_id AS visitor,
        toUnixTimestamp64Milli(min(link).1) AS until,
        min(link).2 AS became
      FROM visitor_links
      WHERE site_id = ${bind('site_id', 'String', siteId)}
      GROUP BY visitor_id
    ) AS links USING (visitor)`;
}

/**
 * A start is handed to all events of its millisecond (`RANGE`): the engine sorts for each window anew, and the one that
 * came first in the one need not come first in the other.
 */
export function withSessions(events: Sql, { identity }: EventScope): Sql {
  const gap = bind('session_gap', 'Int64', SESSION_GAP_MS);
  if (!identity.hasServerEvents) {
    return sql`
  SELECT
    *,
    max(if(at - seen <= ${gap}, 0, at)) OVER (
      PARTITION BY visitor ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS session_start
  FROM (
    SELECT
      *,
      lagInFrame(at, 1, ${bind('never', 'Int64', NEVER_MS)}) OVER (
        PARTITION BY visitor ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS seen
    FROM (${events}
    )
  )`;
  }
  return sql`
  SELECT *, if(is_server AND at - seen > ${gap}, 0, latest_start) AS session_start
  FROM (
    SELECT
      *,
      max(if(is_server OR at - seen <= ${gap}, 0, at)) OVER (
        PARTITION BY visitor ORDER BY at, is_server RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
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

/** Longer before any event than a session's gap. */
const NEVER_MS = -10_000_000_000;
