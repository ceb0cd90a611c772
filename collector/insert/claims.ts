import { randomBytes } from 'node:crypto';
import { createRecent } from '../enrich/recent.ts';
import type { Storage } from '../storage/storage.ts';
import { type BatchRow, createBatchId, fromKey } from './batch.ts';
import { type ClaimRow, CONTESTED, findStoredByOthers, keyOf, OWN, readClaims } from './read-claims.ts';

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
  /** Takes back all claims to what will not be stored after all. */
  withdraw(batchId: string, rows: readonly BatchRow[], signal: AbortSignal): Promise<void>;
  /** Takes back all claims to what waits, so that neither the others nor the next process have to wait for their end. */
  release(signal: AbortSignal): Promise<void>;
}

export type Claimed = {
  /** When the oldest of these claims began, by this collector's clock. */
  at: number;
  /** Keys that another collector has stored, though the list of known ids does not say so yet, with its batch. */
  stored: ReadonlyMap<string, string>;
  /** Keys that another collector is about to store: not now. */
  awaited: ReadonlySet<string>;
};

export type ClaimsOptions = { storage: Storage; now: () => number; lastsMs: number };

/** Longer than a collector takes from its claim to the end of its insert (store-batch.ts sees to that). */
export const CLAIM_LASTS_MS = 5 * 60_000;

/** Of more than these it may be forgotten that they wait: they are claimed in vain, then. */
const WAITING = 25_000;

/** For one run of one process. */
export function createClaims({ storage, now, lastsMs }: ClaimsOptions): Claims {
  const collectorId = String(randomBytes(8).readBigUInt64BE());

  const write = (claims: readonly Omit<ClaimRow, 'is_live'>[], isWithdrawn: boolean, signal: AbortSignal) =>
    storage.insertRaw('event_claims', claims.map((claim) => toLine(claim, isWithdrawn)).join(''), {
      columns: COLUMNS,
      format: 'TabSeparated',
      signal,
    });

  // Who gave way does not claim again while the other's claim stands: that would only keep the other waiting in turn.
  const waiting = createRecent<string, boolean>(WAITING);

  // Claims that an insert went out on. Should it be repeated they are neither written again nor given up: nobody can
  // have got by them meanwhile, and the first insert may yet arrive. Nor does it take more rows than that one: of two
  // inserts with other rows in them, nothing would tell that they bear the same event.
  let held = { batchId: '', at: 0, keys: new Set<string>() };

  const look = async (batchId: string, rows: readonly BatchRow[], signal: AbortSignal): Promise<Look> => {
    const reading = { lastsMs, collectorId, batchId, which: CONTESTED, signal } as const;
    const claims = await readClaims(storage, rows, reading);
    // An earlier process may have begun this very batch: what it has claimed for it is ours.
    const isOwn = (claim: ClaimRow) => claim.collector_id === collectorId || claim.batch_id === batchId;
    const others = claims.filter((claim) => !isOwn(claim));
    const own = claims.filter((claim) => isOwn(claim) && claim.is_live);
    const stored = await findStoredByOthers(storage, others, rows, signal);
    const contested = others.filter((claim) => claim.is_live && !stored.has(keyOf(claim)));
    const first = earliest(own);
    const behind = contested.filter((claim) => isBefore(claim, first.get(keyOf(claim))));
    return { own, stored, awaited: new Set(contested.map(keyOf)), behind: new Set(behind.map(keyOf)) };
  };

  /**
   * One of two gives way, or both would wait for each other: the one that claimed later, by its own clock. The earlier one
   * waits as well, but keeps its claim, and with each further attempt has one more: who gives way takes back all.
   */
  const giveWay = ({ own, stored, behind }: Look, signal: AbortSignal) =>
    write(
      own.filter((claim) => stored.has(keyOf(claim)) || behind.has(keyOf(claim))),
      true,
      signal,
    );

  const holdOn = (rows: readonly BatchRow[]): Claimed => {
    const awaited = rows.filter(({ key }) => !held.keys.has(key)).map(({ key }) => key);
    return { at: held.at, stored: new Map(), awaited: new Set(awaited) };
  };

  return {
    lastsMs,
    async claim(batchId, rows, signal) {
      const startedAt = now();
      if (held.batchId === batchId && startedAt - held.at < lastsMs / 2) return holdOn(rows);
      const before = await look(
        batchId,
        rows.filter(({ key }) => waiting.get(key)),
        signal,
      );
      await giveWay(before, signal);
      const claimable = rows.filter(({ key }) => !before.stored.has(key) && !before.behind.has(key));
      const claimId = createBatchId(startedAt);
      await write(
        claimable.map((row) => toClaim(row, claimId, batchId, collectorId)),
        false,
        signal,
      );
      const after = await look(batchId, claimable, signal);
      await giveWay(after, signal);
      const stored = new Map([...before.stored, ...after.stored]);
      const awaited = new Set([...before.behind, ...after.awaited]);
      for (const { key } of rows) {
        if (awaited.has(key) !== (waiting.get(key) ?? false)) waiting.set(key, awaited.has(key));
      }
      const won = rows.filter(({ key }) => !stored.has(key) && !awaited.has(key));
      held = { batchId, at: startedAt, keys: new Set(won.map(({ key }) => key)) };
      return { at: held.at, stored, awaited };
    },
    async withdraw(batchId, rows, signal) {
      for (const { key } of rows) held.keys.delete(key);
      const reading = { lastsMs, collectorId, batchId, which: OWN, signal } as const;
      await write(await readClaims(storage, rows, reading), true, signal);
    },
    async release(signal) {
      const rows = [...waiting.entries()].filter(([, isWaiting]) => isWaiting).map(([key]) => fromKey(key));
      const reading = { lastsMs, collectorId, batchId: '0', which: OWN, signal } as const;
      await write(await readClaims(storage, rows, reading), true, signal);
    },
  };
}

/** Keys by what others have to do with them. `behind`: another claimed them earlier, and its claim stands. */
type Look = {
  /** This collector's claims that stand. */
  own: ClaimRow[];
  stored: ReadonlyMap<string, string>;
  awaited: ReadonlySet<string>;
  behind: ReadonlySet<string>;
};

const COLUMNS = ['site_id', 'event_id', 'claim_id', 'batch_id', 'collector_id', 'is_withdrawn'];

/** None of it can hold what would have to be escaped. */
function toLine(
  { site_id, event_id, claim_id, batch_id, collector_id }: Omit<ClaimRow, 'is_live'>,
  isWithdrawn: boolean,
): string {
  return `${site_id}\t${event_id}\t${claim_id}\t${batch_id}\t${collector_id}\t${isWithdrawn}\n`;
}

function toClaim(row: BatchRow, claimId: string, batchId: string, collectorId: string) {
  return {
    site_id: row.siteId,
    event_id: row.eventId,
    claim_id: claimId,
    batch_id: batchId,
    collector_id: collectorId,
  };
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
