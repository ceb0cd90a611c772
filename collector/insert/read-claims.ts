/** Who has claimed what, and what has become of it. */
import type { Storage } from '../storage/storage.ts';
import { type BatchRow, toKey } from './batch.ts';
import { ID_NUMBERS, idTable } from './known-ids.ts';

export type ClaimRow = {
  site_id: string;
  event_id: string;
  claim_id: string;
  batch_id: string;
  collector_id: string;
  is_live: boolean;
};

export const OWN = `(event_claims.collector_id = {collector_id:UInt64} OR event_claims.batch_id = {batch_id:UInt64})`;
/** To ids that others have claimed as well: almost always none, so that almost nothing comes back. */
export const CONTESTED = `event_claims.event_id IN (
  SELECT others.event_id FROM event_claims AS others
  WHERE others.site_id IN {sites:Array(String)} AND UUIDToNum(others.event_id) IN ${ID_NUMBERS} AND others.collector_id != {collector_id:UInt64}
)`;

type Reading = {
  lastsMs: number;
  collectorId: string;
  batchId: string;
  which: typeof OWN | typeof CONTESTED;
  signal: AbortSignal;
};

/** Claims to the rows' ids that were not taken back. */
export async function readClaims(
  storage: Storage,
  rows: readonly Pick<BatchRow, 'siteId' | 'eventId'>[],
  { lastsMs, collectorId, batchId, which, signal }: Reading,
): Promise<ClaimRow[]> {
  if (rows.length === 0) return [];
  const { parameters, tables } = idTable(rows);
  const { rows: claims } = await storage.query<ClaimRow>(
    `SELECT site_id, toString(event_id) AS event_id, toString(claim_id) AS claim_id, toString(any(batch_id)) AS batch_id,
       toString(event_claims.collector_id) AS collector_id,
       max(claimed_time) > now64(3) - toIntervalMillisecond({lasts_ms:UInt64}) AS is_live
     FROM event_claims
     WHERE site_id IN {sites:Array(String)} AND UUIDToNum(event_claims.event_id) IN ${ID_NUMBERS} AND ${which}
     GROUP BY event_claims.site_id, event_claims.event_id, event_claims.claim_id, event_claims.collector_id
     HAVING NOT max(is_withdrawn)`,
    {
      parameters: { ...parameters, lasts_ms: lastsMs, collector_id: collectorId, batch_id: batchId },
      tables,
      signal,
    },
  );
  return claims;
}

/**
 * Keys of rows that others have stored, and under which batch. A collector that died after its insert leaves its rows in
 * `events` and its claims, but not the list of known ids.
 */
export async function findStoredByOthers(
  storage: Storage,
  claims: readonly ClaimRow[],
  rows: readonly BatchRow[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  if (claims.length === 0) return new Map();
  const claimed = new Set(claims.map(keyOf));
  const { parameters, tables } = idTable(rows.filter(({ key }) => claimed.has(key)));
  const batches = [...new Set(claims.map((claim) => claim.batch_id))];
  const { rows: found } = await storage.query<{ site_id: string; event_id: string; batch_id: string }>(
    `SELECT site_id, toString(event_id) AS event_id, toString(events.batch_id) AS batch_id FROM events
     WHERE events.batch_id IN arrayMap(id -> toUInt64(id), {batches:Array(String)}) AND site_id IN {sites:Array(String)} AND events.event_id IN ids`,
    { parameters: { ...parameters, batches }, tables, signal },
  );
  return new Map(found.map((row) => [keyOf(row), row.batch_id]));
}

export function keyOf(row: { site_id: string; event_id: string }): string {
  return toKey(row.site_id, row.event_id);
}
