import { expect, test } from 'vitest';
import { createCalendar } from './calendar.ts';

const at = (text: string) => Date.parse(text);
const berlin = createCalendar('Europe/Berlin');

test('a day that springs forward has 23 hours, one that falls back 25', () => {
  const hours = (day: number) => (berlin.nextOf('day', day) - berlin.startOf('day', day)) / 3_600_000;

  expect(hours(at('2026-03-29T12:00:00Z'))).toBe(23);
  expect(hours(at('2026-10-25T12:00:00Z'))).toBe(25);
  expect(hours(at('2026-10-26T12:00:00Z'))).toBe(24);
});

test('a local day begins at local midnight', () => {
  expect(berlin.startOf('day', at('2026-03-29T21:59:59.999Z'))).toBe(at('2026-03-28T23:00:00Z'));
  expect(berlin.startOf('day', at('2026-03-29T22:00:00.000Z'))).toBe(at('2026-03-29T22:00:00Z'));
});

test('the hour that comes twice is two hours', () => {
  expect(berlin.startOf('hour', at('2026-10-25T00:30:00Z'))).toBe(at('2026-10-25T00:00:00Z'));
  expect(berlin.startOf('hour', at('2026-10-25T01:30:00Z'))).toBe(at('2026-10-25T01:00:00Z'));
});

test('a week begins on Monday, a month on its first', () => {
  expect(berlin.startOf('week', at('2026-03-29T12:00:00Z'))).toBe(at('2026-03-22T23:00:00Z'));
  expect(berlin.nextOf('month', at('2026-03-29T12:00:00Z'))).toBe(at('2026-03-31T22:00:00Z'));
});

test('distance counts the borders crossed', () => {
  expect(berlin.distance('day', at('2026-03-28T22:59:00Z'), at('2026-03-28T23:00:00Z'))).toBe(1);
  expect(berlin.distance('month', at('2026-01-31T12:00:00Z'), at('2026-03-01T12:00:00Z'))).toBe(2);
});
