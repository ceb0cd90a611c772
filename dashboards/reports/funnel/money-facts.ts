/** What a funnel must read of money: most sites bring none, and to read it along with all events costs a third. */
import { bind, renderSql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { FunnelWorld } from './decide-all.ts';
import type { FunnelParameters } from './parameters.ts';
import { readingOf } from './stored-days.ts';

export type MoneyFacts = {
  /** Whether any event that the funnel may read has revenue. */
  hasRevenue: boolean;
  /** Whether any order was ever named: else no revenue can be told twice. */
  hasOrders: boolean;
};

/** What days and identity tell already is not asked for. */
export async function readMoneyFacts(
  scope: EventScope,
  parameters: FunnelParameters,
  world: Pick<FunnelWorld, 'reader' | 'signal'>,
): Promise<MoneyFacts> {
  const { hasOrders, hasTangled } = scope.identity;
  const reading = readingOf(scope, parameters);
  if (reading?.all.some(({ deeds }) => deeds.hasSales)) return { hasRevenue: true, hasOrders };
  if (reading && reading.unsettled.length === 0 && !hasTangled) return { hasRevenue: false, hasOrders };
  return { hasRevenue: await haveRevenue(scope, parameters, world), hasOrders };
}

async function haveRevenue(
  scope: EventScope,
  { windowMs, firstTime }: FunnelParameters,
  { reader, signal }: Pick<FunnelWorld, 'reader' | 'signal'>,
): Promise<boolean> {
  const { text, parameters } = renderSql(sql`
SELECT EXISTS(
  SELECT 1 FROM events
  WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
    AND time >= fromUnixTimestamp64Milli(${bind('from', 'Int64', firstTime ? 0 : scope.fromMs)}, 'UTC')
    AND time <= fromUnixTimestamp64Milli(${bind('to', 'Int64', scope.toMs + windowMs)}, 'UTC')
    AND revenue != 0
) AS has_revenue`);
  const { rows } = await reader.query<{ has_revenue: number }>(text, {
    parameters,
    ...(signal && { signal }),
  });
  return Boolean(rows[0]?.has_revenue);
}
