/**
 * One row per session that has an event in the period and fulfils the filters: the fragment under most reports.
 *
 * Columns: `visitor`, `session_start`, `page_views`, `interactions`, `is_bounce`, `duration_ms`, `engaged_ms`, the fact
 * asked for, `persons`, `views_in_period`, `opener`, `closer`, and `parts`: for each key that the session met in the
 * period, what it did there, as tuples of (key, page views, persons, events, engaged ms, deepest scroll, opener, closer).
 * Facts, bounce and times are those of the whole session, also where it began before the period.
 *
 * With a goal, `hits` besides: (person, event, is_first, revenue in ten-thousandths, currency) of each event in the period
 * that fulfils it, and `loose_hits`: the same of its persons' events outside any session, sent by a server. Persons of
 * whom only a server told come in a row of their own, as `server_persons` with `session_start` 0, which no session has.
 */
import { bind, joinSql, type Sql, sql } from '../../sql.ts';
import type { Condition } from '../conditions.ts';
import { type SessionDimension, sessionFactOfEvent } from '../dimensions.ts';
import type { EventColumn } from '../events/columns.ts';
import { countedEvents } from '../events/counted.ts';
import type { EventScope } from '../events/scope.ts';
import { composeFilters } from '../filters/compose.ts';
import type { Filter } from '../filters/filters.ts';
import { GOAL_COLUMNS, isFirstOfOrder, isGoal, TEN_THOUSANDTHS } from '../goals/goals.ts';
import { factName } from './fact-name.ts';

/** What a session is divided by: intervals of time, or values of its events. */
export type PartKey = {
  /** The key of one event of the period. */
  key: Sql;
  /** Events without a key still count for the session. */
  isBorne: Sql;
  columns: readonly EventColumn[];
};

export type SessionsRequest = {
  scope: EventScope;
  filters: readonly Filter[];
  part: PartKey;
  /** A fact of the session to select, under its factName. */
  fact?: SessionDimension | undefined;
  goal?: Condition | undefined;
};

/** DESIGN §4, "bounce": what a visitor does on purpose. */
export const IS_INTERACTION = sql`kind IN ('page_view', 'screen', 'click', 'rage_click', 'dead_click',
        'outbound_link', 'file_download', 'form_submit', 'custom')`;

export function sessionsOf({ scope, filters, part, fact, goal }: SessionsRequest): Sql {
  const filter = composeFilters(filters, scope);
  const facts = [...new Set([...filter.facts, ...(fact ? [fact] : [])])];
  const columns: EventColumn[] = [
    ...BASE_COLUMNS,
    ...part.columns,
    ...filter.columns,
    ...(goal ? GOAL_COLUMNS : []),
    ...facts.flatMap((one): EventColumn[] => (one === 'entry_page' || one === 'exit_page' ? [] : [one])),
  ];
  // A server's event is nobody's page view: only the goal is looked for in it.
  const own = sql`NOT part_key.3`;
  const counted = countedEvents(scope, columns);
  const hasLoose = scope.identity.hasServerEvents;
  return sql`
  SELECT
    visitor, session_start,
    sumIf(part_views, ${own}) AS page_views,
    sumIf(part_interactions, ${own}) AS interactions,
    page_views = 1 AND interactions = 1 AS is_bounce,
    maxIf(part_last, ${own}) - minIf(part_first, ${own}) AS duration_ms,
    sumIf(part_engaged_ms, ${own}) AS engaged_ms,
    groupUniqArrayArrayIf(part_persons, ${own}) AS persons,
    sumIf(part_views_in_period, ${own}) AS views_in_period,
    sumIf(part_events, ${own}) AS events_in_period,
    minIf(part_opener, ${own}) AS opener,
    maxIf(part_closer, ${own}) AS closer,${list(
      facts,
      (one) => sql`
    ${pick(one)}If(${factName(one)}, ${one === 'exit_page' ? sql`part_closer` : sql`part_opener`}, ${own}) AS ${factName(one)},`,
    )}${list(
      filter.tests,
      ({ name }) => sql`
    maxIf(${name}, ${own}) AS ${name},`,
    )}${
      goal
        ? sql`
    groupArrayArray(part_hits) AS hits,
    ${hasLoose ? sql`groupUniqArrayArray(part_loose)` : sql`arrayResize(hits, 0)`} AS loose_hits,
    groupUniqArrayArrayIf(part_persons, part_key.3) AS server_persons,`
        : sql``
    }
    groupArrayIf(
      (part_key.2, part_views_in_period, part_persons, part_events, part_engaged_in_period, part_deepest, part_opener, part_closer),
      part_key.1 AND ${own}
    ) AS parts
  FROM (
    SELECT
      visitor, session_start,
      (${inPeriod(scope)} AND ${part.isBorne}, ${part.key}, is_server) AS part_key,
      countIf(kind = 'page_view') AS part_views,
      countIf(kind = 'page_view' AND ${inPeriod(scope)}) AS part_views_in_period,
      countIf(${IS_INTERACTION}) AS part_interactions,
      countIf(${inPeriod(scope)}) AS part_events,
      min(at) AS part_first,
      max(at) AS part_last,
      sum(engaged_ms) AS part_engaged_ms,
      sumIf(engaged_ms, ${inPeriod(scope)}) AS part_engaged_in_period,
      maxIf(scroll_percent, ${inPeriod(scope)}) AS part_deepest,
      groupUniqArrayIf(person, ${inPeriod(scope)}) AS part_persons,
      -- Page views come first: the least of a session is its entry, the greatest its exit.
      min((kind != 'page_view', at, event_id)) AS part_opener,
      max((kind = 'page_view', at, event_id)) AS part_closer${list(
        facts,
        (one) => sql`,
      ${pick(one)}(${ofPageView(one)}, ${one === 'exit_page' ? sql`(kind = 'page_view', at, event_id)` : sql`(kind != 'page_view', at, event_id)`}) AS ${factName(one)}`,
      )}${list(
        filter.tests,
        ({ name, test }) => sql`,
      max(${test}) AS ${name}`,
      )}${
        goal
          ? sql`,
      groupArrayIf(hit, is_hit) AS part_hits${
        hasLoose
          ? sql`,
      groupUniqArrayArray(loose) AS part_loose`
          : sql``
      }`
          : sql``
      }
    FROM (${goal ? withHits(counted, goal, scope) : counted}
    )
    WHERE ${goal ? sql`true` : sql`session_start != 0 AND NOT is_server`}
    GROUP BY visitor, session_start, part_key
  )
  GROUP BY visitor, session_start
  HAVING ${goal ? sql`(session_start = 0 AND notEmpty(server_persons)) OR (session_start != 0 AND notEmpty(persons) AND ${filter.having})` : sql`notEmpty(persons) AND ${filter.having}`}`;
}

/** `hit` for each event that fulfils the goal in the period, and with it `loose`: those of its person in no session. */
function withHits(counted: Sql, goal: Condition, scope: EventScope): Sql {
  const hits = sql`
      SELECT
        *, (person, event_id, ${isFirstOfOrder(scope)}, ${TEN_THOUSANDTHS}, toString(currency)) AS hit,
        ${inPeriod(scope)} AND ${isGoal(goal)} AS is_hit
      FROM (${counted}
      )`;
  if (!scope.identity.hasServerEvents) return hits;
  return sql`
      SELECT *, groupArrayIf(hit, is_hit AND session_start = 0) OVER (PARTITION BY person) AS loose
      FROM (${hits}
      )`;
}

const BASE_COLUMNS: readonly EventColumn[] = ['kind', 'event_id', 'path', 'engaged_ms', 'scroll_percent'];

export function inPeriod({ fromMs, toMs }: EventScope): Sql {
  return sql`at >= ${bind('from', 'Int64', fromMs)} AND at < ${bind('to', 'Int64', toMs)}`;
}

function pick(fact: SessionDimension): Sql {
  return fact === 'exit_page' ? sql`argMax` : sql`argMin`;
}

/** A session without a page view has no entry and no exit page. */
function ofPageView(fact: SessionDimension): Sql {
  const value = sessionFactOfEvent(fact);
  return fact === 'entry_page' || fact === 'exit_page' ? sql`if(kind = 'page_view', ${value}, '')` : value;
}

function list<Item>(items: readonly Item[], toSql: (item: Item) => Sql): Sql {
  return joinSql(items.map(toSql), sql``);
}
