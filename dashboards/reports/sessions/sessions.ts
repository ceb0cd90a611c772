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
import { joinSql, type Sql, sql } from '../../sql.ts';
import type { Condition } from '../conditions.ts';
import type { SessionDimension } from '../dimensions.ts';
import type { EventColumn } from '../events/columns.ts';
import { countedEvents } from '../events/counted.ts';
import type { EventScope } from '../events/scope.ts';
import { composeFilters } from '../filters/compose.ts';
import { GOAL_COLUMNS } from '../goals/goals.ts';
import type { SettledReading } from '../settled/settled-days.ts';
import { factName } from './fact-name.ts';
import { withHits } from './hits.ts';
import { CLOSE_KEY, IS_INTERACTION, inPeriod, OPEN_KEY, ofPageView } from './measures.ts';
import type { PartKey, SessionsRequest } from './request.ts';
import { readingOf, storedColumns, storedSessions } from './stored.ts';

/** Sessions of settled days as they are stored, the others derived from their events. */
export function sessionsOf(request: SessionsRequest): Sql {
  const reading = readingOf(request);
  if (!reading) return derived(request, undefined);
  const columns = storedColumns(request.fact);
  return sql`
  SELECT ${columns} FROM (${derived(request, reading)}
  )
  UNION ALL
  SELECT ${columns} FROM (${storedSessions(request, reading)}
  )`;
}

function derived(request: SessionsRequest, reading: SettledReading | undefined): Sql {
  const { scope, goal, part, fact } = request;
  const filter = composeFilters(request.filters, scope);
  const facts = [...new Set([...filter.facts, ...(fact ? [fact] : [])])];
  const columns: EventColumn[] = [
    ...BASE_COLUMNS,
    ...(part?.columns ?? []),
    ...filter.columns,
    ...(goal ? GOAL_COLUMNS : []),
    ...facts.flatMap((one): EventColumn[] => (one === 'entry_page' || one === 'exit_page' ? [] : [one])),
  ];
  const counted = countedEvents(scope, columns, { reading });
  const hasServer = goal !== undefined && scope.identity.hasServerEvents;
  const setting: Setting = {
    scope,
    filter,
    facts,
    goal,
    hasServer,
    events: goal ? withHits(counted, goal, scope) : counted,
  };
  return part ? divided(setting, part) : whole(setting);
}

type Setting = {
  scope: EventScope;
  filter: ReturnType<typeof composeFilters>;
  facts: readonly SessionDimension[];
  goal: Condition | undefined;
  /** Whether rows of servers are among the events: then all but the goal's numbers must leave them out. */
  hasServer: boolean;
  events: Sql;
};

const BASE_COLUMNS: readonly EventColumn[] = ['kind', 'event_id', 'path', 'engaged_ms', 'scroll_percent'];

/** One pass: a row per session. */
function whole({ scope, filter, facts, goal, hasServer, events }: Setting): Sql {
  const own = (test: Sql) => (hasServer ? sql`${test} AND NOT is_server` : test);
  const of = (aggregate: Sql, value: Sql) =>
    hasServer ? sql`${aggregate}If(${value}, NOT is_server)` : sql`${aggregate}(${value})`;
  return sql`
  SELECT
    visitor, session_start,
    countIf(${own(sql`kind = 'page_view'`)}) AS page_views,
    countIf(${own(IS_INTERACTION)}) AS interactions,
    page_views = 1 AND interactions = 1 AS is_bounce,
    ${of(sql`max`, sql`at`)} - ${of(sql`min`, sql`at`)} AS duration_ms,
    sum(engaged_ms) AS engaged_ms,
    countIf(${own(inPeriod(scope))}) AS events_in_period,
    countIf(${own(sql`kind = 'page_view'`)} AND ${inPeriod(scope)}) AS views_in_period,
    ${personsIf(scope, own(inPeriod(scope)), sql`events_in_period > 0`)} AS persons,
    ${of(sql`min`, OPEN_KEY)} AS opener,
    ${of(sql`max`, CLOSE_KEY)} AS closer,${list(
      facts,
      (one) => sql`
    ${of(pick(one), sql`${ofPageView(one)}, ${one === 'exit_page' ? CLOSE_KEY : OPEN_KEY}`)} AS ${factName(one)},`,
    )}${list(
      filter.tests,
      ({ name, test }) => sql`
    max(${own(test)}) AS ${name},`,
    )}${
      goal
        ? sql`
    groupArrayIf(hit, is_hit) AS hits,
    ${hasServer ? sql`groupUniqArrayArray(loose)` : sql`arrayResize(hits, 0)`} AS loose_hits,
    ${hasServer ? personsIf(scope, sql`is_server AND ${inPeriod(scope)}`, sql`countIf(is_server AND ${inPeriod(scope)}) > 0`) : sql`arrayResize(persons, 0)`} AS server_persons,`
        : sql``
    }
    [('', views_in_period, persons, events_in_period, sumIf(events.engaged_ms, ${inPeriod(scope)}), maxIf(scroll_percent, ${inPeriod(scope)}), opener, closer)] AS parts
  FROM (${events}
  ) AS events
  WHERE ${hasServer ? sql`true` : sql`session_start != 0 AND NOT is_server`}
  GROUP BY visitor, session_start
  HAVING ${havingOf(filter.having, hasServer)}`;
}

/** Two passes: first a row per session and part, then a row per session with its parts. */
function divided({ scope, filter, facts, goal, hasServer, events }: Setting, part: PartKey): Sql {
  const own = sql`NOT part_key.3`;
  const isOfKey = part.isMeasured ? sql`(${part.isBorne} OR ${part.isMeasured})` : part.isBorne;
  return sql`
  SELECT
    visitor, session_start,
    sumIf(part_views, ${own}) AS page_views,
    sumIf(part_interactions, ${own}) AS interactions,
    page_views = 1 AND interactions = 1 AS is_bounce,
    maxIf(part_last, ${own}) - minIf(part_first, ${own}) AS duration_ms,
    sum(part_engaged_ms) AS engaged_ms,
    sumIf(part_events, ${own}) AS events_in_period,
    sumIf(part_views_in_period, ${own}) AS views_in_period,
    ${scope.identity.hasUsers ? sql`groupUniqArrayArrayIf(part_persons, ${own})` : sql`if(events_in_period > 0, [visitor], [])`} AS persons,
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
    ${hasServer ? sql`groupUniqArrayArray(part_loose)` : sql`arrayResize(hits, 0)`} AS loose_hits,
    groupUniqArrayArrayIf(part_persons, part_key.3) AS server_persons,`
        : sql``
    }
    ${zipped(scope, part, sql`part_key.1 AND ${own}`)} AS parts
  FROM (
    SELECT
      visitor, session_start,
      (${inPeriod(scope)} AND ${isOfKey}, ${part.key}, is_server) AS part_key,
      countIf(kind = 'page_view') AS part_views,
      countIf(kind = 'page_view' AND ${inPeriod(scope)}) AS part_views_in_period,
      countIf(${IS_INTERACTION}) AS part_interactions,
      countIf(${inPeriod(scope)}) AS part_events,${
        part.isMeasured
          ? sql`
      countIf(${inPeriod(scope)} AND ${part.isBorne}) AS part_borne,${
        scope.identity.hasUsers
          ? sql`
      groupUniqArrayIf(person, ${inPeriod(scope)} AND ${part.isBorne}) AS part_bearers,`
          : sql``
      }`
          : sql``
      }
      min(at) AS part_first,
      max(at) AS part_last,
      sum(engaged_ms) AS part_engaged_ms,
      sumIf(engaged_ms, ${inPeriod(scope)}) AS part_engaged_in_period,
      maxIf(scroll_percent, ${inPeriod(scope)}) AS part_deepest,
      ${personsIf(scope, inPeriod(scope), sql`part_events > 0`)} AS part_persons,
      min(${OPEN_KEY}) AS part_opener,
      max(${CLOSE_KEY}) AS part_closer${list(
        facts,
        (one) => sql`,
      ${pick(one)}(${ofPageView(one)}, ${one === 'exit_page' ? CLOSE_KEY : OPEN_KEY}) AS ${factName(one)}`,
      )}${list(
        filter.tests,
        ({ name, test }) => sql`,
      max(${test}) AS ${name}`,
      )}${
        goal
          ? sql`,
      groupArrayIf(hit, is_hit) AS part_hits${
        hasServer
          ? sql`,
      groupUniqArrayArray(loose) AS part_loose`
          : sql``
      }`
          : sql``
      }
    FROM (${events}
    )
    WHERE ${hasServer ? sql`true` : sql`session_start != 0 AND NOT is_server`}
    GROUP BY visitor, session_start, part_key
  )
  GROUP BY visitor, session_start
  HAVING ${havingOf(filter.having, hasServer)}`;
}

/** The parts as tuples. Column by column, for a list of tuples costs several times as much to gather. */
function zipped({ identity }: EventScope, { isMeasured }: PartKey, isOwn: Sql): Sql {
  const test = isMeasured ? sql`${isOwn} AND part_borne > 0` : isOwn;
  const gather = (name: Sql) => sql`groupArrayIf(${name}, ${test})`;
  const persons = identity.hasUsers
    ? gather(isMeasured ? sql`part_bearers` : sql`part_persons`)
    : sql`arrayMap(one -> [visitor], ${gather(sql`part_views_in_period`)})`;
  const columns = [
    gather(sql`part_key.2`),
    gather(sql`part_views_in_period`),
    persons,
    gather(isMeasured ? sql`part_borne` : sql`part_events`),
    gather(sql`part_engaged_in_period`),
    gather(sql`part_deepest`),
    gather(sql`part_opener`),
    gather(sql`part_closer`),
  ];
  return sql`arrayZip(${joinSql(columns)})`;
}

/** Where no user is known each visitor is their own person: no set has to be kept for it. */
function personsIf({ identity }: EventScope, test: Sql, isAny: Sql): Sql {
  return identity.hasUsers ? sql`groupUniqArrayIf(person, ${test})` : sql`if(${isAny}, [visitor], [])`;
}

function havingOf(filters: Sql, hasServer: boolean): Sql {
  if (!hasServer) return sql`notEmpty(persons) AND ${filters}`;
  return sql`(session_start = 0 AND notEmpty(server_persons)) OR (session_start != 0 AND notEmpty(persons) AND ${filters})`;
}

export function pick(fact: SessionDimension): Sql {
  return fact === 'exit_page' ? sql`argMax` : sql`argMin`;
}

function list<Item>(items: readonly Item[], toSql: (item: Item) => Sql): Sql {
  return joinSql(items.map(toSql), sql``);
}
