/**
 * Scopes of the few visitors whose events a question needs. Some of their events may be another person's; but whatever
 * tells whose an event is lies among them, so sessions and persons come out as if all were read.
 */
import { anyOf, bind, type Sql, sql } from '../../sql.ts';
import { eventsOf } from '../rules/reading.ts';
import { rangeOf } from './counted.ts';
import { userPerson } from './persons.ts';
import type { EventScope } from './scope.ts';
import { isWithin } from './within.ts';

/** Of those who may be this person, a value. */
export function ofPerson(scope: EventScope, person: Sql): EventScope {
  const itself = sql`SELECT ${person} AS visitor_id`;
  return { ...scope, ofVisitors: isOneOf(scope, itself, itself), areFewVisitors: true };
}

/**
 * Of those who may be one person with one of `visitors`, a query of one column that may be asked several times. Where
 * tests count, of all: they leave no trace in the tables that tell.
 */
export function ofSamePersons(scope: EventScope, visitors: Sql): EventScope {
  const { hasUsers, hasLinks } = scope.identity;
  if (hasUsers && scope.countsTests) return scope;
  const all = hasLinks ? withLinked(scope, visitors) : visitors;
  const users = sql`
        SELECT ${userPerson(sql`user_id`, scope)} FROM identity_moments
        WHERE ${isOfSite(scope)} AND user_id != '' AND visitor_id IN (${all})`;
  return { ...scope, ofVisitors: isOneOf(scope, all, users) };
}

/** A test on `visitor_id`: is one of these, or bore one of these users, or became one who is, or the other way round. */
function isOneOf(scope: EventScope, visitors: Sql, users: Sql): Sql {
  const { hasUsers, hasLinks } = scope.identity;
  const queries = [visitors, ...(hasUsers ? bearersOf(scope, users) : [])];
  if (!hasLinks) return anyOf(queries.map((query) => sql`visitor_id IN (${query})`));
  const all = queries.reduce(
    (before, query) => sql`${before}
        UNION DISTINCT ${query}`,
  );
  return sql`visitor_id IN (${withLinked(scope, all)})`;
}

function bearersOf(scope: EventScope, users: Sql): Sql[] {
  const isBorne = sql`user_id != '' AND ${userPerson(sql`user_id`, scope)} IN (${users})`;
  const named = sql`
        SELECT visitor_id FROM identity_moments WHERE ${isOfSite(scope)} AND ${isBorne}`;
  const tested = sql`
        SELECT visitor_id FROM ${eventsOf(scope)}
        WHERE ${isOfSite(scope)} AND ${isWithin(rangeOf(scope))} AND is_test AND ${isBorne}`;
  return scope.countsTests ? [named, tested] : [named];
}

/** And both ends of their consents in mid-visit. */
function withLinked(scope: EventScope, visitors: Sql): Sql {
  const became = sql`
        SELECT * FROM (${visitors})
        UNION DISTINCT
        SELECT link.2 FROM visitor_links WHERE ${isOfSite(scope)} AND visitor_id IN (${visitors})`;
  return sql`${became}
        UNION DISTINCT
        SELECT visitor_id FROM visitor_links WHERE ${isOfSite(scope)} AND link.2 IN (${became})`;
}

function isOfSite({ siteId }: EventScope): Sql {
  return sql`site_id = ${bind('site_id', 'String', siteId)}`;
}
