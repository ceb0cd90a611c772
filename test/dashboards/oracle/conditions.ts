import type { WorldEvent } from './world.ts';

/** What an event must be: the named event, or a view of the page, and all of its property tests fulfilled. */
export type Condition = ({ event: string } | { page: PageTest }) & { where?: readonly PropertyTest[] };

/** `wildcard`: `*` stands for any run of characters, slashes included. `regex` is searched for, not anchored. */
export type PageTest = { match: 'exact' | 'prefix' | 'wildcard' | 'regex'; path: string };

/** An event that lacks the property fulfils `is_not`, `does_not_contain` and `not_set`, and none of the others. */
export type PropertyTest =
  | { property: string; operator: 'is' | 'is_not' | 'contains' | 'does_not_contain'; value: string }
  | { property: string; operator: 'set' | 'not_set' }
  | { property: string; operator: 'greater' | 'less'; value: number }
  /** Both ends belong to it. */
  | { property: string; operator: 'between'; low: number; high: number };

/** "An event name, or a page (exact, prefix, wildcard, regex), or several of them (OR), each with property filters." */
export function matches(event: WorldEvent, anyOf: readonly Condition[]): boolean {
  return anyOf.some(
    (condition) =>
      ('event' in condition ? event.name === condition.event : isPage(event, condition.page)) &&
      (condition.where ?? []).every((test) => fulfils(event, test)),
  );
}

function isPage(event: WorldEvent, test: PageTest): boolean {
  if (event.kind !== 'page_view') return false;
  switch (test.match) {
    case 'exact':
      return event.path === test.path;
    case 'prefix':
      return event.path.startsWith(test.path);
    case 'wildcard':
      return new RegExp(`^${test.path.split('*').map(escapePattern).join('.*')}$`).test(event.path);
    case 'regex':
      return new RegExp(test.path).test(event.path);
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function fulfils(event: WorldEvent, test: PropertyTest): boolean {
  const text = event.texts[test.property];
  const number = event.numbers[test.property];
  switch (test.operator) {
    case 'is':
      return text === test.value;
    case 'is_not':
      return text !== test.value;
    case 'contains':
      return text?.includes(test.value) ?? false;
    case 'does_not_contain':
      return !(text?.includes(test.value) ?? false);
    case 'set':
      return text !== undefined || number !== undefined;
    case 'not_set':
      return text === undefined && number === undefined;
    case 'greater':
      return number !== undefined && number > test.value;
    case 'less':
      return number !== undefined && number < test.value;
    case 'between':
      return number !== undefined && number >= test.low && number <= test.high;
  }
}
