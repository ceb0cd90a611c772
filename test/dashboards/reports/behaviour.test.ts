/** Engagement, clicks, web vitals, stickiness, lifecycle and explore, on data counted by hand. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { clicks } from '../../../dashboards/reports/clicks/report.ts';
import { engagement } from '../../../dashboards/reports/engagement/report.ts';
import { explore } from '../../../dashboards/reports/explore/report.ts';
import { lifecycle } from '../../../dashboards/reports/lifecycle/report.ts';
import type { Report, SharedParameters } from '../../../dashboards/reports/report.ts';
import { stickiness } from '../../../dashboards/reports/stickiness/report.ts';
import { webVitals } from '../../../dashboards/reports/web-vitals/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { toEventId } from '../oracle/rows.ts';
import { askReport, at, putEvents } from './ask.ts';

vi.setConfig({ testTimeout: 30_000 });

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

function asking(siteId: string, nowMs = at('2026-11-22 12:00')) {
  return <Parameters extends SharedParameters, Row extends object>(
    report: Report<Parameters, Row>,
    parameters: object = {},
  ) =>
    askReport(
      engine,
      siteId,
      report,
      { period: { from: '2026-11-02', to: '2026-11-04' }, ...parameters },
      { nowMs },
    );
}

test('engagement: engaged time, dwell time and scroll depth per page view', async () => {
  const ofView = (number: number) => ({ page_view_id: toEventId(number) });
  await putEvents(engine, 'engagement', [
    { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/a' },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:00:10'),
      kind: 'engagement',
      path: '/a',
      engagedMs: 8_000,
      scrollPercent: 40,
      extra: ofView(1),
    },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:00:40'),
      kind: 'engagement',
      path: '/a',
      engagedMs: 4_000,
      scrollPercent: 90,
      extra: ofView(1),
    },
    { visitor: 'ann', timeMs: at('2026-11-02 10:01'), path: '/b' },
    { visitor: 'ben', timeMs: at('2026-11-02 10:00'), path: '/a' },
  ]);

  const { rows } = await asking('engagement')(engagement);

  expect(rows[0]).toMatchObject({
    page: '/a',
    page_views: 2,
    engaged_ms_mean: 6_000,
    engaged_ms_median: 6_000,
    dwell_ms_median: 60_000,
    scroll_percent_mean: 45,
    read_rate: 0.5,
    scroll_bins: [
      { from: 0, page_views: 1 },
      { from: 25, page_views: 0 },
      { from: 50, page_views: 0 },
      { from: 75, page_views: 1 },
      { from: 100, page_views: 0 },
    ],
  });
  expect(rows[0]?.engaged_bins.filter((bin) => bin.page_views > 0)).toEqual([
    { from: 0, page_views: 1 },
    { from: 10_000, page_views: 1 },
  ]);
  expect(rows[1]).toMatchObject({ page: '/b', dwell_ms_median: null });
});

test('clicks: how often, by how many, of those who saw the page', async () => {
  const onto = (target: string, text = '') => ({ target, properties: { text } });
  await putEvents(engine, 'clicks', [
    { visitor: 'ann', timeMs: at('2026-11-02 10:00'), path: '/' },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:01'),
      kind: 'click',
      path: '/',
      extra: onto('main>button', 'Buy'),
    },
    {
      visitor: 'ann',
      timeMs: at('2026-11-02 10:02'),
      kind: 'click',
      path: '/',
      extra: onto('main>button', 'Buy'),
    },
    { visitor: 'ben', timeMs: at('2026-11-02 10:00'), path: '/' },
    {
      visitor: 'ben',
      timeMs: at('2026-11-02 10:01'),
      kind: 'outbound_link',
      path: '/',
      extra: onto('https://other.example/'),
    },
    { visitor: 'cat', timeMs: at('2026-11-02 10:00'), path: '/elsewhere' },
  ]);
  const ask = asking('clicks');

  const { rows } = await ask(clicks);
  const links = await ask(clicks, { kinds: ['outbound_link'] });

  expect(
    rows.map((row) => [
      row.kind,
      row.target,
      row.label,
      row.clicks,
      row.visitors,
      row.page_visitors,
      row.click_through_rate,
    ]),
  ).toEqual([
    ['click', 'main>button', 'Buy', 2, 1, 2, 0.5],
    ['outbound_link', 'https://other.example/', '', 1, 1, 2, 0.5],
  ]);
  expect(links.rows).toHaveLength(1);
});

test('web vitals: percentiles and Google’s ratings', async () => {
  const measured = (numbers: Record<string, number>, device = 'desktop') => ({
    kind: 'web_vitals' as const,
    path: '/',
    numbers,
    device,
  });
  await putEvents(engine, 'vitals', [
    ...[1000, 2000, 2500, 3000, 5000].map((lcp, index) => ({
      visitor: `v${index}`,
      timeMs: at('2026-11-02 10:00'),
      ...measured({ lcp, cls: 0.05 }),
    })),
    { visitor: 'mobile', timeMs: at('2026-11-02 10:00'), ...measured({ inp: 600 }, 'mobile') },
  ]);
  const ask = asking('vitals');

  const { rows } = await ask(webVitals);
  const byDevice = await ask(webVitals, { dimension: 'device' });

  expect(
    rows.map((row) => [
      row.metric,
      row.measurements,
      row.p75,
      row.rating,
      row.good,
      row.needs_improvement,
      row.poor,
    ]),
  ).toEqual([
    ['lcp', 5, 3000, 'needs_improvement', 3, 1, 1],
    ['inp', 1, 600, 'poor', 0, 0, 1],
    ['cls', 5, 0.05, 'good', 5, 0, 0],
  ]);
  expect(byDevice.rows.map((row) => [row.value, row.metric])).toEqual([
    ['desktop', 'lcp'],
    ['desktop', 'cls'],
    ['mobile', 'inp'],
  ]);
});

test('stickiness: on how many days', async () => {
  const view = (visitor: string, day: string) => ({ visitor, timeMs: at(`2026-11-${day} 10:00`), path: '/' });
  await putEvents(engine, 'sticky', [
    view('ann', '02'),
    view('ann', '03'),
    view('ann', '03'),
    view('ben', '02'),
    view('cat', '04'),
    view('cat', '09'),
  ]);

  const { rows } = await asking('sticky')(stickiness);

  expect(rows).toEqual([
    { intervals: 1, people: 2, share: 2 / 3, people_or_more: 3 },
    { intervals: 2, people: 1, share: 1 / 3, people_or_more: 1 },
  ]);
});

test('lifecycle: new, returning, resurrecting, dormant', async () => {
  const view = (visitor: string, day: string) => ({ visitor, timeMs: at(`2026-${day} 10:00`), path: '/' });
  await putEvents(engine, 'life', [
    view('ann', '10-20'),
    view('ann', '11-02'),
    view('ann', '11-03'),
    view('ben', '11-02'),
    view('cat', '11-03'),
  ]);

  const { rows } = await asking('life')(lifecycle, { interval: 'day' });

  expect(
    rows.map((row) => [
      row.interval_start.slice(0, 10),
      row.new,
      row.returning,
      row.resurrecting,
      row.dormant,
    ]),
  ).toEqual([
    ['2026-11-02', 1, 0, 1, 0],
    ['2026-11-03', 1, 1, 0, 1],
    ['2026-11-04', 0, 0, 0, 2],
  ]);
});

test('explore: metrics of events over time, broken down, with a ratio', async () => {
  const buy = (visitor: string, day: string, price: number, plan: string) => ({
    visitor,
    timeMs: at(`2026-11-${day} 10:00`),
    name: 'buy',
    numbers: { price },
    texts: { plan },
  });
  await putEvents(engine, 'explore', [
    { visitor: 'ann', timeMs: at('2026-11-02 09:59'), path: '/' },
    { visitor: 'ben', timeMs: at('2026-11-02 09:59'), path: '/' },
    buy('ann', '02', 10, 'pro'),
    buy('ann', '02', 20, 'pro'),
    buy('ben', '03', 60, 'free'),
  ]);
  const ask = asking('explore');
  const event = { event: 'buy' };

  const overTime = await ask(explore, { series: [{ event }, { event, metric: 'people' }], interval: 'day' });
  const sums = await ask(explore, {
    series: ['sum', 'average', 'median', 'per_person'].map((metric) => ({
      event,
      metric,
      property: 'price',
    })),
  });
  const byPlan = await ask(explore, { series: [{ event }], breakdown: ['property:plan'] });
  const ratio = await ask(explore, {
    series: [
      { event, metric: 'people' },
      { event: { event: 'page_view' }, metric: 'people' },
    ],
    ratio: { of: 1, to: 2 },
    interval: 'day',
  });

  expect(overTime.rows.map((row) => [row.series, row.interval_start.slice(8, 10), row.result])).toEqual([
    [1, '02', 2],
    [1, '03', 1],
    [1, '04', 0],
    [2, '02', 1],
    [2, '03', 1],
    [2, '04', 0],
  ]);
  expect(sums.rows.map((row) => row.result)).toEqual([90, 30, 20, 1.5]);
  expect(byPlan.rows.map((row) => [row.values, row.result])).toEqual([
    [['free'], 1],
    [['pro'], 2],
  ]);
  expect(ratio.rows.filter((row) => row.series === 0).map((row) => row.result)).toEqual([0.5, null, null]);
});

test('explore: revenue is that of the site’s own currency; another is never added to it', async () => {
  const pay = (visitor: string, revenueCents: number, currency: string) => ({
    visitor,
    timeMs: at('2026-11-02 10:00'),
    name: 'buy',
    revenueCents,
    currency,
  });
  await putEvents(engine, 'explore-money', [
    pay('ann', 1_000, 'EUR'),
    pay('ben', 2_550, 'EUR'),
    pay('cat', 9_900, 'USD'),
  ]);

  const { rows } = await asking('explore-money')(explore, {
    series: ['sum', 'average'].map((metric) => ({ event: { event: 'buy' }, metric, property: 'revenue' })),
  });

  expect(rows.map((row) => row.result)).toEqual([35.5, 17.75]);
});

test('explore: an order brings its revenue once, whatever tells of it and whichever interval is asked', async () => {
  const buy = (
    time: string,
    revenueCents: number,
    orderId: string,
    sentBy: 'browser' | 'server' = 'browser',
  ) => ({
    visitor: sentBy === 'server' ? 'user:ann' : 'ann',
    timeMs: at(time),
    name: 'buy',
    revenueCents,
    currency: 'EUR',
    orderId,
    sentBy,
    ...(sentBy === 'server' ? { userId: 'ann', isLasting: false } : {}),
  });
  await putEvents(engine, 'explore-orders', [
    buy('2026-11-02 10:00', 1_000, 'one'),
    // The page of thanks is loaded again, a day later once more, and the shop's server tells of it too.
    buy('2026-11-02 10:05', 1_000, 'one'),
    buy('2026-11-03 09:00', 1_000, 'one'),
    buy('2026-11-02 10:01', 1_000, 'one', 'server'),
    buy('2026-11-03 10:00', 4_000, 'two'),
    // Without an order's name each stands for itself.
    buy('2026-11-03 11:00', 100, ''),
    buy('2026-11-03 11:01', 100, ''),
  ]);
  const event = { event: 'buy' };
  const ofRevenue = ['sum', 'average', 'median', 'p90', 'minimum', 'maximum'];
  const ask = asking('explore-orders');

  const whole = await ask(explore, {
    series: [...ofRevenue.map((metric) => ({ event, metric, property: 'revenue' })), { event }],
  });
  const daily = await ask(explore, {
    series: [{ event, metric: 'sum', property: 'revenue' }],
    interval: 'day',
  });

  // 10, 40, 1, 1: of these the median is 5.5, the 90th percentile 10 + 0.7 × 30. Seven events were sent.
  expect(whole.rows.map((row) => Number(row.result?.toFixed(6)))).toEqual([52, 13, 5.5, 31, 1, 40, 7]);
  expect(daily.rows.map((row) => row.result).slice(0, 2)).toEqual([10, 42]);
});
