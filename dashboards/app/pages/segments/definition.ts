import type { Filter as ApiFilter } from '../../../reports/filters/filters.ts';
import { isField } from '../../state/fields.ts';
import { type Filter, isOperator } from '../../state/filters.ts';
import { toCondition } from '../funnels/definition.ts';

/** What somebody did, or did not do. `withinDays` undefined: in the period that a report is about. */
export type Behaviour = {
  kind: 'behaviour';
  what: string;
  filters: Filter[];
  isNot: boolean;
  atLeast: number;
  withinDays: number | undefined;
};
export type Condition = { kind: 'condition'; filter: Filter };
export type OtherSegment = { kind: 'segment'; id: string };
export type Group = { kind: 'group'; join: 'and' | 'or'; items: Item[] };
export type Item = Condition | Behaviour | OtherSegment | Group;

export const EMPTY: Group = { kind: 'group', join: 'and', items: [] };
export const NEW_BEHAVIOUR: Behaviour = {
  kind: 'behaviour',
  what: '',
  filters: [],
  isNot: false,
  atLeast: 1,
  withinDays: undefined,
};
/** The report API takes five levels; three are as many as one can read. */
export const DEEPEST = 3;

/** What is saved and asked: the filters of the report API. What is not whole yet is left out. */
export function toFilters(group: Group): ApiFilter[] {
  const parts = group.items.flatMap(toFilter);
  return group.join === 'and' || parts.length < 2 ? parts : [{ or: parts }];
}

function toFilter(item: Item): ApiFilter[] {
  switch (item.kind) {
    case 'condition':
      return [item.filter];
    case 'segment':
      return item.id === '' ? [] : [{ segment: item.id }];
    case 'group': {
      const parts = item.items.flatMap(toFilter);
      if (parts.length === 0) return [];
      return [item.join === 'and' ? { and: parts } : { or: parts }];
    }
    case 'behaviour': {
      const { what, filters, isNot, atLeast, withinDays } = item;
      if (what === '') return [];
      return [
        {
          did: { ...toCondition(what), ...(filters.length > 0 ? { filters } : {}) },
          ...(isNot ? { isNot } : {}),
          ...(atLeast > 1 ? { atLeast } : {}),
          ...(withinDays === undefined ? {} : { withinDays }),
        },
      ];
    }
  }
}

/** A saved segment as the builder shows it: the inverse of toFilters. Takes what it understands. */
export function fromFilters(filters: unknown): Group {
  const items = toList(filters).flatMap((one) => fromFilter(one));
  const [only] = items;
  if (items.length === 1 && only?.kind === 'group') return only;
  return { ...EMPTY, items };
}

function fromFilter(value: unknown): Item[] {
  const { and, or, did, segment, isNot, atLeast, withinDays } = toObject(value);
  if (Array.isArray(and)) return [{ kind: 'group', join: 'and', items: and.flatMap(fromFilter) }];
  if (Array.isArray(or)) return [{ kind: 'group', join: 'or', items: or.flatMap(fromFilter) }];
  if (typeof segment === 'string') return [{ kind: 'segment', id: segment }];
  if (did === undefined) return toLeaf(value).map((filter) => ({ kind: 'condition', filter }));
  return [
    {
      kind: 'behaviour',
      what: toText(did),
      filters: toList(toObject(did).filters).flatMap(toLeaf),
      isNot: isNot === true,
      atLeast: typeof atLeast === 'number' ? atLeast : 1,
      withinDays: typeof withinDays === 'number' ? withinDays : undefined,
    },
  ];
}

/** The builder's own state as one search parameter: also what is not whole yet. */
export function writeDraft(group: Group): string {
  return JSON.stringify(group);
}

export function parseDraft(text: string): Group | undefined {
  try {
    const [group] = toItem(JSON.parse(text));
    return group?.kind === 'group' ? group : undefined;
  } catch {
    // A link that was cut or mistyped.
    return undefined;
  }
}

function toItem(value: unknown): Item[] {
  const { kind, join, items, filter, id, what, filters, isNot, atLeast, withinDays } = toObject(value);
  switch (kind) {
    case 'group':
      return [{ kind, join: join === 'or' ? 'or' : 'and', items: toList(items).flatMap(toItem) }];
    case 'condition':
      return toLeaf(filter).map((one) => ({ kind, filter: one }));
    case 'segment':
      return [{ kind, id: typeof id === 'string' ? id : '' }];
    case 'behaviour':
      return [
        {
          kind,
          what: typeof what === 'string' ? what : '',
          filters: toList(filters).flatMap(toLeaf),
          isNot: isNot === true,
          atLeast: typeof atLeast === 'number' && atLeast >= 1 ? Math.floor(atLeast) : 1,
          withinDays: typeof withinDays === 'number' && withinDays >= 1 ? Math.floor(withinDays) : undefined,
        },
      ];
    default:
      return [];
  }
}

function toLeaf(value: unknown): Filter[] {
  const { field, operator, values } = toObject(value);
  if (!isField(field) || !isOperator(operator)) return [];
  return [{ field, operator, values: toList(values).filter((one) => typeof one === 'string') }];
}

/** The text that stands for a condition in the fields of the builder. */
function toText(condition: unknown): string {
  const { event, page } = toObject(condition);
  if (typeof event === 'string') return event;
  const { match, path } = toObject(page);
  if (typeof path !== 'string') return '';
  if (match === 'regex') return `~${path}`;
  return match === 'prefix' ? `${path}**` : path;
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
