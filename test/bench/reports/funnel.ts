import type { Storage } from '../../../collector/storage/storage.ts';
import { readIdentity } from '../../../dashboards/reports/events/scope.ts';
import { funnelShape } from '../../../dashboards/reports/funnel/parameters.ts';
import { answerFunnel } from '../../../dashboards/reports/funnel/report.ts';
import { readSettledDays } from '../../../dashboards/reports/settled/settled-days.ts';
import type { Round } from './compare.ts';
import { BY_NAME, DAYS, FROM_MS, SITE } from './events.ts';

const STEPS = ['page_view', 'view_product', 'add_to_cart', 'checkout', 'purchase'];
const WINDOW_MS = 86_400_000;
const TO_MS = FROM_MS + DAYS * 86_400_000;

/** What an analyst would write who knows ClickHouse: no times, no ties, no exclusions. */
const naiveOver = (table: string) => `
SELECT level, count()
FROM (
  SELECT
    visitor_id,
    windowFunnel({window:UInt64})(
      toUInt64(toUnixTimestamp64Milli(time)),
      name = 'page_view', name = 'view_product', name = 'add_to_cart', name = 'checkout', name = 'purchase'
    ) AS level
  FROM ${table}
  WHERE site_id = {site:String}
    AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})
    AND toDate(time) >= toDate(fromUnixTimestamp64Milli({from:Int64})) AND toDate(time) <= toDate(fromUnixTimestamp64Milli({to:Int64}))
    AND name IN ('page_view', 'view_product', 'add_to_cart', 'checkout', 'purchase')
  GROUP BY visitor_id
)
GROUP BY level
ORDER BY level`;

const SCAN = `
SELECT sum(visitor_id), max(time), countIf(name = 'purchase')
FROM events
WHERE site_id = {site:String} AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})`;

export function funnelRounds(): Round[] {
  const naive = 'naive windowFunnel';
  const naiveByName = 'naive windowFunnel over a table by day, name, visitor';
  const scan = 'scan of time, visitor and name';
  const plain = (reader: Storage, sql: string) =>
    reader.query(sql, { parameters: { site: SITE, from: FROM_MS, to: TO_MS, window: WINDOW_MS } });
  const against = [naiveByName, naive, scan];
  return [
    { name: scan, run: (reader) => plain(reader, SCAN), comparedWith: [] },
    { name: naive, run: (reader) => plain(reader, naiveOver('events')), comparedWith: [scan] },
    {
      name: naiveByName,
      run: (reader) => plain(reader, naiveOver(BY_NAME)),
      comparedWith: [naive],
    },
    { name: 'funnel, ordered', run: (reader) => ask(reader, {}), comparedWith: against },
    {
      name: 'funnel, ordered, decided by Node',
      run: (reader) => ask(reader, {}, 'node'),
      comparedWith: against,
    },
    {
      name: 'funnel, ordered, of days not yet settled',
      run: (reader) => ask(reader, {}, undefined, 'unsettled'),
      comparedWith: against,
    },
    {
      name: 'funnel, a step optional, one within an hour',
      run: (reader) => ask(reader, { steps: withDetails() }),
      comparedWith: against,
    },
    {
      name: 'funnel, with an exclusion',
      run: (reader) => ask(reader, { exclusions: [{ event: 'other', after: 2, before: 3 }] }),
      comparedWith: against,
    },
    { name: 'funnel, strict', run: (reader) => ask(reader, { order: 'strict' }), comparedWith: against },
    { name: 'funnel, any order', run: (reader) => ask(reader, { order: 'any' }), comparedWith: against },
    {
      name: 'funnel, by a property',
      run: (reader) => ask(reader, { breakdown: { property: 'property:plan' } }),
      comparedWith: against,
    },
  ];
}

function withDetails() {
  return STEPS.map((event, index) => ({
    event,
    ...(index === 2 ? { optional: true } : {}),
    ...(index === 3 ? { withinMs: 3_600_000 } : {}),
  }));
}

async function ask(reader: Storage, asked: object, host?: 'node', days?: 'unsettled') {
  const parameters = funnelShape.parse({
    period: { from: '2026-01-01', to: '2026-03-31' },
    steps: STEPS.map((event) => ({ event })),
    windowMs: WINDOW_MS,
    ...asked,
  });
  const nowMs = TO_MS + 30 * 86_400_000;
  const [identity, settledDays] = await Promise.all([
    readIdentity(reader, SITE, nowMs),
    readSettledDays(reader, SITE, 'UTC'),
  ]);
  const scope = {
    siteId: SITE,
    fromMs: FROM_MS,
    toMs: TO_MS,
    nowMs,
    countsTests: false,
    identity,
    settledDays: days === 'unsettled' ? [] : settledDays,
  };
  const period = { from: '', to: '', fromMs: FROM_MS, toMs: TO_MS };
  return answerFunnel(parameters, { scope, period, timeZone: 'UTC', firstDay: '' }, { reader, host });
}
