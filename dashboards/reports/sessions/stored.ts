/**
 * The stored sessions of settled days as rows of `sessionsOf`. They lie within one day, inside the period, and are one
 * person's: those of visitors who may be several are left out here and derived with the rest.
 */
import { bind, type Sql, sql } from '../../sql.ts';
import { isSessionDimension, type SessionDimension } from '../dimensions.ts';
import { rangeOf } from '../events/counted.ts';
import { NAMED_OR_SELF, namedVisitors } from '../events/persons.ts';
import { isOfDays } from '../events/settled-edges.ts';
import { tangledVisitors } from '../events/tangled.ts';
import { composeFilters } from '../filters/compose.ts';
import type { Filter } from '../filters/filters.ts';
import { hasExclusions } from '../rules/reading.ts';
import { type SettledReading, toReading } from '../settled/settled-days.ts';
import { factName, storedFact } from './fact-name.ts';
import { PAGE_VIEW_BIT } from './measures.ts';
import type { SessionsRequest } from './request.ts';

/** Undefined where the question needs events: a goal, a filter on what is in a session, rules that change what counts. */
export function readingOf({ scope, filters, part, goal }: SessionsRequest): SettledReading | undefined {
  const { rules, settledDays } = scope;
  if (!settledDays || goal || scope.countsTests || scope.ofVisitors || hasExclusions(scope)) return undefined;
  if (part && !part.stored) return undefined;
  if (part?.stored === 'event' && rules && rules.events.sent.length > 0) return undefined;
  return filters.every(isOfSession) ? toReading(settledDays, scope, rangeOf(scope)) : undefined;
}

function isOfSession(filter: Filter): boolean {
  if ('and' in filter) return filter.and.every(isOfSession);
  if ('or' in filter) return filter.or.every(isOfSession);
  return 'field' in filter && isSessionDimension(filter.field);
}

/** What both kinds of sessions have in common. */
export function storedColumns(fact: SessionDimension | undefined): Sql {
  return sql`visitor, session_start, page_views, interactions, is_bounce, duration_ms, engaged_ms, events_in_period,
    views_in_period, persons, opener, closer, parts${fact ? sql`, ${factName(fact)}` : sql``}`;
}

export function storedSessions(
  { scope, filters, part, fact }: SessionsRequest,
  { inside }: SettledReading,
): Sql {
  const filter = composeFilters(filters, scope);
  const facts = [...new Set([...filter.facts, ...(fact ? [fact] : [])])];
  const { hasTangled, hasNamed } = scope.identity;
  const plain = hasTangled ? sql` AND visitor_id NOT IN (${tangledVisitors(scope)})` : sql``;
  const names = hasNamed
    ? sql`
    LEFT ANY JOIN (${namedVisitors(scope)}
    ) AS names USING (visitor)`
    : sql``;
  const factColumns = facts.reduce(
    (before, one) => sql`${before}, toString(${storedFact(one)}) AS ${factName(one)}`,
    sql``,
  );
  return sql`
    SELECT
      visitor,
      toUnixTimestamp64Milli(start_time) AS session_start,
      toUInt64(stored.page_views) AS page_views,
      toUInt64(stored.interactions) AS interactions,
      page_views = 1 AND interactions = 1 AS is_bounce,
      toInt64(stored.duration_ms) AS duration_ms,
      toUInt64(stored.engaged_ms) AS engaged_ms,
      toUInt64(events) AS events_in_period,
      page_views AS views_in_period,
      [${hasNamed ? NAMED_OR_SELF : sql`visitor`}] AS persons,
      -- Keys as derived sessions have them, as far as they are compared: whether there is an entry, and an exit.
      if(page_views > 0, toUInt64(0), ${PAGE_VIEW_BIT}) AS opener,
      if(page_views > 0, ${PAGE_VIEW_BIT}, toUInt64(0)) AS closer,
      ${partsOf(scope, part)} AS parts${factColumns}
    FROM (
      SELECT *, visitor_id AS visitor FROM settled_sessions WHERE ${isOfDays(scope, inside)}${plain}
    ) AS stored${names}
    WHERE ${filter.having}`;
}

/** Tuples as in `sessionsOf`: key, page views, persons, events, engaged ms, deepest scroll, opener, closer. */
function partsOf({ rules }: SessionsRequest['scope'], part: SessionsRequest['part']): Sql {
  const whole = sql`page_views, persons, toUInt64(events), toUInt64(stored.engaged_ms), scroll_percent, opener, closer`;
  switch (part?.stored) {
    case undefined:
      return sql`[('', ${whole})]`;
    case 'day':
      return sql`arrayMap(at -> (${part?.key ?? sql``}, ${whole}), [session_start])`;
    case 'page':
      return sql`arrayMap(
        (path, views, engaged, deepest) -> (
          path, toUInt64(views), persons, toUInt64(views), toUInt64(engaged), deepest,
          toUInt64(path != entry_page), if(path = exit_page, ${PAGE_VIEW_BIT}, toUInt64(1))
        ),
        pages.path, pages.views, pages.engaged_ms, pages.scroll_percent
      )`;
    case 'event':
      return sql`arrayFilter(one -> NOT has(${bind('hidden', 'Array(String)', rules?.hiddenEvents ?? [])}, one.1), arrayMap(
        (name, times) -> (
          toString(name), toUInt64(0), persons, toUInt64(times), toUInt64(0), toUInt8(0), toUInt64(1), toUInt64(1)
        ),
        custom_events.name, custom_events.times
      ))`;
  }
}
