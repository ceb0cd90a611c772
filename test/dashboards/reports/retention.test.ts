import { afterAll, beforeAll, expect, test } from 'vitest';
import { retention } from '../../../dashboards/reports/retention/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  const view = (visitor: string, day: string, source = '') => ({
    visitor,
    timeMs: at(`2026-11-${day} 10:00`),
    path: '/',
    source,
  });
  await putEvents(engine, 'site', [
    // Ann was here before the period: in no cohort of first times.
    { visitor: 'ann', timeMs: at('2026-10-30 10:00'), path: '/' },
    view('ann', '02'),
    view('ann', '03'),
    view('ben', '02', 'google'),
    view('ben', '03'),
    view('ben', '05'),
    view('cat', '02'),
    view('dan', '03', 'google'),
    view('dan', '03', 'bing'),
  ]);
});
afterAll(() => engine.stop());

const ask = async (parameters: object, nowMs = at('2026-11-22 12:00')) => {
  const period = { from: '2026-11-02', to: '2026-11-03' };
  const { rows } = await askReport(
    engine,
    'site',
    retention,
    { period, interval: 'day', ...parameters },
    { nowMs },
  );
  return rows;
};

test('by first time, on day n', async () => {
  const rows = await ask({ mode: { kind: 'exact', intervals: 4 } });

  expect(
    rows.map((row) => [
      row.cohort_start.slice(0, 10),
      row.people,
      row.from,
      row.returned,
      row.retention_rate,
    ]),
  ).toEqual([
    ['', 3, 0, 3, 1],
    ['', 3, 1, 1, 1 / 3],
    ['', 3, 2, 0, 0],
    ['', 3, 3, 1, 1 / 3],
    ['2026-11-02', 2, 0, 2, 1],
    ['2026-11-02', 2, 1, 1, 0.5],
    ['2026-11-02', 2, 2, 0, 0],
    ['2026-11-02', 2, 3, 1, 0.5],
    ['2026-11-03', 1, 0, 1, 1],
    ['2026-11-03', 1, 1, 0, 0],
    ['2026-11-03', 1, 2, 0, 0],
    ['2026-11-03', 1, 3, 0, 0],
  ]);
});

test('by any time, in day n or later', async () => {
  const rows = await ask({ cohortBy: 'any', mode: { kind: 'rolling', intervals: 2 } });

  expect(
    rows
      .filter((row) => row.cohort_start !== '')
      .map((row) => [row.cohort_start.slice(8, 10), row.people, row.from, row.to, row.returned]),
  ).toEqual([
    ['02', 3, 0, null, 3],
    ['02', 3, 1, null, 2],
    ['03', 3, 0, null, 3],
    ['03', 3, 1, null, 1],
  ]);
});

test('brackets, and by the source of the start', async () => {
  const mode = { kind: 'bracket', brackets: [{ from: 1, to: 3 }] };
  const rows = await ask({ mode, breakdown: 'source' });

  expect(
    rows
      .filter((row) => row.cohort_start !== '')
      .map((row) => [row.value, row.cohort_start.slice(8, 10), row.people, row.returned]),
  ).toEqual([
    ['', '02', 1, 0],
    ['google', '02', 1, 1],
    ['google', '03', 1, 0],
  ]);
});

test('a bracket that is asked for twice is answered twice', async () => {
  const brackets = [
    { from: 1, to: 3 },
    { from: 1, to: 3 },
  ];
  const rows = await ask({ mode: { kind: 'bracket', brackets } });

  expect(rows.map((row) => [row.cohort_start.slice(8, 10), row.people, row.returned])).toEqual([
    ['', 3, 1],
    ['', 3, 1],
    ['02', 2, 1],
    ['02', 2, 1],
    ['03', 1, 0],
    ['03', 1, 0],
  ]);
});

test('coming back counts from the start on, in the same day too', async () => {
  await putEvents(engine, 'afternoon', [
    { visitor: 'eve', timeMs: at('2026-11-02 09:00'), name: 'come back' },
    { visitor: 'eve', timeMs: at('2026-11-02 10:00'), name: 'start' },
    { visitor: 'fay', timeMs: at('2026-11-02 10:00'), name: 'start' },
    { visitor: 'fay', timeMs: at('2026-11-02 11:00'), name: 'start' },
    { visitor: 'fay', timeMs: at('2026-11-02 10:00'), name: 'come back' },
  ]);
  const question = { period: { from: '2026-11-02', to: '2026-11-02' }, interval: 'day' };
  const { rows } = await askReport(
    engine,
    'afternoon',
    retention,
    { ...question, start: { event: 'start' }, comeBack: { event: 'come back' }, cohortBy: 'any' },
    { nowMs: at('2026-11-22 12:00') },
  );

  expect(rows.filter((row) => row.from === 0).map((row) => [row.people, row.returned])).toEqual([
    [2, 1],
    [2, 1],
  ]);
});

test('an unfinished day is marked and left out of the sum', async () => {
  const rows = await ask({ mode: { kind: 'exact', intervals: 2 } }, at('2026-11-04 09:00'));

  expect(rows.filter((row) => row.cohort_start !== '').map((row) => row.is_complete)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(rows.filter((row) => row.cohort_start === '').map((row) => row.people)).toEqual([3, 2]);
});
