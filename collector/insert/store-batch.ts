import { deleteLate, findLateDeletions } from '../deletions.ts';
import { type Storage, StorageError } from '../storage/storage.ts';
import type { Batch, BatchRow } from './batch.ts';
import type { RefusedRow } from './bisect.ts';
import type { Claimed, Claims } from './claims.ts';
import { endEarlierInserts, insertRows } from './insert-rows.ts';
import {
  findKnownIds,
  findStored,
  findStoredRows,
  writeKnownIds,
  writeKnownIdsIn,
  writeKnownIdsOf,
} from './known-ids.ts';
import type { Blame } from './row-refusal.ts';

/** Between two of these anything may die, and nothing may be lost or doubled: the tests stop at each. */
export type InsertStep =
  | 'begun'
  | 'known_ids_read'
  | 'claimed'
  | 'events_inserted'
  | 'ids_written'
  | 'dead_letters_written';

export type StoreOptions = {
  storage: Storage;
  /** Where other collectors write to the same database. */
  claims: Claims | undefined;
  /** What `findKnownIds` says of the batch's rows, if it was asked already. */
  known: ReadonlyMap<string, string> | undefined;
  now: () => number;
  /** An attempt before this one may have stored some of it, or may still be running in the engine. */
  isRepeated: boolean;
  /** Rows may have been stored under another batch, unrecorded (the spool's cursor was damaged). */
  isDoubtful: boolean;
  /** What the attempt before gives reason to look for. */
  blame: Blame;
  signal: AbortSignal;
  onStep: (step: InsertStep) => Promise<void> | void;
};

export type Stored = {
  stored: BatchRow[];
  duplicates: BatchRow[];
  refused: RefusedRow[];
  /** Another collector is about to store these: they have to come again. */
  awaited: BatchRow[];
  /** How many of the stored ones are gone again: a deletion meant them while they were on their way. */
  deleted: number;
};

/**
 * One attempt at bringing a batch into `events` and its ids into `event_ids`, each row once, whatever earlier attempts
 * have done. Rejects where it does not know how it ended: call it again, with `isRepeated`.
 */
export async function storeBatch(batch: Batch, options: StoreOptions): Promise<Stored> {
  const { storage, claims, now, isRepeated, isDoubtful, signal, onStep } = options;
  if (isRepeated) await endEarlierInserts(storage, batch.batchId);
  const known = options.known ?? (await findKnownIds(storage, batch.rows, signal));
  await onStep('known_ids_read');

  const isElsewhere = ({ key }: BatchRow) => known.has(key) && known.get(key) !== batch.batchId;
  const already = isDoubtful ? await findStoredRows(storage, batch.rows, signal) : new Set<string>();
  const own = isRepeated ? await findStored(storage, batch.batchId, signal) : new Set<string>();
  const isFound = ({ key }: BatchRow) => already.has(key) && !own.has(key);
  const found = batch.rows.filter((row) => isFound(row) && !known.has(row.key));
  const mine = batch.rows.filter((row) => !isElsewhere(row) && !isFound(row));

  const fresh = mine.filter(({ key }) => !own.has(key));
  const claimed = await claims?.claim(batch.batchId, fresh, signal);
  await onStep('claimed');
  const wanted = mine.filter(({ key }) => own.has(key) || !isLeft(claimed, key));
  // An insert takes two minutes at most: it must be over before others may take the claim for dead.
  if (claimed && claims && now() - claimed.at > claims.lastsMs / 2) {
    throw new StorageError(`It took too long to claim the rows of batch ${batch.batchId}`, undefined);
  }

  const isWanted = new Set(wanted.map(({ key }) => key));
  const refused = await insertRows(batch, ({ key }) => isWanted.has(key), options);
  await onStep('events_inserted');

  const dead = new Set(refused.map(({ row }) => row.key));
  const stored = wanted.filter((row) => !dead.has(row.key));
  if (claims && dead.size > 0) {
    const refusedRows = refused.map(({ row }) => row);
    await claims.withdraw(batch.batchId, refusedRows, signal);
  }
  const [late] = await Promise.all([
    stored.length > 0 ? findLateDeletions(storage, batch, signal) : [],
    stored.length > 0 ? writeKnownIds(storage, batch.batchId) : undefined,
  ]);
  if (found.length > 0) await writeKnownIdsOf(storage, found);
  const byOthers = fresh.filter(({ key }) => claimed?.stored.has(key));
  // Whoever has stored them may have died before it wrote this, and not come back.
  if (claimed && byOthers.length > 0) await writeKnownIdsIn(storage, byOthers, claimed.stored);
  await onStep('ids_written');
  const deleted = late.length > 0 ? await deleteLate(storage, batch.batchId, late) : 0;
  return {
    stored,
    duplicates: [...batch.repeats, ...batch.rows.filter(isElsewhere), ...byOthers],
    refused,
    awaited: fresh.filter(({ key }) => claimed?.awaited.has(key)),
    deleted,
  };
}

function isLeft(claimed: Claimed | undefined, key: string): boolean {
  return claimed !== undefined && (claimed.stored.has(key) || claimed.awaited.has(key));
}
