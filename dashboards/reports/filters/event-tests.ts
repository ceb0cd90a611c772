/** One filter as a test on one event, and the comparisons that all filters share. */
import { anyOf, bind, type Sql, sql } from '../../sql.ts';
import { type EventFact, eventFact, isSessionDimension, sessionFactOfEvent } from '../dimensions.ts';
import type { FilterLeaf, Operator } from './leaf.ts';

/** What the event itself bears; session facts are read from it as they stand there. Traits are not its own: false. */
export function eventTest(leaf: FilterLeaf): Sql {
  const fact = factOf(leaf.field);
  if (!fact) return sql`false`;
  const { positive, isNegated } = splitOperator(leaf.operator);
  const test = sql`(${fact.isBorne} AND ${compare(fact.value, positive, leaf.values)})`;
  return isNegated ? sql`NOT ${test}` : test;
}

function factOf(field: FilterLeaf['field']): EventFact | undefined {
  if (isSessionDimension(field)) return { value: sessionFactOfEvent(field), isBorne: sql`true` };
  if (isTrait(field)) return undefined;
  return eventFact(field);
}

function isTrait(field: FilterLeaf['field']): field is `trait:${string}` {
  return field.startsWith('trait:');
}

export type PositiveOperator = Exclude<Operator, 'is_not' | 'does_not_contain' | 'is_not_set'>;

/** "Is not" is the opposite of "is", whatever it is asked of. */
export function splitOperator(operator: Operator): { positive: PositiveOperator; isNegated: boolean } {
  switch (operator) {
    case 'is_not':
      return { positive: 'is', isNegated: true };
    case 'does_not_contain':
      return { positive: 'contains', isNegated: true };
    case 'is_not_set':
      return { positive: 'is_set', isNegated: true };
    default:
      return { positive: operator, isNegated: false };
  }
}

/** `value` is a text; numbers in it are compared as numbers, and what is no number is neither greater nor less. */
export function compare(value: Sql, operator: PositiveOperator, values: readonly string[]): Sql {
  const numbers = values.map(Number);
  switch (operator) {
    case 'is':
      return sql`has(${bind('values', 'Array(String)', values)}, ${value})`;
    case 'contains':
      return anyOf(
        values.map((one) => sql`positionCaseInsensitiveUTF8(${value}, ${bind('text', 'String', one)}) > 0`),
      );
    case 'matches':
      return anyOf(values.map((one) => sql`match(${value}, ${bind('pattern', 'String', one)})`));
    case 'is_set':
      return sql`${value} != ''`;
    case 'greater':
      return sql`ifNull(toFloat64OrNull(${value}) > ${bind('least', 'Float64', Math.min(...numbers))}, false)`;
    case 'less':
      return sql`ifNull(toFloat64OrNull(${value}) < ${bind('most', 'Float64', Math.max(...numbers))}, false)`;
    case 'between':
      return sql`ifNull(toFloat64OrNull(${value}) BETWEEN ${bind('least', 'Float64', numbers[0])} AND ${bind('most', 'Float64', numbers[1])}, false)`;
  }
}
