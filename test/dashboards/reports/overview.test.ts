import { afterAll, beforeAll, expect, test } from 'vitest';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const nowMs = at('2026-11-22 12:00');

test('counts visitors, sessions and page views, and how the sessions went', async () => {
  await putEvents(engine, 'whole', [
    // Ann: three pages in ten minutes, then a second session after 31 minutes of silence: a bounce.
    { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/' },
    { visitor: 'ann', timeMs: at('2026-11-02 10:04'), path: '/a' },
    { visitor: 'ann', timeMs: at('2026-11-02 10:10'), path: '/b' },
    { visitor: 'ann', timeMs: at('2026-11-02 10:10'), kind: 'engagement', engagedMs: 30_000 },
    { visitor: 'ann', timeMs: at('2026-11-02 10:41'), path: '/' },
    // Ben: one page and a click is no bounce; exactly 30 minutes keep the session.
    { visitor: 'ben', timeMs: at('2026-11-03 09:00'), path: '/' },
    { visitor: 'ben', timeMs: at('2026-11-03 09:30'), kind: 'click' },
    // A bot, a developer, another site, a server.
    { visitor: 'bot', timeMs: at('2026-11-02 10:00'), path: '/', isBot: true },
    { visitor: 'dev', timeMs: at('2026-11-02 10:00'), path: '/', isTest: true },
    { visitor: 'shop', timeMs: at('2026-11-02 10:00'), name: 'purchase', sentBy: 'server' },
  ]);
  await putEvents(engine, 'other', [{ visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/' }]);

  const { totals, rows } = await askReport(
    engine,
    'whole',
    overview,
    { period: { from: '2026-11-02', to: '2026-11-04' } },
    { nowMs },
  );

  expect(totals).toMatchObject({
    visitors: 2,
    sessions: 3,
    page_views: 5,
    bounce_rate: 1 / 3,
    session_duration_ms: ((10 + 0 + 30) * 60_000) / 3,
    engaged_ms: 10_000,
    views_per_session: 5 / 3,
  });
  expect(
    rows.map((row) => [row.interval_start, row.visitors, row.sessions, row.page_views, row.bounce_rate]),
  ).toEqual([
    ['2026-11-02 00:00:00', 1, 2, 4, 0.5],
    ['2026-11-03 00:00:00', 1, 1, 1, 0],
    ['2026-11-04 00:00:00', 0, 0, 0, null],
  ]);
});

test('a session over midnight counts on both days, with its bounce and duration as a whole, and once in the total', async () => {
  await putEvents(engine, 'midnight', [
    { visitor: 'ann', timeMs: at('2026-11-02 23:50'), path: '/' },
    { visitor: 'ann', timeMs: at('2026-11-03 00:10'), path: '/a' },
  ]);
  const ask = (from: string, to: string) =>
    askReport(engine, 'midnight', overview, { period: { from, to } }, { nowMs });

  const both = await ask('2026-11-02', '2026-11-03');
  const second = await ask('2026-11-03', '2026-11-03');

  expect(both.totals).toMatchObject({ visitors: 1, sessions: 1, page_views: 2, bounce_rate: 0 });
  expect(both.rows.map((row) => [row.sessions, row.page_views])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(second.totals).toMatchObject({
    sessions: 1,
    page_views: 1,
    bounce_rate: 0,
    session_duration_ms: 20 * 60_000,
  });
});

test('days are those of the site, also when its clock changes', async () => {
  // Berlin, 25 October 2026: 03:00 summer time is 02:00 again; the day has 25 hours.
  await putEvents(engine, 'berlin', [
    { visitor: 'a', timeMs: at('2026-10-24 21:59'), path: '/' },
    { visitor: 'b', timeMs: at('2026-10-24 22:00'), path: '/' },
    { visitor: 'c', timeMs: at('2026-10-25 22:59'), path: '/' },
    { visitor: 'd', timeMs: at('2026-10-25 23:00'), path: '/' },
  ]);
  const site = { timeZone: 'Europe/Berlin' };
  const period = { from: '2026-10-24', to: '2026-10-26' };

  const byDay = await askReport(engine, 'berlin', overview, { period }, { nowMs, site });
  const byHour = await askReport(
    engine,
    'berlin',
    overview,
    { period: { from: '2026-10-25', to: '2026-10-25' }, interval: 'hour' },
    { nowMs, site },
  );

  expect(byDay.rows.map((row) => row.visitors)).toEqual([1, 2, 1]);
  expect(byHour.rows).toHaveLength(25);
  expect(byHour.rows.map((row) => row.interval_start).slice(1, 4)).toEqual([
    '2026-10-25 01:00:00',
    '2026-10-25 02:00:00',
    '2026-10-25 02:00:00',
  ]);
});

test('a cookieless visitor who returns the next day counts again; a lasting one does not', async () => {
  await putEvents(engine, 'days', [
    { visitor: 'hash of monday', isLasting: false, timeMs: at('2026-11-02 10:00'), path: '/' },
    { visitor: 'hash of tuesday', isLasting: false, timeMs: at('2026-11-03 10:00'), path: '/' },
    { visitor: 'kept', timeMs: at('2026-11-02 10:00'), path: '/' },
    { visitor: 'kept', timeMs: at('2026-11-03 10:00'), path: '/' },
  ]);

  const { totals, rows } = await askReport(
    engine,
    'days',
    overview,
    { period: { from: '2026-11-02', to: '2026-11-03' } },
    { nowMs },
  );

  expect(totals).toMatchObject({ visitors: 3, sessions: 4 });
  expect(rows.map((row) => row.visitors)).toEqual([2, 2]);
});

test('one person on two devices is one visitor once they are known, before and after', async () => {
  await putEvents(engine, 'devices', [
    { visitor: 'phone', timeMs: at('2026-10-20 10:00'), path: '/' },
    { visitor: 'phone', timeMs: at('2026-11-02 10:00'), path: '/' },
    { visitor: 'phone', timeMs: at('2026-11-10 10:00'), kind: 'identify', userId: 'ada' },
    { visitor: 'laptop', timeMs: at('2026-10-01 10:00'), kind: 'identify', userId: 'ada' },
    { visitor: 'laptop', timeMs: at('2026-11-02 11:00'), path: '/' },
  ]);

  const { totals } = await askReport(
    engine,
    'devices',
    overview,
    { period: { from: '2026-11-02', to: '2026-11-02' } },
    { nowMs },
  );

  expect(totals).toMatchObject({ visitors: 1, sessions: 2 });
});

test('two users behind one address and browser stay two persons', async () => {
  const shared = { visitor: 'cafe', isLasting: false };
  await putEvents(engine, 'cafe', [
    { ...shared, timeMs: at('2026-11-02 10:00'), path: '/' },
    { ...shared, timeMs: at('2026-11-02 10:01'), kind: 'identify', userId: 'ada' },
    { ...shared, timeMs: at('2026-11-02 12:00'), path: '/' },
    { ...shared, timeMs: at('2026-11-02 12:01'), kind: 'identify', userId: 'bob' },
    { ...shared, timeMs: at('2026-11-02 14:00'), path: '/' },
  ]);

  const { totals } = await askReport(
    engine,
    'cafe',
    overview,
    { period: { from: '2026-11-02', to: '2026-11-02' } },
    { nowMs },
  );

  // Ada's session, Bob's session, and one of somebody who did not say.
  expect(totals).toMatchObject({ visitors: 3, sessions: 3 });
});

test('the unfinished part is marked, and compared with the same elapsed part', async () => {
  await putEvents(engine, 'today', [
    { visitor: 'a', timeMs: at('2026-11-21 11:00'), path: '/' },
    { visitor: 'b', timeMs: at('2026-11-21 13:00'), path: '/' },
    { visitor: 'c', timeMs: at('2026-11-22 11:00'), path: '/' },
  ]);

  const answer = await askReport(
    engine,
    'today',
    overview,
    { period: { preset: 'today' }, comparison: { mode: 'previous_period' }, interval: 'hour' },
    { nowMs },
  );

  expect(answer.totals?.visitors).toBe(1);
  expect(answer.compared_totals?.visitors).toBe(1);
  expect(answer.rows).toHaveLength(24);
  expect(answer.rows.map((row) => row.is_unfinished).indexOf(true)).toBe(12);
  expect(answer.meta).toMatchObject({
    asOf: '2026-11-22T12:00:00.000Z',
    from: '2026-11-22',
    to: '2026-11-22',
  });
});

test('filters choose sessions: by their facts, by what they contain, in groups', async () => {
  await putEvents(engine, 'filters', [
    { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/', source: 'google', country: 'DE' },
    { visitor: 'ann', timeMs: at('2026-11-02 10:01'), path: '/pricing' },
    { visitor: 'ben', timeMs: at('2026-11-02 10:00'), path: '/', source: 'google', country: 'AT' },
    { visitor: 'cat', timeMs: at('2026-11-02 10:00'), path: '/pricing', source: 'bing', country: 'DE' },
    {
      visitor: 'dan',
      timeMs: at('2026-11-02 10:00'),
      path: '/',
      name: 'signup',
      kind: 'custom',
      texts: { plan: 'pro' },
    },
  ]);
  const visitorsOf = async (...filters: unknown[]) => {
    const period = { from: '2026-11-02', to: '2026-11-02' };
    const { totals } = await askReport(engine, 'filters', overview, { period, filters }, { nowMs });
    return [totals?.visitors, totals?.page_views];
  };
  const google = { field: 'source', operator: 'is', values: ['google'] };
  const pricing = { field: 'page', operator: 'is', values: ['/pricing'] };

  expect(await visitorsOf(google)).toEqual([2, 3]);
  expect(await visitorsOf(pricing)).toEqual([2, 3]);
  expect(await visitorsOf(google, pricing)).toEqual([1, 2]);
  expect(await visitorsOf({ or: [google, pricing] })).toEqual([3, 4]);
  expect(await visitorsOf({ ...pricing, operator: 'is_not' })).toEqual([2, 1]);
  expect(await visitorsOf({ field: 'property:plan', operator: 'is_set' })).toEqual([1, 0]);
  expect(await visitorsOf({ field: 'page', operator: 'matches', values: ['^/pri'] })).toEqual([2, 3]);
  expect(await visitorsOf({ field: 'country', operator: 'is_not', values: ['DE'] })).toEqual([2, 1]);
});
