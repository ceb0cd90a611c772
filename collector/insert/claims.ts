import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Storage } from '../storage/storage.ts';
import { type BatchRow, createBatchId, toKey } from './batch.ts';
import { idList } from './known-ids.ts';

/**
 * Keeps two collectors before one database from storing one event id in the same moment. Each writes its claims first
 * and reads second: of two, one at least then sees the other's. Whoever sees a claim goes on without the row, and comes
 * back to it until it is stored or the claim is over. Asks of the database that a read sees every write that was
 * answered before.
 */
export interface Claims {
  /** After this a claim counts as over. */
  lastsMs: number;
  /** Rejects with StorageError; the attempt then begins anew. */
  claim(batchId: string, rows: readonly BatchRow[], signal: AbortSignal): Promise<Claimed>;
  /** Takes back what will not be stored after all. */
  withdraw(claimed: Pick<Claimed, 'claimId' | 'batchId'>, rows: readonly BatchRow[]): Promise<void>;
}

export type Claimed = {
  batchId: string;
  claimId: string;
  /** Keys that another collector has stored, though its list of known ids does not say so yet. */
  stored: ReadonlySet<string>;
  /** Keys that another collector is about to store: not now. */
  awaited: ReadonlySet<string>;
};

export type ClaimsOptions = { storage: Storage; now: () => number; lastsMs: number };

/** Longer than a collector takes from its claim to the end of its insert (store-batch.ts sees to that). */
export const CLAIM_LASTS_MS = 5 * 60_000;

const MOST_WAITING = 50_000;

/** For one run of one process. */
export function createClaims({ storage, now, lastsMs }: ClaimsOptions): Claims {
  const collectorId = String(randomBytes(8).readBigUInt64BE());

  const write = (claimId: string, batchId: string, rows: readonly BatchRow[], isWithdrawn: boolean) =>
    storage.insert(
      'event_claims',
      rows.map(({ siteId, eventId }) => ({
        site_id: siteId,
        event_id: eventId,
        claim_id: claimId,
        batch_id: batchId,
        collector_id: collectorId,
        is_withdrawn: isWithdrawn,
      })),
    );

  // Who gave way does not claim again while the other's claim stands: that would only keep the other waiting in turn.
  const waiting = new LRUCache<string, true>({ max: MOST_WAITING });

  const look = async (rows: readonly BatchRow[], signal: AbortSignal): Promise<Look> => {
    const claims = await readClaims(storage, rows, lastsMs, signal);
    const others = claims.filter((claim) => claim.collector_id !== collectorId);
    const stored = await findStoredByOthers(storage, others, rows, signal);
    const contested = others.filter((claim) => claim.is_live && !stored.has(keyOf(claim)));
    const own = earliest(claims.filter((claim) => claim.collector_id === collectorId && claim.is_live));
    const behind = contested.filter((claim) => isBefore(claim, own.get(keyOf(claim))));
    return { stored, awaited: new Set(contested.map(keyOf)), behind: new Set(behind.map(keyOf)) };
  };

  return {
    lastsMs,
    async claim(batchId, rows, signal) {
      const claimId = createBatchId(now());
      const before = await look(
        rows.filter(({ key }) => waiting.has(key)),
        signal,
      );
      const claimable = rows.filter(({ key }) => !before.stored.has(key) && !before.behind.has(key));
      await write(claimId, batchId, claimable, false);
      const after = await look(claimable, signal);
      // One of two gives way, or both would wait for each other: the one that claimed later, by its own clock. The
      // earlier one waits as well, but keeps its claim.
      const left = claimable.filter(({ key }) => after.stored.has(key) || after.behind.has(key));
      await write(claimId, batchId, left, true);
      const stored = new Set([...before.stored, ...after.stored]);
      const awaited = new Set([...before.behind, ...after.awaited]);
      for (const { key } of rows) {
        if (awaited.has(key)) waiting.set(key, true);
        else waiting.delete(key);
      }
      return { batchId, claimId, stored, awaited };
    },
    withdraw: ({ batchId, claimId }, rows) => write(claimId, batchId, rows, true),
  };
}

/** Keys by what others have to do with them. `behind`: another claimed them earlier, and its claim stands. */
type Look = { stored: ReadonlySet<string>; awaited: ReadonlySet<string>; behind: ReadonlySet<string> };

type ClaimRow = {
  site_id: string;
  event_id: string;
  claim_id: string;
  batch_id: string;
  collector_id: string;
  is_live: boolean;
};

/** All claims to the rows' ids that were not taken back. */
async function readClaims(
  storage: Storage,
  rows: readonly BatchRow[],
  lastsMs: number,
  signal: AbortSignal,
): Promise<ClaimRow[]> {
  if (rows.length === 0) return [];
  const { sql, parameters } = idList(rows);
  const { rows: claims } = await storage.query<ClaimRow>(
    `SELECT site_id, toString(event_id) AS event_id, toString(claim_id) AS claim_id, toString(any(batch_id)) AS batch_id,
       toString(event_claims.collector_id) AS collector_id,
       max(claimed_time) > now64(3) - toIntervalMillisecond({lasts_ms:UInt64}) AS is_live
     FROM event_claims
     WHERE site_id IN {sites:Array(String)} AND event_claims.event_id IN ${sql}
     GROUP BY event_claims.site_id, event_claims.event_id, event_claims.claim_id, event_claims.collector_id
     HAVING NOT max(is_withdrawn)`,
    { parameters: { ...parameters, lasts_ms: lastsMs }, signal },
  );
  return claims;
}

/** A collector that died after its insert leaves its rows in `events` and its claims, but not the list of known ids. */
async function findStoredByOthers(
  storage: Storage,
  claims: readonly ClaimRow[],
  rows: readonly BatchRow[],
  signal: AbortSignal,
): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const claimed = new Set(claims.map(keyOf));
  const { sql, parameters } = idList(rows.filter(({ key }) => claimed.has(key)));
  const batches = [...new Set(claims.map((claim) => claim.batch_id))];
  const { rows: found } = await storage.query<{ site_id: string; event_id: string }>(
    `SELECT site_id, toString(event_id) AS event_id FROM events
     WHERE batch_id IN arrayMap(id -> toUInt64(id), {batches:Array(String)}) AND site_id IN {sites:Array(String)} AND events.event_id IN ${sql}`,
    { parameters: { ...parameters, batches }, signal },
  );
  return new Set(found.map(keyOf));
}

function keyOf(row: { site_id: string; event_id: string }): string {
  return toKey(row.site_id, row.event_id);
}

function earliest(claims: readonly ClaimRow[]): Map<string, bigint> {
  const first = new Map<string, bigint>();
  for (const claim of claims) {
    const id = BigInt(claim.claim_id);
    const known = first.get(keyOf(claim));
    if (known === undefined || id < known) first.set(keyOf(claim), id);
  }
  return first;
}

/** Without a claim of one's own, everybody is before. */
function isBefore(claim: ClaimRow, own: bigint | undefined): boolean {
  return own === undefined || BigInt(claim.claim_id) < own;
}
