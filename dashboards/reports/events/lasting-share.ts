/** How far a site's persons can be followed: the share of its visitors who have a lasting id. */
import { LRUCache } from 'lru-cache';
import type { Storage } from '../../../collector/storage/storage.ts';
import { bind, renderSql, sql } from '../../sql.ts';
import { eventsOf } from '../rules/reading.ts';
import type { EventScope } from './scope.ts';
import { isWithin } from './within.ts';

type Reader = Pick<Storage, 'query'>;

/** A figure of the footnotes, "within about 1 %": every report of a page states it, and none has to be to the second. */
const MEMORY_MS = 60_000;
const remembered = new WeakMap<Reader, LRUCache<string, Promise<number | null>>>();

/** Of the visitors with an event in the period, servers' left out; null if there are none. Up to a minute old. */
export function readLastingShare(reader: Reader, scope: EventScope): Promise<number | null> {
  const shares = remembered.get(reader) ?? new LRUCache({ max: 500, ttl: MEMORY_MS });
  remembered.set(reader, shares);
  const { siteId, fromMs, toMs, countsTests, rules } = scope;
  const key = JSON.stringify([siteId, fromMs, toMs, countsTests, rules?.exclusions]);
  const known = shares.get(key);
  if (known) return known;
  const share = askLastingShare(reader, scope);
  shares.set(key, share);
  share.catch(() => shares.delete(key));
  return share;
}

async function askLastingShare(reader: Reader, scope: EventScope): Promise<number | null> {
  const { text, parameters } = renderSql(sql`
SELECT uniqIf(visitor_id, anonymous_id != '') / nullIf(uniq(visitor_id), 0) AS lasting_share
FROM ${eventsOf(scope)}
WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
  AND ${isWithin(scope)}
  AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
  AND NOT is_bot AND sent_by != 'server' AND (NOT is_test OR ${bind('counts_tests', 'Bool', scope.countsTests)})`);
  const { rows } = await reader.query<{ lasting_share: number | null }>(text, { parameters });
  return rows[0]?.lasting_share ?? null;
}
