/** Whether any event that a funnel may read brought money: few sites' do, and to read it along with all events costs a third. */
import { bind, renderSql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { FunnelWorld } from './decide-all.ts';
import type { FunnelParameters } from './parameters.ts';

export async function hasRevenue(
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
  const { rows } = await reader.query<{ has_revenue: number | boolean }>(text, {
    parameters,
    ...(signal && { signal }),
  });
  return Boolean(rows[0]?.has_revenue);
}
