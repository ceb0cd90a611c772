/** Each operator over each dimension, a property and a trait: asked of a real engine, counted by hand. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_DIMENSIONS, SESSION_DIMENSIONS } from '../../../dashboards/reports/dimensions.ts';
import { OPERATORS } from '../../../dashboards/reports/filters/leaf.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { createSharedReader } from '../../../dashboards/reports/shared-reader.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
const nowMs = at('2026-11-10 12:00');
const period = { from: '2026-11-02', to: '2026-11-03' };

/** Where a field's value is to be put so that one session bears it; what is not here is the column of its own name. */
const BORNE: Record<string, object> = {
  entry_page: { path: '42' },
  exit_page: { path: '42' },
  page: { path: '42' },
  page_group: { path: '42' },
  not_found: { path: '42', extra: { status: 404 } },
  status: { path: '/', extra: { status: 42 } },
  event: { name: '42' },
  outbound_link: { kind: 'outbound_link', extra: { target: '42' } },
  file_download: { kind: 'file_download', extra: { target: '42' } },
  form_submit: { kind: 'form_submit', extra: { target: '42' } },
  click: { kind: 'click', extra: { target: '42' } },
  error: { kind: 'error', extra: { target: '42' } },
  account: { accountId: '42' },
  'property:size': { name: 'Sized', numbers: { size: 42 } },
  'property:word': { name: 'Said', texts: { word: '42' } },
  'trait:plan': { kind: 'identify', name: 'identify', userId: 'u42', texts: { plan: '42' } },
};

/** Closed sets: their values are no numbers. */
const WORDS: Record<string, string> = { identity: 'lasting', consent: 'granted', sent_by: 'browser' };

const FIELDS = [
  ...SESSION_DIMENSIONS,
  ...EVENT_DIMENSIONS,
  'property:size',
  'property:word',
  'trait:plan',
].filter((field) => !(field in WORDS));

/** How many of the two sessions fit: one bears 42, the other bears nothing of the kind. */
const FITTING: Record<(typeof OPERATORS)[number], { values: string[]; sessions: number }> = {
  is: { values: ['41', '42'], sessions: 1 },
  is_not: { values: ['42'], sessions: 1 },
  contains: { values: ['42'], sessions: 1 },
  does_not_contain: { values: ['42'], sessions: 1 },
  matches: { values: ['^4[0-9]$'], sessions: 1 },
  is_set: { values: [], sessions: 1 },
  is_not_set: { values: [], sessions: 1 },
  greater: { values: ['41.5'], sessions: 1 },
  less: { values: ['42.5'], sessions: 1 },
  between: { values: ['42', '43'], sessions: 1 },
};

/** Every page view has these, so that "set" fits both and "not set" none. */
const ALWAYS_SET = ['page', 'entry_page', 'exit_page', 'status', 'hostname'];
/** A page that is none of 42 is a number greater than 41.5 too: the usual status is 200. */
const EXPECTED: Record<string, Partial<Record<string, number>>> = { status: { greater: 2 } };

beforeAll(async () => {
  engine = await startTestEngine();
  // As the server has it: what ten reports at once want to know of the site is asked once.
  engine.reader = createSharedReader(engine.reader, 2);
  for (const field of FIELDS) {
    const borne = BORNE[field] ?? { path: '/', extra: { [field]: '42' } };
    const when = at('2026-11-02 10:00');
    await putEvents(engine, siteOf(field), [
      { visitor: 'bears', timeMs: when, path: '/', ...borne },
      // Their own page view follows, unless the value lies in one.
      ...('path' in borne ? [] : [{ visitor: 'bears', timeMs: when + 1_000, path: '/' }]),
      { visitor: 'does not', timeMs: when, path: '/elsewhere' },
    ]);
  }
  await engine.storage.insert('saved_items', [
    {
      site_id: siteOf('page_group'),
      kind: 'page_group',
      item_id: '00000000-0000-4000-8000-000000000001',
      name: '42',
      body: JSON.stringify({ patterns: [{ match: 'exact', path: '42' }] }),
    },
  ]);
});
afterAll(() => engine.stop());

const siteOf = (field: string) => `filter-${field.replaceAll(/[_:]/g, '-')}`;

async function sessionsOf(field: string, filter: object): Promise<number | undefined> {
  const { totals } = await askReport(
    engine,
    siteOf(field),
    overview,
    { period, filters: [filter] },
    { nowMs },
  );
  return totals?.sessions;
}

test.each(FIELDS)('%s: every operator chooses the sessions that it says', async (field) => {
  const found = await Promise.all(
    OPERATORS.map(async (operator) => [
      operator,
      await sessionsOf(field, { field, operator, values: FITTING[operator].values }),
    ]),
  );

  const isAlways = ALWAYS_SET.includes(field);
  const expected = OPERATORS.map((operator) => [
    operator,
    EXPECTED[field]?.[operator] ??
      (isAlways && operator === 'is_set'
        ? 2
        : isAlways && operator === 'is_not_set'
          ? 0
          : FITTING[operator].sessions),
  ]);
  expect(found).toEqual(expected);
});

test('groups join filters by "and" and "or", as deep as they go', async () => {
  const is = (field: string, value: string) => ({ field, operator: 'is', values: [value] });
  const deep = { or: [{ and: [is('source', '42'), is('page', '/elsewhere')] }, { or: [is('page', '/')] }] };

  expect(await sessionsOf('source', { and: [is('source', '42'), is('page', '/')] })).toBe(1);
  expect(await sessionsOf('source', { and: [is('source', '42'), is('page', '/elsewhere')] })).toBe(0);
  expect(await sessionsOf('source', { or: [is('source', '42'), is('page', '/elsewhere')] })).toBe(2);
  expect(await sessionsOf('source', deep)).toBe(1);
});
