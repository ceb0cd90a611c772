import { expect, test } from 'vitest';
import { SESSION_GAP_MS, sessionOf, sessionsOf } from './sessions.ts';
import { eventsOf } from './world.ts';

test('a gap of 30 minutes keeps the session, one millisecond more parts it', () => {
  const starts = (gapMs: number) =>
    sessionsOf(
      eventsOf([
        { path: '/', timeMs: 0 },
        { path: '/', timeMs: gapMs },
      ]),
    ).map((session) => session.startMs);

  expect(starts(SESSION_GAP_MS)).toEqual([0]);
  expect(starts(SESSION_GAP_MS + 1)).toEqual([0, SESSION_GAP_MS + 1]);
});

test('an event that arrives last bridges the two sessions it lies between', () => {
  const sessions = sessionsOf(
    eventsOf([
      { path: '/a', timeMs: 0 },
      { path: '/b', timeMs: 2_400_000 },
      { name: 'Late', timeMs: 1_200_000, receivedMs: 9_000_000 },
    ]),
  );

  expect(sessions).toMatchObject([{ pageViews: 2, entryPath: '/a', exitPath: '/b', durationMs: 2_400_000 }]);
});

test('one page view with engagement bounces, with a click or a custom event it does not', () => {
  const bounces = (kind: 'engagement' | 'click' | 'custom' | 'web_vitals' | 'identify') =>
    sessionsOf(
      eventsOf([
        { path: '/', timeMs: 0 },
        { kind, timeMs: 1_000 },
      ]),
    ).map((session) => session.isBounce);

  expect([bounces('engagement'), bounces('web_vitals'), bounces('identify')]).toEqual([
    [true],
    [true],
    [true],
  ]);
  expect([bounces('click'), bounces('custom')]).toEqual([[false], [false]]);
});

test('a session without a page view is no bounce and has no entry page', () => {
  expect(sessionsOf(eventsOf([{ name: 'Ping', timeMs: 0 }]))).toMatchObject([
    { isBounce: false, pageViews: 0, entryPath: undefined, exitPath: undefined },
  ]);
});

test('engaged time is what the page measured, not the time between page views', () => {
  const [session] = sessionsOf(
    eventsOf([
      { path: '/', timeMs: 0 },
      { kind: 'engagement', engagedMs: 3_000, scrollPercent: 40, timeMs: 60_000 },
      { kind: 'engagement', engagedMs: 2_000, scrollPercent: 20, timeMs: 90_000 },
    ]),
  );

  expect(session).toMatchObject({ engagedMs: 5_000, scrollPercent: 40, durationMs: 90_000 });
});

test('a server event makes no session, and belongs to one that is still open', () => {
  const [page, soon, late] = eventsOf([
    { path: '/', timeMs: 0 },
    { name: 'Paid', sentBy: 'server', timeMs: SESSION_GAP_MS },
    { name: 'Paid', sentBy: 'server', timeMs: SESSION_GAP_MS + 1 },
  ]);
  if (!page || !soon || !late) throw new Error('Three events were listed.');
  const sessions = sessionsOf([page, soon, late]);

  expect(sessions).toMatchObject([{ durationMs: 0, isBounce: true }]);
  expect(sessionOf(soon, sessions)).toBe(sessions[0]);
  expect(sessionOf(late, sessions)).toBeUndefined();
});

test('the facts of a session are those of its first page view', () => {
  const sessions = sessionsOf(
    eventsOf([
      { kind: 'engagement', timeMs: 0 },
      { path: '/', timeMs: 1, source: 'google' },
      { path: '/b', timeMs: 2, source: 'newsletter' },
    ]),
  );

  expect(sessions.map((session) => session.facts.source)).toEqual(['google']);
});
