import { expect, test } from 'vitest';
import { toId } from '../../../dashboards/app/pages/new-site/site-id.ts';
import { FIELD_GROUPS } from '../../../dashboards/app/state/fields.ts';
import { toChange, toPoints } from '../../../dashboards/charts/change.tsx';
import { compareWithTotal, scaleEnd } from '../../../dashboards/reports/conversion/rates.ts';
import { de } from '../../../dashboards/words/de.ts';
import { nameOfField, nameOfValue } from '../../../dashboards/words/dimensions.ts';
import { en } from '../../../dashboards/words/en.ts';
import { createFormat } from '../../../dashboards/words/format.ts';

const english = createFormat('en-GB');
const german = createFormat('de-DE');
/** Intl parts units by spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('a missing number is a dash, never zero', () => {
  for (const missing of [null, undefined, Number.NaN]) {
    expect([english.number(missing), english.percent(missing), english.duration(missing)]).toEqual([
      '–',
      '–',
      '–',
    ]);
  }
  expect([english.number(0), english.percent(0), english.duration(0)]).toEqual(['0', '0.0%', '0s']);
});

test('numbers are written as their reader writes them', () => {
  expect(english.compact(12_345)).toBe('12.3k');
  expect(english.compact(9_999)).toBe('9,999');
  expect(german.number(12_345)).toBe('12.345');
  expect(plain(german.percent(0.0421))).toBe('4,2 %');
  expect(plain(german.money(19.9, 'EUR'))).toBe('19,90 €');
});

test('a duration shows its two largest units', () => {
  expect([850, 9_400, 42_000, 185_000, 7_800_000, 273_600_000].map(english.duration)).toEqual([
    '850ms',
    '9.4s',
    '42s',
    '3m 5s',
    '2h 10m',
    '3d 4h',
  ]);
});

test('a unit that rounds up to the next is written as the next', () => {
  expect([59_600, 3_599_600, 86_399_000].map(english.duration)).toEqual(['1m 0s', '1h 0m', '1d 0h']);
});

test('codes become names, and what has no name stays as it came', () => {
  expect(nameOfValue('country', 'DE', en, english)).toBe('Germany');
  expect(nameOfValue('country', 'not a code', en, english)).toBe('not a code');
  expect(nameOfValue('source', '', en, english)).toBe('Direct / none');
  expect(nameOfValue('channel', 'Organic Search', de, german)).toBe('Organische Suche');
  expect(nameOfValue('channel', 'Carrier Pigeon', de, german)).toBe('Carrier Pigeon');
  expect(nameOfValue('campaign', '', en, english)).toBe('(none)');
});

test('nothing grows by a share of nothing', () => {
  expect(toChange(10, 0)).toBeUndefined();
  expect(toChange(10, null)).toBeUndefined();
  expect(toChange(12, 10)).toBeCloseTo(0.2);
});

test('a rate differs from that of all only where its whole interval does', () => {
  const rate = (low: number, high: number) => ({
    visitors: 100,
    conversions: 5,
    conversion_rate: (low + high) / 2,
    rate_low: low,
    rate_high: high,
  });

  expect(compareWithTotal(rate(0.04, 0.06), 0.03)).toBe('above');
  expect(compareWithTotal(rate(0.01, 0.02), 0.03)).toBe('below');
  expect(compareWithTotal(rate(0.02, 0.04), 0.03)).toBe('unclear');
  expect(scaleEnd([rate(0.02, 0.04), rate(0.1, 0.19)])).toBe(0.2);
});

test('an address becomes an id that the wire allows', () => {
  expect(toId(' https://www.Example.com/shop?x ')).toBe('example.com');
  expect(toId('Mein Laden!')).toBe('mein-laden');
});

test('a rate moves by points, also from nothing', () => {
  expect(toPoints(0.218, 0.236)).toBeCloseTo(-0.018);
  expect(toPoints(0.1, 0)).toBeCloseTo(0.1);
  expect(toPoints(0.1, null)).toBeUndefined();
  expect(english.signedTenths(-1.84)).toBe('−1.8');
  expect(german.signedTenths(1.84)).toBe('+1,8');
});

test('whatever a filter can be about has a name in each language', () => {
  const fields = Object.values(FIELD_GROUPS).flat();
  for (const words of [en, de])
    expect(fields.filter((field) => nameOfField(field, words) === field)).toEqual([]);
});
