/** Where a funnel's events are read from: straight from the table where persons are visitors and nobody asks for sessions. */
import { anyOf, bind, joinSql, type Sql, sql } from '../../sql.ts';
import { type SessionDimension, sessionFactOfEvent } from '../dimensions.ts';
import { EVENT_COLUMNS, eventColumn } from '../events/columns.ts';
import { countedEvents } from '../events/counted.ts';
import { NAMED_OR_SELF, namedVisitors } from '../events/persons.ts';
import type { EventScope, Range } from '../events/scope.ts';
import { tangledVisitors } from '../events/tangled.ts';
import { isWithin } from '../events/within.ts';
import { composeFilters } from '../filters/compose.ts';
import type { Filter } from '../filters/filters.ts';
import { columnOf, eventsOf } from '../rules/reading.ts';
import { factName } from '../sessions/fact-name.ts';
import type { SettledReading } from '../settled/settled-days.ts';
import type { FunnelParameters } from './parameters.ts';

/**
 * Columns: those of `events`, `visitor`, `at`, `person`, `session_start`, and the session's fact that is broken down by.
 * With a `reading` without the events that settled days tell.
 */
export function sourceOf(
  scope: EventScope,
  parameters: FunnelParameters,
  facts: readonly SessionDimension[],
  reading?: SettledReading,
): Sql {
  const reach = reachOf(scope, parameters);
  const ranges = reading ? reading.unsettled : [reach];
  if (isPlain(scope, parameters, facts)) return plainEvents(reach, ranges, sql`true`);
  if (!needsSessions(parameters, facts) && !scope.countsTests) return eventsOfPersons(reach, ranges);
  const counted = selected(countedEvents(reach, EVENT_COLUMNS), reach, parameters.filters ?? []);
  return withFacts(counted, facts);
}

/** One before the period, so that what lies earlier can stand at 0. The packed time counts from here, above 24 bits. */
export function baseMs(scope: EventScope): number {
  return scope.fromMs - 1;
}

/** Before any event, and late enough that a day less is still a date (ClickHouse's begin with 1970). */
const BEFORE_ALL_MS = Date.UTC(1990, 0, 1);

/** The period and the longest that one may convert after it; for first times, all that went before. */
export function reachOf(scope: EventScope, { windowMs, firstTime }: FunnelParameters): EventScope {
  const toMs = Math.min(scope.toMs + windowMs, Math.max(scope.nowMs, scope.fromMs)) + 1;
  return { ...scope, fromMs: firstTime ? BEFORE_ALL_MS : scope.fromMs, toMs };
}

/** Whether events can be read without working out persons and sessions. */
export function isPlain(
  { identity }: EventScope,
  { countBy, filters = [] }: FunnelParameters,
  facts: readonly SessionDimension[],
): boolean {
  const needsPersons = countBy === 'person' && (identity.hasUsers || identity.hasLinks);
  return !needsPersons && !needsSessions({ countBy, filters }, facts);
}

function needsSessions(
  { countBy, filters = [] }: Pick<FunnelParameters, 'countBy' | 'filters'>,
  facts: readonly SessionDimension[],
): boolean {
  return countBy === 'session' || filters.length > 0 || facts.length > 0;
}

/**
 * Most visitors are themselves, or one user for ever; the events of the others (events/tangled.ts) go the long way, and
 * are read of all days. (Tests leave no trace in the tables that tell, so where they count all events go it.)
 */
function eventsOfPersons(scope: EventScope, ranges: readonly Range[]): Sql {
  const { hasTangled, hasNamed } = scope.identity;
  const tangled = sql`visitor_id IN (${tangledVisitors(scope)})`;
  const columns = joinSql(EVENT_COLUMNS.map(eventColumn));
  const plain = plainEvents(scope, ranges, hasTangled ? sql`NOT ${tangled}` : sql`true`);
  const named = hasNamed
    ? sql`
    SELECT visitor, ${NAMED_OR_SELF} AS person, at, ${columns}
    FROM (${plain}) AS events
    LEFT ANY JOIN (${namedVisitors(scope)}
    ) AS names USING (visitor)`
    : plain;
  if (!hasTangled) return named;
  return sql`${named}
    UNION ALL
    SELECT visitor, person, at, ${columns}
    FROM (${countedEvents({ ...scope, ofVisitors: tangled }, EVENT_COLUMNS)})`;
}

function plainEvents(scope: EventScope, ranges: readonly Range[], ofVisitors: Sql): Sql {
  const columns = EVENT_COLUMNS.map((name) => columnOf(name, scope));
  return sql`
    SELECT visitor_id AS visitor, visitor_id AS person, toUnixTimestamp64Milli(time) AS at, ${joinSql(columns)}
    FROM ${eventsOf(scope)}
    WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
      AND ${anyOf(ranges.map(isWithin))}
      AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
      AND NOT is_bot${scope.countsTests ? sql`` : sql` AND NOT is_test`}
      AND ${ofVisitors}`;
}

/** A session's facts are those of its first page view. An event outside any session has its own. */
function withFacts(events: Sql, facts: readonly SessionDimension[]): Sql {
  if (facts.length === 0) return events;
  const columns = [...new Set(facts)].map((fact) => {
    const value = sessionFactOfEvent(fact);
    const pick =
      fact === 'exit_page'
        ? sql`argMax(if(kind = 'page_view', ${value}, ''), (kind = 'page_view', at, event_id))`
        : sql`argMin(${fact === 'entry_page' ? sql`if(kind = 'page_view', ${value}, '')` : value}, (kind != 'page_view', at, event_id))`;
    return sql`, ${pick} OVER of_session AS ${factName(fact)}`;
  });
  return sql`
    SELECT *${joinSql(columns, sql``)}
    FROM (${events})
    WINDOW of_session AS (PARTITION BY visitor, session_start, if(session_start = 0, event_id, toUUID('00000000-0000-0000-0000-000000000000')))`;
}

/**
 * The events of the sessions that pass the filters: all of them, so that a filter never hides a step. A server's event
 * outside any session is kept where its person has such a session.
 */
function selected(events: Sql, scope: EventScope, filters: readonly Filter[]): Sql {
  if (filters.length === 0) return events;
  const passing = passingSessions(events, scope, filters);
  return sql`
    WITH passing AS (${passing})
    SELECT *
    FROM (${events})
    WHERE if(
      session_start = 0,
      person IN (SELECT arrayJoin(persons) FROM passing),
      (visitor, session_start) IN (SELECT visitor, session_start FROM passing)
    )`;
}

function passingSessions(events: Sql, scope: EventScope, filters: readonly Filter[]): Sql {
  const { facts, tests, having } = composeFilters(filters, scope);
  const columns = [
    ...facts.map((fact) => sql`, any(${factName(fact)}) AS ${factName(fact)}`),
    ...tests.map(({ name, test }) => sql`, max(${test}) AS ${name}`),
  ];
  return sql`
      SELECT visitor, session_start, groupUniqArray(person) AS persons${joinSql(columns, sql``)}
      FROM (${withFacts(events, facts)})
      WHERE session_start != 0 AND NOT is_server
      GROUP BY visitor, session_start
      HAVING ${having}`;
}
