/**
 * What analysts' SQL may read: two views of the site's own events in a period, with stable names. They are put before the
 * query as its outermost WITH, so that they cannot be anything else.
 */
import { SESSION_DIMENSIONS, type SessionDimension } from '../../reports/dimensions.ts';
import { EVENT_COLUMNS, eventColumn } from '../../reports/events/columns.ts';
import { countedEvents } from '../../reports/events/counted.ts';
import type { EventScope } from '../../reports/events/scope.ts';
import { selectedEvents } from '../../reports/events/selected.ts';
import { isFirstOfOrder } from '../../reports/goals/goals.ts';
import { factName } from '../../reports/sessions/fact-name.ts';
import { IS_INTERACTION, inPeriod } from '../../reports/sessions/measures.ts';
import { bind, identifiers, joinSql, type Sql, sql } from '../../sql.ts';

export const VIEWS = ['site_events', 'site_sessions'] as const;

/** What the event was sent with, and the page group of its path. */
const SENT_COLUMNS = EVENT_COLUMNS.filter((name) => name !== 'is_listed');

/** What stands in each view, in this order: stable names, of which more may come. */
export const VIEW_COLUMNS: Record<(typeof VIEWS)[number], readonly string[]> = {
  site_events: ['time', 'visitor_id', 'person_id', 'session_start', 'is_first_of_order', ...SENT_COLUMNS],
  site_sessions: [
    ...['session_start', 'visitor_id', 'person_id'],
    ...SESSION_DIMENSIONS,
    ...['events', 'page_views', 'interactions', 'is_bounce', 'duration_ms', 'engaged_ms'],
  ],
};

/** For whoever writes a query without having seen the tables. */
export const VIEWS_SAID = [
  `\`site_events\`, a row per event of the period: ${VIEW_COLUMNS.site_events.join(', ')}.`,
  `\`site_sessions\`, a row per session that began in the period: ${VIEW_COLUMNS.site_sessions.join(', ')}.`,
  'Times are UTC, `…_ms` milliseconds; a person is `person_id`; `session_start` is NULL outside any session; `kind` tells page_view, custom, engagement, click, … apart, `name` custom events; `properties` and `numeric_properties` are maps; an order counts once where `is_first_of_order`.',
].join('\n');

const dimensionName = identifiers(SESSION_DIMENSIONS);

/** Events under the names that they were sent with; what the site's rules exclude is not there either. */
function asSent(scope: EventScope): EventScope {
  if (!scope.rules) return scope;
  const none = { sent: [], called: [] };
  return { ...scope, rules: { ...scope.rules, events: none, properties: none } };
}

/** `site_events`: a row per event. `site_sessions`: a row per session that began in the period. */
export function viewsOf(scope: EventScope): Sql {
  return sql`
  site_events AS (
    SELECT
      fromUnixTimestamp64Milli(at, 'UTC') AS time, visitor AS visitor_id, person AS person_id,
      if(counted.session_start = 0, NULL, fromUnixTimestamp64Milli(counted.session_start, 'UTC')) AS session_start,
      CAST(${isFirstOfOrder(scope)}, 'Bool') AS is_first_of_order,
      ${joinSql(SENT_COLUMNS.map(eventColumn))}
    FROM (${countedEvents(asSent(scope), SENT_COLUMNS)}
    ) AS counted
    WHERE ${inPeriod(scope)}
  ),
  site_sessions AS (
    SELECT
      fromUnixTimestamp64Milli(started, 'UTC') AS session_start, visitor AS visitor_id, person AS person_id,
      ${joinSql(SESSION_DIMENSIONS.map((fact: SessionDimension) => sql`${factName(fact)} AS ${dimensionName(fact)}`))},
      events, page_views, interactions, CAST(page_views = 1 AND interactions = 1, 'Bool') AS is_bounce, duration_ms, engaged_ms
    FROM (
      SELECT
        session_start AS started, visitor, any(person) AS person,
        ${joinSql(SESSION_DIMENSIONS.map((fact: SessionDimension) => sql`any(${factName(fact)}) AS ${factName(fact)}`))},
        count() AS events,
        countIf(kind = 'page_view') AS page_views,
        countIf(${IS_INTERACTION}) AS interactions,
        max(at) - min(at) AS duration_ms,
        sum(engaged_ms) AS engaged_ms
      FROM (${selectedEvents({ scope, filters: [], columns: EVENT_COLUMNS, facts: SESSION_DIMENSIONS })}
      )
      WHERE session_start >= ${bind('from', 'Int64', scope.fromMs)} AND session_start < ${bind('to', 'Int64', scope.toMs)}
        AND NOT is_server
      GROUP BY visitor, session_start
    )
  )`;
}
