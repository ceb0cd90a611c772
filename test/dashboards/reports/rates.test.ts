/** What the conversion tables say of their rows, by published and hand-counted figures. */
import { expect, test } from 'vitest';
import {
  bestAndNext,
  differenceOf,
  fewestOf,
  sortRates,
} from '../../../dashboards/reports/conversion/rates.ts';
import type { ConversionRow } from '../../../dashboards/reports/conversion/report.ts';
import { wilson } from '../../../dashboards/reports/funnel/statistics.ts';
import { createFormat } from '../../../dashboards/words/format.ts';

function rowOf(value: string, conversions: number, visitors: number, revenue?: number): ConversionRow {
  const interval = wilson(conversions, visitors);
  return {
    value,
    visitors,
    conversions,
    conversion_rate: visitors === 0 ? null : conversions / visitors,
    rate_low: interval?.low ?? null,
    rate_high: interval?.high ?? null,
    goal_events: conversions,
    orders: 0,
    revenue: revenue === undefined ? [] : [{ currency: 'EUR', amount: revenue }],
    average_order_value: [],
  };
}

test('the interval of a difference is that of Newcombe’s paper: 56 of 70 against 48 of 80', () => {
  const found = differenceOf(rowOf('a', 56, 70), rowOf('b', 48, 80));

  expect(found?.difference).toBeCloseTo(0.2, 10);
  expect(found?.low).toBeCloseTo(0.0524, 4);
  expect(found?.high).toBeCloseTo(0.3339, 4);
  expect(differenceOf(rowOf('a', 56, 70), rowOf('nobody', 0, 0))).toBeUndefined();
});

test('the best is compared with the next, and one buyer of one visitor is neither', () => {
  const lucky = rowOf('lucky', 1, 1);
  const real = bestAndNext([rowOf('b', 48, 80), lucky, rowOf('a', 56, 70), rowOf('c', 0, 500)]);
  const chance = bestAndNext([rowOf('a', 12, 40), rowOf('b', 10, 40)]);

  expect([real?.best.value, real?.next.value, real?.isReal]).toEqual(['a', 'b', true]);
  expect([chance?.best.value, chance?.next.value, chance?.isReal]).toEqual(['a', 'b', false]);
  expect(bestAndNext([rowOf('a', 56, 70), lucky])).toBeUndefined();
});

test('points of few visitors: below 20, on a small site below half of what is usual', () => {
  expect(fewestOf([1, 300, 280, 320, 0])).toBe(20);
  expect(fewestOf([1, 8, 7, 9])).toBe(4);
  expect(fewestOf([1, 1, 1])).toBe(1);
  expect(fewestOf([])).toBe(0);
});

test('rows are ordered by any column, without a number last', () => {
  const rows = [rowOf('b', 5, 50, 10), rowOf('c', 0, 0), rowOf('a', 9, 30)];
  const by = (column: 'value' | 'visitors' | 'conversion_rate' | 'revenue', isUpwards: boolean) =>
    sortRates(rows, { by: column, isUpwards }, (value) => value)
      .map(({ value }) => value)
      .join('');

  expect(by('value', true)).toBe('abc');
  expect(by('visitors', false)).toBe('bac');
  expect([by('conversion_rate', false), by('conversion_rate', true)]).toEqual(['abc', 'bac']);
  expect(by('revenue', true)).toBe('bca');
  expect(rows.map(({ value }) => value).join('')).toBe('bca');
});

test('an interval is written with one percent sign', () => {
  expect(createFormat('en-GB').percents(0.2, 0.314)).toBe('20.0–31.4%');
  expect(createFormat('de-DE').percents(0.2, 0.314)).toBe('20,0–31,4\u00a0%');
  expect(createFormat('en-GB').percents(null, null)).toBe('–');
});
