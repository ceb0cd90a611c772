/** Under which ids persons may have been seen: to read the events of a few, the others' need not be told apart. */
import { bind, type Sql, sql } from '../../sql.ts';
import { eventsOf } from '../rules/reading.ts';
import { rangeOf } from './counted.ts';
import { userPerson } from './persons.ts';
import type { EventScope } from './scope.ts';
import { isWithin } from './within.ts';

/**
 * The scope of those visitors who may be one of `persons`, a query of one column. Some of their events may be another
 * person's; but whatever tells whose an event is lies among them, so persons come out as if all were read.
 */
export function ofPersons(scope: EventScope, persons: Sql): EventScope {
  return { ...scope, ofVisitors: sql`visitor_id IN (${visitorsOf(scope, persons)})` };
}

/** Themselves, whoever bore a user that is one of them, and both ends of a consent in mid-visit. */
function visitorsOf(scope: EventScope, persons: Sql): Sql {
  const { hasUsers, hasLinks } = scope.identity;
  const isOfUser = sql`user_id != '' AND ${userPerson(sql`user_id`, scope)} IN (${persons})`;
  const siteId = bind('site_id', 'String', scope.siteId);
  const named = hasUsers
    ? sql`
        UNION DISTINCT
        SELECT visitor_id FROM identity_moments WHERE site_id = ${siteId} AND ${isOfUser}`
    : sql``;
  // Tests leave no trace in the small tables.
  const tested =
    hasUsers && scope.countsTests
      ? sql`
        UNION DISTINCT
        SELECT visitor_id FROM ${eventsOf(scope)} WHERE site_id = ${siteId} AND ${isWithin(rangeOf(scope))} AND ${isOfUser}`
      : sql``;
  const known = sql`
        SELECT * FROM (${persons})${named}${tested}`;
  if (!hasLinks) return known;
  const became = sql`${known}
        UNION DISTINCT
        SELECT link.2 FROM visitor_links WHERE site_id = ${siteId} AND visitor_id IN (${known})`;
  return sql`${became}
        UNION DISTINCT
        SELECT visitor_id FROM visitor_links WHERE site_id = ${siteId} AND link.2 IN (${became})`;
}
