/** People, their timeline, the event catalogue, and filters by what people did or are. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { catalogue } from '../../../dashboards/reports/catalogue/report.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { people } from '../../../dashboards/reports/people/report.ts';
import type { Report, SharedParameters } from '../../../dashboards/reports/report.ts';
import { timeline } from '../../../dashboards/reports/timeline/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

vi.setConfig({ testTimeout: 30_000 });

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  await putEvents(engine, 'site', [
    {
      visitor: 'phone',
      timeMs: at('2026-11-02 10:00'),
      path: '/',
      source: 'google',
      country: 'DE',
      device: 'mobile',
    },
    {
      visitor: 'phone',
      timeMs: at('2026-11-02 10:05'),
      kind: 'identify',
      userId: 'ada',
      texts: { plan: 'pro', name: 'Ada L.' },
    },
    {
      visitor: 'laptop',
      timeMs: at('2026-11-03 10:00'),
      path: '/pricing',
      userId: 'ada',
      country: 'AT',
      device: 'desktop',
    },
    {
      visitor: 'laptop',
      timeMs: at('2026-11-03 10:01'),
      name: 'purchase',
      userId: 'ada',
      orderId: '1',
      revenueCents: 1000,
      currency: 'EUR',
    },
    {
      visitor: 'laptop',
      timeMs: at('2026-11-03 10:02'),
      name: 'purchase',
      userId: 'ada',
      orderId: '1',
      revenueCents: 1000,
      currency: 'EUR',
    },
    { visitor: 'ben', timeMs: at('2026-11-02 12:00'), path: '/', numbers: { price: 3 } },
    { visitor: 'ben', timeMs: at('2026-10-25 12:00'), name: 'purchase' },
    { visitor: 'bot', timeMs: at('2026-11-02 12:00'), path: '/', isBot: true },
  ]);
});
afterAll(() => engine.stop());

const period = { from: '2026-11-02', to: '2026-11-04' };
const ask = <Parameters extends SharedParameters, Row extends object>(
  report: Report<Parameters, Row>,
  parameters: object = {},
) => askReport(engine, 'site', report, { period, ...parameters }, { nowMs: at('2026-11-22 12:00') });

test('people, latest first, as one person over their devices', async () => {
  const { rows } = await ask(people);

  expect(rows).toMatchObject([
    {
      user_id: 'ada',
      sessions: 2,
      page_views: 2,
      events: 5,
      source: 'google',
      country: 'AT',
      revenue: [{ currency: 'EUR', amount: 10 }],
      total_rows: 2,
    },
    { user_id: '', sessions: 1, page_views: 1, events: 1 },
  ]);
});

test('a person is found by a part of their user id or of a trait', async () => {
  const byUser = await ask(people, { search: 'AD' });
  const byTrait = await ask(people, { search: 'ada l' });
  const byNothing = await ask(people, { search: 'zzz' });

  expect([byUser, byTrait, byNothing].map(({ rows }) => rows.map((row) => row.user_id))).toEqual([
    ['ada'],
    ['ada'],
    [],
  ]);
});

test('a person is found by their id, with the same numbers', async () => {
  const { rows } = await ask(people);

  for (const row of rows)
    expect((await ask(people, { search: row.person_id })).rows).toEqual([{ ...row, total_rows: 1 }]);
});

test('a timeline holds all devices of the person, and marks a repeated order', async () => {
  const ada = (await ask(people, { search: 'ada' })).rows[0]?.person_id ?? '';
  const { rows } = await ask(timeline, { person: ada });
  const rest = await ask(timeline, { person: ada, beforeMs: rows[2]?.time_ms });

  expect(rows.map((row) => [row.kind, row.name, row.path, row.is_repeated_order])).toEqual([
    ['custom', 'purchase', '/', true],
    ['custom', 'purchase', '/', false],
    ['page_view', 'page_view', '/pricing', false],
    ['identify', 'identify', '/', false],
    ['page_view', 'page_view', '/', false],
  ]);
  expect(rows[3]?.properties).toEqual({ plan: 'pro', name: 'Ada L.' });
  expect(rest.rows).toHaveLength(2);
});

test('a timeline holds what a person did whom only a test names, where tests count', async () => {
  const onPhone = { visitor: 'phone', path: '/' };
  await putEvents(engine, 'trial', [
    { ...onPhone, timeMs: at('2026-11-02 10:00') },
    { visitor: 'phone', timeMs: at('2026-11-02 10:01'), kind: 'identify', userId: 'tess', isTest: true },
    { visitor: 'laptop', path: '/', timeMs: at('2026-11-02 11:00'), userId: 'ada' },
  ]);
  const asked = { nowMs: at('2026-11-22 12:00'), site: { countsTests: true } };

  const listed = await askReport(engine, 'trial', people, { period, search: 'tess' }, asked);
  const person = listed.rows[0]?.person_id;
  const { rows } = await askReport(engine, 'trial', timeline, { period, person }, asked);

  expect(rows.map((row) => row.kind)).toEqual(['identify', 'page_view']);
});

test('the catalogue names every event and property', async () => {
  const { rows } = await ask(catalogue);

  expect(rows.map((row) => [row.kind, row.property, row.type, row.events, row.bots_and_tests])).toEqual([
    ['page_view', '', '', 3, 1],
    ['custom', '', '', 2, 0],
    ['identify', '', '', 1, 0],
    ['identify', 'name', 'text', 1, 0],
    ['identify', 'plan', 'text', 1, 0],
    ['page_view', 'price', 'number', 1, 0],
  ]);
  expect(rows.find((row) => row.property === 'plan')?.examples).toEqual(['pro']);
});

test('filters choose persons by trait, by what they did, and by what they did not', async () => {
  const visitorsOf = async (filter: object) =>
    (await ask(overview, { filters: [filter] })).totals?.visitors ?? 0;
  const did = { event: 'purchase' };

  expect(await visitorsOf({ field: 'trait:plan', operator: 'is', values: ['pro'] })).toBe(1);
  expect(await visitorsOf({ field: 'trait:plan', operator: 'is_not', values: ['pro'] })).toBe(1);
  expect(await visitorsOf({ did })).toBe(1);
  expect(await visitorsOf({ did, isNot: true })).toBe(1);
  expect(await visitorsOf({ did, atLeast: 3 })).toBe(0);
  expect(await visitorsOf({ did, withinDays: 30 })).toBe(2);
});

test('a saved segment stands for its filters, and an unknown one is told', async () => {
  const id = '7f4d1c9e-0000-4000-8000-000000000002';
  const body = { filters: [{ field: 'source', operator: 'is', values: ['google'] }] };
  await engine.storage.insert('saved_items', [
    {
      site_id: 'site',
      kind: 'segment',
      item_id: id,
      name: 'From Google',
      body: JSON.stringify(body),
      created_by: id,
    },
  ]);

  expect((await ask(overview, { filters: [{ segment: id }] })).totals?.page_views).toBe(1);
  await expect(ask(overview, { filters: [{ segment: id.replace('2', '3') }] })).rejects.toThrow(/no segment/);
});
