/** What a funnel must read of money: most sites bring none, and to read it along with all events costs a third. */
import { bind, renderSql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { FunnelWorld } from './decide-all.ts';
import type { FunnelParameters } from './parameters.ts';

export type MoneyFacts = {
  /** Whether any event that the funnel may read has revenue. */
  hasRevenue: boolean;
  /** Whether any order was ever named: else no revenue can be told twice. */
  hasOrders: boolean;
};

export async function readMoneyFacts(
  scope: EventScope,
  { windowMs, firstTime }: FunnelParameters,
  { reader, signal }: Pick<FunnelWorld, 'reader' | 'signal'>,
): Promise<MoneyFacts> {
  const siteId = bind('site_id', 'String', scope.siteId);
  const { text, parameters } = renderSql(sql`
SELECT
  EXISTS(
    SELECT 1 FROM events
    WHERE site_id = ${siteId}
      AND time >= fromUnixTimestamp64Milli(${bind('from', 'Int64', firstTime ? 0 : scope.fromMs)}, 'UTC')
      AND time <= fromUnixTimestamp64Milli(${bind('to', 'Int64', scope.toMs + windowMs)}, 'UTC')
      AND revenue != 0
  ) AS has_revenue,
  EXISTS(SELECT 1 FROM orders WHERE site_id = ${siteId}) AS has_orders`);
  const { rows } = await reader.query<{ has_revenue: number; has_orders: number }>(text, {
    parameters,
    ...(signal && { signal }),
  });
  return { hasRevenue: Boolean(rows[0]?.has_revenue), hasOrders: Boolean(rows[0]?.has_orders) };
}
