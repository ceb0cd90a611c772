/** Persons with a lasting id apart from those who are followed for one day: DESIGN §4, "reported apart on demand". */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { breakdown } from '../../../dashboards/reports/breakdown/report.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { findReport } from '../../../dashboards/reports/registry.ts';
import { retention } from '../../../dashboards/reports/retention/report.ts';
import { settle } from '../../../dashboards/reports/settled/settle.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
const nowMs = at('2026-11-20 12:00');
const asked = { nowMs };
const period = { from: '2026-11-02', to: '2026-11-03' };

beforeAll(async () => {
  engine = await startTestEngine();
  const cookieless = { isLasting: false, path: '/' };
  await putEvents(engine, 'shop', [
    // Comes on two days without an id: two visitors.
    { ...cookieless, visitor: 'ann 1', timeMs: at('2026-11-02 10:00') },
    { ...cookieless, visitor: 'ann 2', timeMs: at('2026-11-03 10:00') },
    // Keeps an id.
    { visitor: 'ben', timeMs: at('2026-11-02 10:00'), path: '/' },
    { visitor: 'ben', timeMs: at('2026-11-03 10:00'), path: '/' },
    // Keeps none, and signs in each time.
    { ...cookieless, visitor: 'cy 1', timeMs: at('2026-11-02 10:00') },
    {
      visitor: 'cy 1',
      isLasting: false,
      timeMs: at('2026-11-02 10:01'),
      kind: 'identify',
      userId: 'cy',
      name: 'identify',
    },
    { ...cookieless, visitor: 'cy 2', timeMs: at('2026-11-03 10:00') },
    { visitor: 'cy 2', isLasting: false, timeMs: at('2026-11-03 10:01'), name: 'buy', userId: 'cy' },
    // Consents in mid-visit.
    { ...cookieless, visitor: 'dan 1', timeMs: at('2026-11-02 10:00') },
    { visitor: 'dan', timeMs: at('2026-11-02 10:05'), path: '/more', cookielessVisitor: 'dan 1' },
  ]);
});
afterAll(() => engine?.stop());

const identity = (operator: string, value: string) => [{ field: 'identity', operator, values: [value] }];

async function figures(filters: object[]) {
  const { totals } = await askReport(engine, 'shop', overview, { period, filters }, asked);
  return [totals?.visitors, totals?.sessions];
}

test('a filter parts those who can be followed from those who are counted per day', async () => {
  expect(await figures([])).toEqual([5, 7]);
  expect(await figures(identity('is', 'lasting'))).toEqual([3, 5]);
  expect(await figures(identity('is_not', 'lasting'))).toEqual([2, 2]);
});

test('retention of those who can be followed is no longer diluted by those who cannot', async () => {
  const question = { period, interval: 'day', mode: { kind: 'exact', intervals: 2 } };
  const ofFirstDay = async (filters: object[]) => {
    const { rows } = await askReport(engine, 'shop', retention, { ...question, filters }, asked);
    const next = rows.find((row) => row.cohort_start === '2026-11-02 00:00:00' && row.from === 1);
    return [next?.people, next?.returned];
  };

  expect(await ofFirstDay([])).toEqual([4, 2]);
  expect(await ofFirstDay(identity('is', 'lasting'))).toEqual([3, 2]);
});

test('it is a dimension, and a funnel can be broken down by it', async () => {
  const { rows } = await askReport(engine, 'shop', breakdown, { period, dimension: 'identity' }, asked);
  const answer = await findReport('funnel')?.answer(
    {
      period,
      steps: [{ page: { match: 'exact', path: '/' } }, { event: 'buy' }],
      filters: identity('is', 'lasting'),
    },
    { siteId: 'shop', timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '2026-11-02' },
    { reader: engine.reader, nowMs },
  );

  // Who became known within a session stands in both: before and after.
  expect(rows.map(({ value, visitors }) => [value, visitors])).toEqual([
    ['daily', 4],
    ['lasting', 3],
  ]);
  expect(answer?.rows).toMatchObject([{ people: 3 }, { people: 1 }]);
});

test('the answers are the same once the days are settled', async () => {
  for (const day of ['2026-11-02', '2026-11-03']) {
    const fromMs = at(`${day} 00:00`);
    await settle(
      engine.storage,
      { siteId: 'shop', day, fromMs, toMs: fromMs + 86_400_000, events: 1 },
      nowMs,
    );
  }

  expect(await figures(identity('is', 'lasting'))).toEqual([3, 5]);
  expect(await figures(identity('is_not', 'lasting'))).toEqual([2, 2]);
});
