import { expect, test } from 'vitest';
import { clockCorrection, toEventTime } from '../../../collector/enrich/event-time.ts';

const RECEIVED = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

function timeOf(at: number, sentAt: number) {
  return toEventTime(at, clockCorrection(sentAt, RECEIVED), RECEIVED);
}

test.each([
  ['a clock that is right', 0],
  ['a slow network', 4_000],
  ['a clock almost five minutes behind', 5 * MINUTE - 1],
  ['a clock almost five minutes ahead', -5 * MINUTE + 1],
])('%s leaves the time as it is', (_, difference) => {
  const at = RECEIVED - difference - 10_000;

  expect(timeOf(at, RECEIVED - difference)).toEqual({ time: at, isCorrected: false });
});

test.each([
  ['an hour behind', 60 * MINUTE + 300, 60],
  ['five minutes behind', 5 * MINUTE, 5],
  ['a day ahead', -1_440 * MINUTE + 20_000, -1_440],
])(
  'a clock %s is corrected by whole minutes, so that transit does not move events',
  (_, difference, minutes) => {
    const sentAt = RECEIVED - difference;
    const at = sentAt - 2 * MINUTE;

    expect(timeOf(at, sentAt)).toEqual({ time: at + minutes * MINUTE, isCorrected: true });
  },
);

test('what names the future happened when it was received', () => {
  expect(timeOf(RECEIVED + 6 * MINUTE, RECEIVED)).toEqual({ time: RECEIVED, isCorrected: true });
  expect(timeOf(RECEIVED + 90 * MINUTE, RECEIVED + 60 * MINUTE)).toEqual({
    time: RECEIVED,
    isCorrected: true,
  });
});
