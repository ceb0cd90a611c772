import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breakdown } from '../../../dashboards/reports/breakdown/report.ts';
import { catalogue } from '../../../dashboards/reports/catalogue/report.ts';
import { conversion } from '../../../dashboards/reports/conversion/report.ts';
import { dataQuality } from '../../../dashboards/reports/data-quality/report.ts';
import { explore } from '../../../dashboards/reports/explore/report.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { paths } from '../../../dashboards/reports/paths/report.ts';
import { findReport } from '../../../dashboards/reports/registry.ts';
import { retention } from '../../../dashboards/reports/retention/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { askReport, at, putEvents } from './ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const nowMs = at('2026-11-10 12:00');
const period = { from: '2026-11-02', to: '2026-11-03' };

/** Each rule is newer than the last, as the API writes them. */
let saved = at('2026-11-09 12:00');
function rule(
  siteId: string,
  kind: 'event' | 'property' | 'exclusion',
  name: string,
  body: object | undefined,
): Promise<void> {
  saved += 1;
  return engine.storage.insert('catalogue_rules', [
    { site_id: siteId, kind, name, rule: JSON.stringify(body ?? {}), updated_time: saved, is_deleted: !body },
  ]);
}

function pageGroup(siteId: string, name: string, body: object): Promise<void> {
  return engine.storage.insert('saved_items', [
    { site_id: siteId, kind: 'page_group', item_id: randomUUID(), name, body: JSON.stringify(body) },
  ]);
}

async function valuesOf(siteId: string, dimension: string, asked: object = {}): Promise<[string, number][]> {
  const { rows } = await askReport(engine, siteId, breakdown, { period, dimension, ...asked }, { nowMs });
  return rows.map(({ value, visitors }) => [value, visitors]);
}

function funnelOf(siteId: string, asked: object) {
  const report = findReport('funnel');
  if (!report) throw new Error('There is no funnel');
  const site = { siteId, timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '' };
  return report.answer({ period, ...asked }, site, { reader: engine.reader, nowMs });
}

describe('page groups', () => {
  const site = 'groups';
  beforeAll(async () => {
    await pageGroup(site, 'Docs', {
      patterns: [
        { match: 'prefix', path: '/docs/' },
        { match: 'exact', path: '/help' },
      ],
    });
    // As the first page groups were saved.
    await pageGroup(site, 'Shop', { patterns: ['/products/*'] });
    await pageGroup(site, 'Sale', { patterns: [{ match: 'regex', path: '^/(sale|products/old)$' }] });
    await putEvents(engine, site, [
      { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/docs/start' },
      { visitor: 'ann', timeMs: at('2026-11-02 10:01'), path: '/help' },
      { visitor: 'ann', timeMs: at('2026-11-02 10:02'), path: '/products/old' },
      { visitor: 'ben', timeMs: at('2026-11-02 11:00'), path: '/products/new' },
      { visitor: 'ben', timeMs: at('2026-11-02 11:01'), name: 'Buy', path: '/products/new', kind: 'custom' },
      { visitor: 'cat', timeMs: at('2026-11-02 12:00'), path: '/elsewhere' },
      { visitor: 'cat', timeMs: at('2026-11-03 12:00'), path: '/docs/more' },
    ]);
  });

  test('stand as a dimension; of several that a page fits the first by name counts', async () => {
    expect(await valuesOf(site, 'page_group')).toEqual([
      ['Docs', 2],
      ['', 1],
      ['Sale', 1],
      ['Shop', 1],
    ]);
  });

  test('choose sessions as a filter', async () => {
    const filters = [{ field: 'page_group', operator: 'is', values: ['Docs'] }];

    expect(await valuesOf(site, 'page', { filters })).toEqual([
      ['/docs/more', 1],
      ['/docs/start', 1],
      ['/help', 1],
      ['/products/old', 1],
    ]);
  });

  test('are a goal, by themselves and as a filter of its event', async () => {
    for (const goal of [
      { page: { group: 'Shop' } },
      { event: 'page_view', filters: [{ field: 'page_group', operator: 'is', values: ['Shop'] }] },
    ]) {
      const { totals, rows } = await askReport(engine, site, conversion, { period, goal }, { nowMs });

      expect(totals ?? rows[0]).toMatchObject({ conversions: 1, visitors: 3 });
    }
  });

  test('are a funnel’s steps and what it is broken down by', async () => {
    const answer = await funnelOf(site, {
      steps: [{ page: { group: 'Docs' } }, { page: { group: 'Sale' } }],
      breakdown: { property: 'page_group', attribution: 'last' },
    });

    expect(answer.rows).toMatchObject([
      { label: 'Docs', people: 2 },
      { label: 'Sale', people: 1 },
    ]);
    expect(answer).toMatchObject({ breakdown: [{ value: 'Docs' }, { value: 'Sale' }] });
  });

  test('are places on a path, where they are asked for', async () => {
    const { rows } = await askReport(engine, site, paths, { period, pageGroups: true, depth: 3 }, { nowMs });

    expect(rows.filter(({ position }) => position === 0).map(({ place, next }) => [place, next])).toEqual([
      ['/elsewhere', null],
      ['Docs', 'Sale'],
      ['Docs', null],
      ['Shop', null],
    ]);
  });

  test('divide explore and retention', async () => {
    const explored = await askReport(
      engine,
      site,
      explore,
      { period, series: [{ event: { event: 'page_view' } }], breakdown: ['page_group'] },
      { nowMs },
    );
    const retained = await askReport(
      engine,
      site,
      retention,
      { period, interval: 'day', breakdown: 'page_group', mode: { kind: 'exact', intervals: 2 } },
      { nowMs },
    );

    expect(explored.rows.map(({ values, result }) => [values[0], result])).toEqual([
      ['', 1],
      ['Docs', 3],
      ['Sale', 1],
      ['Shop', 1],
    ]);
    expect(
      retained.rows
        .filter(({ cohort_start: start, from }) => start === '2026-11-02 00:00:00' && from === 1)
        .map(({ value, people, returned }) => [value, people, returned]),
    ).toEqual([
      ['', 1, 1],
      ['Docs', 1, 0],
      ['Shop', 1, 0],
    ]);
  });
});

describe('names', () => {
  const site = 'names';
  beforeAll(() =>
    putEvents(engine, site, [
      { visitor: 'ann', timeMs: at('2026-11-02 10:00'), name: 'signup', texts: { Plan: 'pro' } },
      { visitor: 'ben', timeMs: at('2026-11-02 10:00'), name: 'Sign Up', texts: { plan: 'free' } },
      { visitor: 'cat', timeMs: at('2026-11-02 10:00'), name: 'Sign Up', texts: { Plan: 'no', plan: 'pro' } },
      { visitor: 'cat', timeMs: at('2026-11-02 10:01'), name: 'Debug' },
      { visitor: 'cat', timeMs: at('2026-11-02 10:02'), name: 'Paid', numbers: { Price: 5 } },
      { visitor: 'ann', timeMs: at('2026-11-02 10:02'), name: 'Paid', numbers: { price: 7 } },
    ]),
  );

  test('several under one name are one event in every report, and part again when the rule goes', async () => {
    await rule(site, 'event', 'signup', { calledAs: 'Signed up' });
    await rule(site, 'event', 'Sign Up', { calledAs: 'Signed up' });

    expect(await valuesOf(site, 'event')).toEqual([
      ['Signed up', 3],
      ['Paid', 2],
      ['Debug', 1],
    ]);
    const goal = { event: 'Signed up' };
    const { totals, rows } = await askReport(engine, site, conversion, { period, goal }, { nowMs });
    expect(totals ?? rows[0]).toMatchObject({ conversions: 3 });
    expect((await funnelOf(site, { steps: [goal, { event: 'Paid' }] })).rows).toMatchObject([
      { people: 3 },
      { people: 2 },
    ]);

    await rule(site, 'event', 'signup', undefined);

    expect(await valuesOf(site, 'event')).toEqual([
      ['Paid', 2],
      ['Signed up', 2],
      ['Debug', 1],
      ['signup', 1],
    ]);
  });

  test('a name is looked up once: with A called B and B called C, what was sent as A is B', async () => {
    const chain = 'chain';
    await putEvents(engine, chain, [
      { visitor: 'ann', timeMs: at('2026-11-02 10:00'), name: 'A', numbers: { a: 1 } },
      { visitor: 'ben', timeMs: at('2026-11-02 10:00'), name: 'B', numbers: { b: 10 } },
      { visitor: 'cat', timeMs: at('2026-11-02 10:00'), name: 'B', numbers: { b: 10 } },
    ]);
    await rule(chain, 'event', 'A', { calledAs: 'B' });
    await rule(chain, 'event', 'B', { calledAs: 'C' });
    await rule(chain, 'property', 'a', { calledAs: 'b' });
    await rule(chain, 'property', 'b', { calledAs: 'c' });

    const steps = (name: string) => ({ steps: [{ event: name }, { event: 'none' }] });
    expect(await valuesOf(chain, 'event')).toEqual([
      ['C', 2],
      ['B', 1],
    ]);
    expect((await funnelOf(chain, steps('B'))).rows[0]).toMatchObject({ people: 1 });
    expect((await funnelOf(chain, steps('C'))).rows[0]).toMatchObject({ people: 2 });
    expect(await valuesOf(chain, 'property:b')).toEqual([['1', 1]]);
    expect(await valuesOf(chain, 'property:c')).toEqual([['10', 2]]);
    await rule(chain, 'event', 'A', undefined);
    await rule(chain, 'event', 'B', undefined);
    expect(await valuesOf(chain, 'event')).toEqual([
      ['B', 2],
      ['A', 1],
    ]);
  });

  test('a property under another name keeps its values; what bears that name already keeps its own', async () => {
    await rule(site, 'property', 'Plan', { calledAs: 'plan' });
    await rule(site, 'property', 'Price', { calledAs: 'price' });

    expect(await valuesOf(site, 'property:plan')).toEqual([
      ['pro', 2],
      ['free', 1],
    ]);
    expect(await valuesOf(site, 'property:Plan')).toEqual([]);
    const { rows } = await askReport(
      engine,
      site,
      explore,
      { period, series: [{ event: { event: 'Paid' }, metric: 'sum', property: 'price' }] },
      { nowMs },
    );
    expect(rows[0]?.result).toBe(12);
  });

  test('what is hidden is in no list and counts wherever it is named', async () => {
    await rule(site, 'event', 'Debug', { isHidden: true, description: 'Left in by mistake.' });

    expect((await valuesOf(site, 'event')).map(([value]) => value)).not.toContain('Debug');
    const walked = await askReport(engine, site, paths, { period, of: 'events' }, { nowMs });
    expect(walked.rows.map(({ place }) => place)).not.toContain('Debug');
    const filters = [{ field: 'event', operator: 'is', values: ['Debug'] }];
    const { totals } = await askReport(engine, site, overview, { period, filters }, { nowMs });
    expect(totals).toMatchObject({ visitors: 1 });
  });

  test('the catalogue lists them as they are called, with how they were sent and what they mean', async () => {
    await rule(site, 'event', 'signup', { calledAs: 'Signed up', description: 'An account was made.' });
    const shown = await askReport(engine, site, catalogue, { period }, { nowMs });
    const all = await askReport(engine, site, catalogue, { period, withHidden: true }, { nowMs });

    expect(
      shown.rows.map(({ name, property, events, sent_as, description }) => ({
        name,
        property,
        events,
        sent_as,
        description,
      })),
    ).toEqual([
      {
        name: 'Signed up',
        property: '',
        events: 3,
        sent_as: ['Sign Up', 'signup'],
        description: 'An account was made.',
      },
      { name: 'Paid', property: '', events: 2, sent_as: [], description: '' },
      { name: 'Signed up', property: 'plan', events: 3, sent_as: ['Plan'], description: '' },
      { name: 'Paid', property: 'price', events: 2, sent_as: ['Price'], description: '' },
    ]);
    expect(all.rows.filter(({ is_hidden: isHidden }) => isHidden)).toMatchObject([
      { name: 'Debug', description: 'Left in by mistake.' },
    ]);
  });
});

describe('exclusions', () => {
  const site = 'excluding';
  const visitorsNow = async () =>
    (await askReport(engine, site, overview, { period }, { nowMs })).totals?.visitors;
  beforeAll(() =>
    putEvents(engine, site, [
      { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/' },
      { visitor: 'ben', timeMs: at('2026-11-02 10:00'), path: '/admin/users' },
      {
        visitor: 'ben',
        timeMs: at('2026-11-02 10:01'),
        path: '/admin/users',
        kind: 'engagement',
        name: 'engagement',
      },
      {
        visitor: 'cat',
        timeMs: at('2026-11-02 10:00'),
        path: '/',
        extra: { hostname: 'a.staging.shop.example' },
      },
      { visitor: 'dan', timeMs: at('2026-11-02 10:00'), path: '/', extra: { browser: 'HeadlessChrome' } },
      { visitor: 'eve', timeMs: at('2026-11-02 10:00'), path: '/', texts: { tester: 'yes' } },
      // The same order twice: first told by the excluded host.
      {
        visitor: 'cat',
        timeMs: at('2026-11-02 10:05'),
        name: 'Buy',
        revenueCents: 900,
        currency: 'EUR',
        orderId: 'A1',
        extra: { hostname: 'a.staging.shop.example' },
      },
      {
        visitor: 'ann',
        timeMs: at('2026-11-02 10:06'),
        name: 'Buy',
        revenueCents: 900,
        currency: 'EUR',
        orderId: 'A1',
      },
    ]),
  );

  test('take a path, a host, machines and tests out of the past, one by one, and give them back', async () => {
    expect(await visitorsNow()).toBe(5);

    await rule(site, 'exclusion', 'path', { reason: 'path', page: { match: 'prefix', path: '/admin' } });
    expect(await visitorsNow()).toBe(4);
    await rule(site, 'exclusion', 'host', { reason: 'host', hostname: '*.staging.shop.example' });
    expect(await visitorsNow()).toBe(3);
    await rule(site, 'exclusion', 'bot', {
      reason: 'bot',
      filters: [{ field: 'browser', operator: 'is', values: ['HeadlessChrome'] }],
    });
    expect(await visitorsNow()).toBe(2);
    await rule(site, 'exclusion', 'test', {
      reason: 'test',
      filters: [{ field: 'property:tester', operator: 'is', values: ['yes'] }],
    });
    expect(await visitorsNow()).toBe(1);
    expect((await funnelOf(site, { steps: [{ event: 'page_view' }, { event: 'Buy' }] })).rows).toMatchObject([
      { people: 1 },
      { people: 1, revenue: [{ currency: 'EUR', amount: 9 }] },
    ]);
    const quality = await askReport(engine, site, dataQuality, { period }, { nowMs });
    expect(quality.rows).toContainEqual(expect.objectContaining({ measure: 'excluded', events: 6 }));

    for (const name of ['path', 'host', 'bot', 'test']) await rule(site, 'exclusion', name, undefined);
    expect(await visitorsNow()).toBe(5);
  });

  test('an order that was first told by an excluded event counts at the one that is left', async () => {
    const goal = { event: 'Buy' };
    const asked = { period, goal, filters: [{ field: 'source', operator: 'is_not', values: ['x'] }] };
    const revenueOf = async () => {
      const { totals, rows } = await askReport(engine, site, conversion, asked, { nowMs });
      return totals ?? rows[0];
    };
    expect(await revenueOf()).toMatchObject({ conversions: 2, revenue: [{ currency: 'EUR', amount: 9 }] });

    await rule(site, 'exclusion', 'host', { reason: 'host', hostname: '*.staging.shop.example' });

    expect(await revenueOf()).toMatchObject({ conversions: 1, revenue: [{ currency: 'EUR', amount: 9 }] });
  });
});

test('rules of one site do not act on another', async () => {
  const event = { visitor: 'ann', timeMs: at('2026-11-02 10:00'), name: 'signup' };
  await putEvents(engine, 'one', [event]);
  await putEvents(engine, 'other', [event]);
  await rule('one', 'event', 'signup', { calledAs: 'Signed up' });

  expect(await valuesOf('one', 'event')).toEqual([['Signed up', 1]]);
  expect(await valuesOf('other', 'event')).toEqual([['signup', 1]]);
});
