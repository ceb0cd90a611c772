/**
 * Stores the sessions of one local day that is over, and what its visitors did. Each settling writes rows under a version of its own and names it
 * last, so a reader sees all of it or nothing; one that was cut off, or that ran beside another, leaves unused rows.
 */
import type { Storage } from '../../../collector/storage/storage.ts';
import { bind, joinSql, renderSql, type Sql, sql } from '../../sql.ts';
import { SESSION_DIMENSIONS } from '../dimensions.ts';
import { eventColumn } from '../events/columns.ts';
import { eventsIn, SESSION_GAP_MS, withSessions } from '../events/counted.ts';
import type { EventScope } from '../events/scope.ts';
import { EDGE_COLUMNS } from '../events/settled-edges.ts';
import { storedFact } from '../sessions/fact-name.ts';
import { CLOSE_KEY, IS_INTERACTION, OPEN_KEY, ofPageView } from '../sessions/measures.ts';
import { PLACES } from './deed-words.ts';
import { frequentNames, visitorDays } from './visitor-days.ts';

export type DayToSettle = {
  siteId: string;
  day: string;
  fromMs: number;
  toMs: number;
  /** About how many events it has. */
  events: number;
};

/** Sorted at once; more go in several turns, by visitors. */
const EVENTS_AT_ONCE = 500_000;
const SETTINGS = {
  max_memory_usage: 700_000_000,
  max_bytes_before_external_sort: 200_000_000,
  max_bytes_before_external_group_by: 200_000_000,
};

/**
 * Rejects with StorageError, and then nothing is settled. The sum is read before the events: should one arrive in
 * between, the sums differ, and the day is not taken for settled.
 */
export async function settle(
  storage: Pick<Storage, 'query' | 'command'>,
  day: DayToSettle,
  nowMs: number,
): Promise<void> {
  const version = nowMs * 1_000 + Math.floor(Math.random() * 1_000);
  const idSum = await readIdSum(storage, day);
  const placed = await readPlacedNames(storage, day);
  const turns = Math.max(1, Math.ceil(day.events / EVENTS_AT_ONCE));
  for (let turn = 0; turn < turns; turn += 1) {
    const visitors = sql`visitor_id % ${bind('turns', 'UInt64', turns)} = ${bind('turn', 'UInt64', turn)}`;
    await run(storage, insideSessions(day, version, visitors));
    await run(storage, edgeEvents(day, version, visitors));
    await run(storage, visitorDays(day, version, visitors, placed));
  }
  await storage.command(NAME_VERSION, {
    parameters: {
      site_id: day.siteId,
      day: day.day,
      from: day.fromMs,
      to: day.toMs,
      version,
      id_sum: idSum,
      placed,
      now: nowMs,
    },
  });
}

async function run(storage: Pick<Storage, 'command'>, query: Sql): Promise<void> {
  const { text, parameters } = renderSql(query);
  await storage.command(text, { parameters, settings: SETTINGS });
}

/** As text: a number would be rounded. */
async function readIdSum(
  storage: Pick<Storage, 'query'>,
  { siteId, fromMs, toMs }: DayToSettle,
): Promise<string> {
  const { rows } = await storage.query<{ id_sum: string }>(ID_SUM, {
    parameters: { site_id: siteId, from: fromMs, to: toMs },
  });
  return rows[0]?.id_sum ?? '0';
}

/** Those that have a place in a day's words; in the alphabet's order, so that most days have the same list. */
async function readPlacedNames(storage: Pick<Storage, 'query'>, day: DayToSettle): Promise<string[]> {
  const { text, parameters } = renderSql(frequentNames(day, PLACES - 1));
  const { rows } = await storage.query<{ name: string }>(text, { parameters });
  return rows.map(({ name }) => name).sort();
}

const ID_SUM = `
SELECT toString(sum(id_sum)) AS id_sum
FROM event_sums
WHERE site_id = {site_id:String}
  AND quarter >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND quarter < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

/** Listed of a day at most; whoever makes up more names than that has its words read by their names. */
const MOST_NAMES = 2_000;

const NAME_VERSION = `
INSERT INTO settled_days (
  site_id, day, from_time, to_time, version, id_sum, settled_time, deed_names, has_all_names, placed_names,
  has_long_words, has_sales, deed_count
)
SELECT
  {site_id:String}, toDate({day:String}), fromUnixTimestamp64Milli({from:Int64}, 'UTC'), fromUnixTimestamp64Milli({to:Int64}, 'UTC'),
  {version:UInt64}, {id_sum:UInt64}, fromUnixTimestamp64Milli({now:Int64}, 'UTC'),
  if(length(names) > ${MOST_NAMES}, [], names), length(names) <= ${MOST_NAMES}, {placed:Array(String)},
  any_long_words, any_sales, deeds
FROM (
  SELECT
    groupUniqArrayArray(${MOST_NAMES + 1})(deeds.name) AS names,
    max(notEmpty(long_words)) AS any_long_words, max(notEmpty(sale_words)) AS any_sales,
    sum(length(deeds.word)) AS deeds
  FROM settled_visitors
  WHERE site_id = {site_id:String} AND day = toDate({day:String}) AND version = {version:UInt64}
)`;

/** The day's events with their sessions, as if there were no other days. */
function eventsOfDay({ siteId, fromMs, toMs }: DayToSettle, visitors: Sql): Sql {
  const scope: EventScope = {
    siteId,
    fromMs,
    toMs,
    nowMs: toMs,
    countsTests: false,
    identity: {
      hasUsers: false,
      hasNamed: false,
      hasTangled: false,
      hasLinks: false,
      hasServerEvents: false,
      hasOrders: false,
      aliases: { users: [], roots: [] },
    },
    // A server's events make no sessions.
    ofVisitors: sql`sent_by != 'server' AND ${visitors}`,
  };
  return withSessions(eventsIn(scope, [{ fromMs, toMs }], EDGE_COLUMNS), scope);
}

/** So near to the day's beginning or its end that another day's event may be of the same session. */
const firstInside = ({ fromMs }: DayToSettle) => bind('first_inside', 'Int64', fromMs + SESSION_GAP_MS);
const lastInside = ({ toMs }: DayToSettle) => bind('last_inside', 'Int64', toMs - SESSION_GAP_MS);

function insideSessions(day: DayToSettle, version: number, visitors: Sql): Sql {
  const facts = SESSION_DIMENSIONS.map((fact) => {
    const [pick, key] = fact === 'exit_page' ? [sql`argMax`, CLOSE_KEY] : [sql`argMin`, OPEN_KEY];
    return sql`${pick}(${ofPageView(fact)}, ${key})`;
  });
  return sql`
INSERT INTO settled_sessions (
  site_id, day, version, visitor_id, start_time, duration_ms, engaged_ms, events, page_views, interactions, scroll_percent,
  ${joinSql(SESSION_DIMENSIONS.map(storedFact))}, pages.path, pages.views, pages.engaged_ms, pages.scroll_percent,
  custom_events.name, custom_events.times
)
SELECT
  ${bind('site_id', 'String', day.siteId)}, toDate(${bind('day', 'String', day.day)}), ${bind('version', 'UInt64', version)},
  visitor, fromUnixTimestamp64Milli(session_start, 'UTC'),
  max(at) - min(at), sum(engaged_ms), count(), countIf(kind = 'page_view'), countIf(${IS_INTERACTION}), max(scroll_percent),
  ${joinSql(facts)},
  arrayDistinct(groupArrayIf(path, kind = 'page_view') AS paths) AS pages, arrayMap(one -> countEqual(paths, one), pages),
  ${ofEachPage(sql`arraySum`, sql`engaged_ms`)}, ${ofEachPage(sql`arrayMax`, sql`scroll_percent`)},
  arrayDistinct(groupArrayIf(toString(name), kind = 'custom') AS names) AS custom, arrayMap(one -> countEqual(names, one), custom)
FROM (${eventsOfDay(day, visitors)}
)
GROUP BY visitor, session_start
HAVING session_start >= ${firstInside(day)} AND max(at) < ${lastInside(day)}`;
}

/** What the engagement events of the session tell of each of its pages. */
function ofEachPage(aggregate: Sql, column: Sql): Sql {
  const told = sql`groupArrayIf((path, ${column}), kind = 'engagement')`;
  return sql`arrayMap(page -> ${aggregate}(arrayMap(one -> if(one.1 = page, one.2, 0), ${told})), pages)`;
}

/** Most visitors have no event there: only those who do are sorted. */
function edgeEvents(day: DayToSettle, version: number, visitors: Sql): Sql {
  const isNear = sql`visitor_id IN (
    SELECT visitor_id FROM events
    WHERE site_id = ${bind('site_id', 'String', day.siteId)}
      AND ((time >= ${moment(day.fromMs)} AND time < ${moment(day.fromMs + SESSION_GAP_MS)})
        OR (time >= ${moment(day.toMs - SESSION_GAP_MS)} AND time < ${moment(day.toMs)}))
  )`;
  const columns = joinSql([...EDGE_COLUMNS].map(eventColumn));
  return sql`
INSERT INTO settled_edges (site_id, day, version, visitor_id, time, ${columns})
SELECT
  ${bind('site_id', 'String', day.siteId)}, toDate(${bind('day', 'String', day.day)}), ${bind('version', 'UInt64', version)},
  visitor, fromUnixTimestamp64Milli(at, 'UTC'), ${columns}
FROM (
  SELECT *, max(at) OVER (PARTITION BY visitor, session_start) AS session_end
  FROM (${eventsOfDay(day, sql`${visitors} AND ${isNear}`)}
  )
)
WHERE session_start < ${firstInside(day)} OR session_end >= ${lastInside(day)}`;
}

function moment(ms: number): Sql {
  return sql`fromUnixTimestamp64Milli(${bind('moment', 'Int64', ms)}, 'UTC')`;
}
