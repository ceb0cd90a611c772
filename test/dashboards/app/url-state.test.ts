import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  OPERATORS,
  parseFilter,
  takesNoValue,
  toggleValue,
  writeFilter,
} from '../../../dashboards/app/state/filters.ts';
import { pickedTab, withTab } from '../../../dashboards/app/state/panel-tabs.ts';
import { parseSearch, writeSearch } from '../../../dashboards/app/state/search.ts';
import { parseViewSearch, toSearch, toView, USUAL } from '../../../dashboards/app/state/view.ts';

test('whatever a filter holds comes back from the address as it was', () => {
  const anyFilter = fc.record({
    field: fc.constantFrom('source' as const, 'page' as const, 'property:a:b,c%' as const),
    operator: fc.constantFrom(...OPERATORS),
    values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 }),
  });

  fc.assert(
    fc.property(anyFilter, (filter) => {
      const whole = takesNoValue(filter.operator) ? { ...filter, values: [] } : filter;
      const search = parseSearch(writeSearch({ f: [writeFilter(whole)] }));

      expect(parseFilter(String(search.f))).toEqual(whole);
    }),
  );
});

test('a filter on a plain word reads like a sentence in the address', () => {
  expect(
    writeSearch({ f: [writeFilter({ field: 'source', operator: 'is', values: ['google', 'bing'] })] }),
  ).toBe('?f=source:is:google,bing');
});

test('a mistyped filter is left out, the others hold', () => {
  const { filters } = toView({ f: ['nonsense', 'planet:is:mars', 'country:is:DE', 'source:is:%'] });

  expect(filters).toEqual([{ field: 'country', operator: 'is', values: ['DE'] }]);
});

test('what is usual leaves no trace in the address', () => {
  expect(writeSearch(toSearch(USUAL))).toBe('');
});

test('a view comes back from the address as it was', () => {
  const view = {
    period: { from: '2026-10-01', to: '2026-10-31' },
    comparison: 'year_before' as const,
    filters: [{ field: 'page' as const, operator: 'contains' as const, values: ['/a,b:c'] }],
    segments: ['0b7f8a52-6f5e-4c39-9a4e-0e5a8d6f2c11'],
    goal: 'a-goal',
  };

  expect(toView(parseViewSearch(parseSearch(writeSearch(toSearch(view)))))).toEqual(view);
});

test('days that do not exist, or run backwards, are not taken', () => {
  expect(parseViewSearch({ from: '2026-02-30', to: '2026-03-01' })).toEqual({});
  expect(parseViewSearch({ from: '2026-03-02', to: '2026-03-01' })).toEqual({});
});

test('a click on a value adds it to the filter, a second takes it away', () => {
  const once = toggleValue([], 'source', 'google');
  const twice = toggleValue(once, 'source', 'bing');

  expect(twice).toEqual([{ field: 'source', operator: 'is', values: ['google', 'bing'] }]);
  expect(toggleValue(toggleValue(twice, 'source', 'google'), 'source', 'bing')).toEqual([]);
});

test('each panel keeps its own tab', () => {
  const sources = ['channel', 'source'] as const;
  const pages = ['page', 'entry_page'] as const;
  const tabs = withTab(withTab(undefined, sources, 'source'), pages, 'entry_page');

  expect([pickedTab(tabs, sources), pickedTab(tabs, pages)]).toEqual(['source', 'entry_page']);
  expect(withTab(withTab(tabs, sources, 'channel'), pages, 'page')).toBeUndefined();
});
