/**
 * Whose an event is. Its own user wins. Otherwise, of a lasting visitor, the user last named before it since the last
 * `reset`, else the first one named after it before the next; of a cookieless visitor the same within one session. Else
 * the visitor. Users that `alias` joined are one. Of users named in one millisecond the first and the last are told by the
 * ids of the events (days apart, where these are not known, by their own): never by the order of rows.
 *
 * `person` is 64 bits: a hash of the user, or the visitor's own id.
 */
import { bind, type Sql, sql } from '../../sql.ts';
import type { EventScope, Range } from './scope.ts';
import { andOfFewVisitors } from './within.ts';

/** Adds `person` to events that have `visitor`, `at`, `is_lasting`, `session_start`, `kind`, `user_id`, `event_id`. */
export function withPersons(events: Sql, scope: EventScope, range: Range): Sql {
  if (!scope.identity.hasUsers) return sql`SELECT *, visitor AS person FROM (${events})`;
  const own = sql`if(user_id = '', 0, ${userKey(sql`user_id`)})`;
  const user = aliased(
    sql`multiIf(
        own_user != 0, own_user,
        latest_user != 0, latest_user,
        NOT is_lasting, first_user,
        reach = 0 AND user_before != 0, user_before,
        first_user != 0, first_user,
        reach = resets, user_after,
        0)`,
    scope,
  );
  // Partitions are reaches: the runs of events that one identification may claim.
  const reachOf = sql`PARTITION BY visitor, is_lasting, if(is_lasting, 0, session_start), if(NOT is_lasting AND session_start = 0, event_id, toUUID('00000000-0000-0000-0000-000000000000')), reach`;
  return sql`
  SELECT *, ${user} AS known_user, if(known_user = 0, visitor, known_user) AS person
  FROM (
    SELECT
      *,
      argMaxIf(own_user, (at, event_id), own_user != 0) OVER (
        ${reachOf} ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS latest_user,
      argMinIf(own_user, (at, event_id), own_user != 0) OVER (${reachOf}) AS first_user
    FROM (
      SELECT
        *,
        ${own} AS own_user,
        countIf(kind = 'reset') OVER (
          PARTITION BY visitor ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reach,
        countIf(kind = 'reset') OVER (PARTITION BY visitor) AS resets
      FROM (${events}
      )
    )
  ) AS named
  LEFT ANY JOIN (${usersAround(scope, range)}
  ) AS around USING (visitor)`;
}

/** The person that a user is. */
export function userPerson(user: Sql, scope: EventScope): Sql {
  return aliased(userKey(user), scope);
}

/** Never 0, which stands for "no user". */
function userKey(user: Sql): Sql {
  return sql`bitOr(sipHash64('user', ${user}), 1)`;
}

/** What a lasting visitor was before the range, and what they are called after it. */
function usersAround(scope: EventScope, range: Range): Sql {
  return sql`
    SELECT
      visitor_id AS visitor,
      maxIf(last_time, user_id = '' AND is_before) AS last_reset,
      argMaxIf(${userKey(sql`user_id`)}, (last_time, user_id), user_id != '' AND is_before) AS named_before,
      if(maxIf(last_time, user_id != '' AND is_before) > last_reset, named_before, 0) AS user_before,
      minIf(first_time, user_id = '' AND NOT is_before) AS next_reset,
      argMinIf(${userKey(sql`user_id`)}, (first_time, user_id), user_id != '' AND NOT is_before) AS named_after,
      if(
        countIf(user_id = '' AND NOT is_before) = 0
          OR minIf(first_time, user_id != '' AND NOT is_before) <= next_reset,
        named_after, 0
      ) AS user_after
    FROM (
      SELECT visitor_id, user_id, first_time, last_time, day < toDate(fromUnixTimestamp64Milli(${bind('range_from', 'Int64', range.fromMs)}, 'UTC')) AS is_before
      FROM identity_moments
      WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
        AND (day < toDate(fromUnixTimestamp64Milli(${bind('range_from', 'Int64', range.fromMs)}, 'UTC'))
          OR day >= toDate(fromUnixTimestamp64Milli(${bind('range_to', 'Int64', range.toMs)}, 'UTC')))
        AND first_time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')${andOfFewVisitors(scope)}
    )
    GROUP BY visitor_id`;
}

function aliased(user: Sql, { identity }: EventScope): Sql {
  const { users, roots } = identity.aliases;
  if (users.length === 0) return user;
  const keys = (name: string, values: readonly string[]) =>
    sql`arrayMap(user_id -> ${userKey(sql`user_id`)}, ${bind(name, 'Array(String)', values)})`;
  return sql`transform(${user}, ${keys('alias_users', users)}, ${keys('alias_roots', roots)}, ${user})`;
}

/** Lasting visitors who bear one user and no other: a row per `visitor`, with the person they always were. */
export function namedVisitors(scope: EventScope): Sql {
  return sql`
    SELECT visitor_id AS visitor, ${aliased(userKey(sql`any(user_id)`), scope)} AS named
    FROM visitor_users
    WHERE site_id = ${bind('site_id', 'String', scope.siteId)}${andOfFewVisitors(scope)}
    GROUP BY visitor_id
    HAVING uniqExact(user_id) = 1`;
}

/** The person of a row that has its `visitor` and is joined with `namedVisitors`. */
export const NAMED_OR_SELF = sql`if(named = 0, visitor, named)`;
