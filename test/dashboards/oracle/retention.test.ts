import { expect, test } from 'vitest';
import { type RetentionRequest, retentionOf } from './retention.ts';
import { eventsOf, type World } from './world.ts';

const at = (text: string) => Date.parse(`${text}:00Z`);

function visits(list: Record<string, string[]>, now: string): World {
  const events = Object.entries(list).flatMap(([visitor, times]) =>
    times.map((time) => ({ visitor, path: '/', timeMs: at(time) })),
  );
  return { events: eventsOf(events), nowMs: at(now), timeZone: 'Europe/Berlin' };
}

const visit = [{ event: 'page_view' }];

function request(more: Partial<RetentionRequest> = {}): RetentionRequest {
  return {
    start: visit,
    comeBack: visit,
    cohortBy: 'first',
    interval: 'day',
    // Three local days; the clock springs forward on the second.
    period: { fromMs: at('2026-03-27T23:00'), toMs: at('2026-03-30T22:00') },
    mode: { kind: 'exact', intervals: 3 },
    ...more,
  };
}

const world = visits(
  {
    // Late on the 28th; early on the 29th, local time; on the 30th.
    ann: ['2026-03-28T22:30', '2026-03-28T23:30', '2026-03-29T22:30'],
    ben: ['2026-03-28T12:00', '2026-03-30T12:00'],
    cat: ['2026-03-29T12:00'],
    old: ['2026-03-01T12:00', '2026-03-28T12:00'],
  },
  '2026-03-30T12:01',
);

/** `people: cell cell cell` of each cohort; a cell that is not complete in brackets. */
const table = (asked: RetentionRequest) =>
  retentionOf(world, asked).map(
    ({ people, cells }) =>
      `${people}: ${cells.map((cell) => (cell.isComplete ? cell.people : `(${cell.people})`)).join(' ')}`,
  );

test('N-day retention counts who came back on that local day', () => {
  expect(table(request())).toEqual(['2: 2 1 (2)', '1: 1 (0) (0)', '0: (0) (0) (0)']);
});

test('rolling retention counts who came back on that day or later', () => {
  expect(table(request({ mode: { kind: 'rolling', intervals: 3 } }))).toEqual([
    '2: 2 2 (2)',
    '1: 1 (0) (0)',
    '0: (0) (0) (0)',
  ]);
});

test('bracket retention counts who came back within the days of the bracket', () => {
  const mode = {
    kind: 'bracket' as const,
    brackets: [
      { from: 0, to: 0 },
      { from: 1, to: 2 },
    ],
  };
  expect(table(request({ mode }))).toEqual(['2: 2 (2)', '1: 1 (0)', '0: (0) (0)']);
});

test('recurring cohorts take a person on every day they start', () => {
  expect(table(request({ cohortBy: 'any' }))).toEqual(['3: 3 1 (2)', '2: 2 (1) (0)', '2: (2) (0) (0)']);
});

test('who came back before they started did not come back', () => {
  const events = eventsOf([
    { name: 'Use', timeMs: at('2026-03-28T10:00') },
    { name: 'Sign up', timeMs: at('2026-03-28T11:00') },
  ]);
  const cohorts = retentionOf(
    { events, nowMs: at('2026-04-28T00:00'), timeZone: 'UTC' },
    request({ start: [{ event: 'Sign up' }], comeBack: [{ event: 'Use' }] }),
  );

  expect(cohorts.map((cohort) => [cohort.people, cohort.cells[0]?.people])).toContainEqual([1, 0]);
});
