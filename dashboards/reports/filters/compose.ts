/**
 * Filters as a choice of sessions, by the scope of each field: session facts are asked of the session, event facts of its
 * events (one that fits is enough; "is not" means that none does), traits of its persons.
 */
import { allOf, anyOf, bind, identifiers, type Sql, sql } from '../../sql.ts';
import { conditionSql } from '../conditions.ts';
import { eventFact, isSessionDimension, type SessionDimension } from '../dimensions.ts';
import { EVENT_COLUMNS, type EventColumn, FACT_COLUMNS } from '../events/columns.ts';
import { countedEvents } from '../events/counted.ts';
import { userPerson } from '../events/persons.ts';
import type { EventScope } from '../events/scope.ts';
import { eventsOf } from '../rules/reading.ts';
import { factName } from '../sessions/fact-name.ts';
import { compare, splitOperator } from './event-tests.ts';
import type { BehaviourFilter, Filter } from './filters.ts';
import type { FilterLeaf } from './leaf.ts';

export type ComposedFilters = {
  /** Facts of the session that `having` speaks of, each under its factName. */
  facts: SessionDimension[];
  /** Tests on events, each named as `having` names its maximum over the session. */
  tests: { name: Sql; test: Sql }[];
  /** What the tests read. */
  columns: EventColumn[];
  having: Sql;
};

const MOST_TESTS = 60;
const testName = identifiers(Array.from({ length: MOST_TESTS }, (_, index) => `test_${index + 1}`));

export function composeFilters(filters: readonly Filter[], scope: EventScope): ComposedFilters {
  const facts: SessionDimension[] = [];
  const tests: ComposedFilters['tests'] = [];

  function leafSql(leaf: FilterLeaf): Sql {
    const { field, operator, values } = leaf;
    const { positive, isNegated } = splitOperator(operator);
    const test = testOf();
    return isNegated ? sql`NOT ${test}` : test;

    function testOf(): Sql {
      if (isSessionDimension(field)) {
        facts.push(field);
        return sql`(${compare(factName(field), positive, values)})`;
      }
      if (isTrait(field)) {
        return sql`arrayExists(one -> one IN (${personsWithTrait(field.slice('trait:'.length), compare(sql`trait`, positive, values), scope)}), persons)`;
      }
      const name = testName(`test_${tests.length + 1}`);
      const fact = eventFact(field);
      tests.push({ name, test: sql`${fact.isBorne} AND ${compare(fact.value, positive, values)}` });
      return name;
    }
  }

  function toSql(filter: Filter): Sql {
    if ('and' in filter) return allOf(filter.and.map(toSql));
    if ('or' in filter) return anyOf(filter.or.map(toSql));
    if ('did' in filter) return didSql(filter, scope);
    if ('segment' in filter) throw new Error('Expected segments to be put in before filters are composed');
    return leafSql(filter);
  }

  const having = allOf(filters.map(toSql));
  return { facts, tests, having, columns: tests.length > 0 ? [...FACT_COLUMNS] : [] };
}

function isTrait(field: FilterLeaf['field']): field is `trait:${string}` {
  return field.startsWith('trait:');
}

/** Asked of all that the person did, in any session, server events included. */
function didSql({ did, isNot = false, atLeast = 1, withinDays }: BehaviourFilter, scope: EventScope): Sql {
  const toMs = Math.min(scope.toMs, scope.nowMs + 1);
  const fromMs = withinDays === undefined ? scope.fromMs : toMs - withinDays * DAY_MS;
  const persons = sql`
      SELECT person
      FROM (${countedEvents({ ...scope, fromMs, toMs }, EVENT_COLUMNS)})
      WHERE at >= ${bind('did_from', 'Int64', fromMs)} AND at < ${bind('did_to', 'Int64', toMs)} AND ${conditionSql(did)}
      GROUP BY person
      HAVING count() >= ${bind('at_least', 'UInt32', atLeast)}`;
  const test = sql`arrayExists(one -> one IN (${persons}), persons)`;
  return isNot ? sql`NOT ${test}` : test;
}

const DAY_MS = 86_400_000;

/** Persons by the last value that any `identify` of theirs brought. */
function personsWithTrait(trait: string, test: Sql, scope: EventScope): Sql {
  const key = bind('trait', 'String', trait);
  return sql`
      SELECT holder
      FROM (
        SELECT
          ${userPerson(sql`user_id`, scope)} AS holder,
          argMax(if(mapContains(properties, ${key}), properties[${key}], toString(numeric_properties[${key}])), (time, event_id)) AS trait
        FROM ${eventsOf(scope)}
        WHERE site_id = ${bind('site_id', 'String', scope.siteId)} AND kind = 'identify' AND user_id != '' AND NOT is_bot
          AND (mapContains(properties, ${key}) OR mapContains(numeric_properties, ${key}))
          AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
        GROUP BY holder
      )
      WHERE ${test}`;
}
