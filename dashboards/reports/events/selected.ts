/**
 * The events of the sessions that pass the filters: all of them, so that a filter never hides the goal's own event. A
 * server's event outside any session is kept where its person has such a session around the period.
 */
import { joinSql, type Sql, sql } from '../../sql.ts';
import { type SessionDimension, sessionFactOfEvent } from '../dimensions.ts';
import { composeFilters } from '../filters/compose.ts';
import type { Filter } from '../filters/filters.ts';
import { factName } from '../sessions/fact-name.ts';
import type { EventColumn } from './columns.ts';
import { countedEvents } from './counted.ts';
import type { EventScope } from './scope.ts';

export type Selection = {
  scope: EventScope;
  filters: readonly Filter[];
  columns: readonly EventColumn[];
  /** Facts of the session that each of its events is to bear, under their factName. */
  facts?: readonly SessionDimension[];
  /** False where the report itself does not ask for sessions; filters and facts do all the same. */
  needsSessions?: boolean;
};

/** Columns as countedEvents has them, and the facts. */
export function selectedEvents({
  scope,
  filters,
  columns,
  facts = [],
  needsSessions = true,
}: Selection): Sql {
  const isDivided = filters.length + facts.length > 0;
  const events = withFacts(
    countedEvents(scope, [...columns, ...columnsOfFacts(facts)], {
      needsSessions: needsSessions || isDivided,
    }),
    facts,
  );
  if (filters.length === 0) return events;
  const passing = passingSessions(scope, filters);
  return sql`
    SELECT *
    FROM (${events})
    WHERE if(
      session_start = 0,
      person IN (SELECT arrayJoin(persons) FROM (${passing})),
      (visitor, session_start) IN (SELECT visitor, session_start FROM (${passing}))
    )`;
}

function columnsOfFacts(facts: readonly SessionDimension[]): EventColumn[] {
  if (facts.length === 0) return [];
  return ['kind', 'event_id', ...facts.map((fact) => columnOfFact(fact))];
}

function columnOfFact(fact: SessionDimension): EventColumn {
  return fact === 'entry_page' || fact === 'exit_page' ? 'path' : fact;
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

function passingSessions(scope: EventScope, filters: readonly Filter[]): Sql {
  const { facts, tests, columns, having } = composeFilters(filters, scope);
  const aggregates = [
    ...facts.map((fact) => sql`, any(${factName(fact)}) AS ${factName(fact)}`),
    ...tests.map(({ name, test }) => sql`, max(${test}) AS ${name}`),
  ];
  return sql`
      SELECT visitor, session_start, groupUniqArray(person) AS persons${joinSql(aggregates, sql``)}
      FROM (${withFacts(countedEvents(scope, [...columns, ...columnsOfFacts(facts)]), facts)})
      WHERE session_start != 0 AND NOT is_server
      GROUP BY visitor, session_start
      HAVING ${having}`;
}
