import { expect, test } from 'vitest';
import { writeVital } from '../../../dashboards/reports/web-vitals/write-vital.ts';
import { createFormat } from '../../../dashboards/words/format.ts';

const english = createFormat('en-GB');
const german = createFormat('de-DE');

test('seconds and CLS are written to the hundredth, what is shorter than a second in milliseconds', () => {
  expect(writeVital({ metric: 'lcp', p75: 2_481.6 }, english)).toBe('2.48s');
  expect(writeVital({ metric: 'lcp', p75: 2_481.6 }, german)).toBe('2,48\u00a0s');
  expect(writeVital({ metric: 'lcp', p75: 1_000 }, english)).toBe('1.00s');
  expect(writeVital({ metric: 'ttfb', p75: 999.4 }, english)).toBe('999ms');
  expect(writeVital({ metric: 'ttfb', p75: 999.6 }, english)).toBe('1.00s');
  expect(writeVital({ metric: 'inp', p75: 96.4 }, english)).toBe('96ms');
  expect(writeVital({ metric: 'cls', p75: 0.1 }, english)).toBe('0.10');
  expect(writeVital({ metric: 'cls', p75: 0 }, english)).toBe('0.00');
});

test('the number never lies on the other side of a bound than its rating', () => {
  expect(writeVital({ metric: 'lcp', p75: 2_500 }, english)).toBe('2.50s');
  expect(writeVital({ metric: 'lcp', p75: 2_503 }, english)).toBe('2.503s');
  expect(writeVital({ metric: 'cls', p75: 0.1004 }, english)).toBe('0.1004');
  expect(writeVital({ metric: 'inp', p75: 200.4 }, english)).toBe('200.4ms');
  expect(writeVital({ metric: 'ttfb', p75: 1_802 }, english)).toBe('1.802s');
});
