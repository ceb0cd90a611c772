/** The stored events of a site in a period that fulfil a test: bots, tests and excluded ones among them. */
import type { Storage } from '../../../collector/storage/storage.ts';
import { type PeriodParameter, resolvePeriod } from '../../reports/period/period.ts';
import type { ReportSite } from '../../reports/run.ts';
import { bind, renderSql, type Sql, sql } from '../../sql.ts';

export type EventCount = {
  events: number;
  visitors: number;
  orders: number;
  /** Of the events; 0 where there are none. */
  first_ms: number;
  last_ms: number;
};

/** A test on rows of `events`, as they were sent. */
export function matchingEvents(site: ReportSite, period: PeriodParameter, test: Sql, nowMs: number): Sql {
  const { fromMs, toMs } = resolvePeriod(period, { ...site, nowMs });
  return sql`site_id = ${bind('site_id', 'String', site.siteId)}
  AND time >= fromUnixTimestamp64Milli(${bind('from', 'Int64', fromMs)}, 'UTC')
  AND time < fromUnixTimestamp64Milli(${bind('to', 'Int64', toMs)}, 'UTC')
  AND ${test}`;
}

export async function countEvents(
  reader: Pick<Storage, 'query'>,
  site: ReportSite,
  period: PeriodParameter,
  test: Sql,
  nowMs: number,
): Promise<EventCount> {
  const { text, parameters } = renderSql(sql`
SELECT
  count() AS events,
  uniqExact(visitor_id) AS visitors,
  uniqExactIf(order_id, order_id != '') AS orders,
  if(events = 0, 0, toUnixTimestamp64Milli(min(time))) AS first_ms,
  if(events = 0, 0, toUnixTimestamp64Milli(max(time))) AS last_ms
FROM events
WHERE ${matchingEvents(site, period, test, nowMs)}`);
  const { rows } = await reader.query<EventCount>(text, { parameters });
  return rows[0] ?? { events: 0, visitors: 0, orders: 0, first_ms: 0, last_ms: 0 };
}
