import { expect, test } from 'vitest';
import {
  EMPTY,
  fromFilters,
  type Group,
  parseDraft,
  toFilters,
  writeDraft,
} from '../../../dashboards/app/pages/segments/definition.ts';
import { filtersShape } from '../../../dashboards/reports/filters/filters.ts';

const OTHER = '0b7f8a52-6f5e-4c39-9a4e-0e5a8d6f2c11';

const WHOLE: Group = {
  kind: 'group',
  join: 'and',
  items: [
    { kind: 'condition', filter: { field: 'trait:plan', operator: 'is_not', values: ['free'] } },
    {
      kind: 'group',
      join: 'or',
      items: [
        { kind: 'condition', filter: { field: 'country', operator: 'is', values: ['DE', 'AT'] } },
        {
          kind: 'behaviour',
          what: '/blog/*',
          filters: [{ field: 'title', operator: 'contains', values: ['wool'] }],
          isNot: true,
          atLeast: 3,
          withinDays: 14,
        },
      ],
    },
    { kind: 'segment', id: OTHER },
  ],
};

test('what is built is what the report API takes, and comes back from what was saved', () => {
  const filters = toFilters(WHOLE);

  expect(filtersShape.parse(filters)).toEqual([
    { field: 'trait:plan', operator: 'is_not', values: ['free'] },
    {
      or: [
        { field: 'country', operator: 'is', values: ['DE', 'AT'] },
        {
          did: {
            page: { match: 'wildcard', path: '/blog/*' },
            filters: [{ field: 'title', operator: 'contains', values: ['wool'] }],
          },
          isNot: true,
          atLeast: 3,
          withinDays: 14,
        },
      ],
    },
    { segment: OTHER },
  ]);
  expect(fromFilters(filters)).toEqual(WHOLE);
});

test('a segment of which any part is enough is one group, there and back', () => {
  const any: Group = { ...WHOLE, join: 'or' };

  expect(Object.keys(toFilters(any)[0] ?? {})).toEqual(['or']);
  expect(fromFilters(toFilters(any))).toEqual(any);
});

test('what is not whole yet stays in the address, and is not asked for', () => {
  const draft: Group = {
    ...EMPTY,
    items: [
      { kind: 'behaviour', what: '', filters: [], isNot: false, atLeast: 1, withinDays: undefined },
      { kind: 'segment', id: '' },
      { ...EMPTY, join: 'or' },
    ],
  };

  expect(toFilters(draft)).toEqual([]);
  expect(parseDraft(writeDraft(draft))).toEqual(draft);
  expect(parseDraft('{"kind":"gro')).toBeUndefined();
});
