/** How far a site's persons can be followed: the share of its visitors who have a lasting id. */
import type { Storage } from '../../../collector/storage/storage.ts';
import { bind, renderSql, sql } from '../../sql.ts';
import { eventsOf } from '../rules/reading.ts';
import type { EventScope } from './scope.ts';
import { isWithin } from './within.ts';

/** Of the visitors with an event in the period, servers' left out; null if there are none. Within about 1 %. */
export async function readLastingShare(
  reader: Pick<Storage, 'query'>,
  scope: EventScope,
  signal?: AbortSignal,
): Promise<number | null> {
  const { text, parameters } = renderSql(sql`
SELECT uniqIf(visitor_id, anonymous_id != '') / nullIf(uniq(visitor_id), 0) AS lasting_share
FROM ${eventsOf(scope)}
WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
  AND ${isWithin(scope)}
  AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
  AND NOT is_bot AND sent_by != 'server' AND (NOT is_test OR ${bind('counts_tests', 'Bool', scope.countsTests)})`);
  const { rows } = await reader.query<{ lasting_share: number | null }>(text, {
    parameters,
    ...(signal && { signal }),
  });
  return rows[0]?.lasting_share ?? null;
}
