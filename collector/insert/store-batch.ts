import { randomUUID } from 'node:crypto';
import { type Storage, StorageError } from '../storage/storage.ts';
import type { Batch, BatchRow } from './batch.ts';
import { insertAllBut, type RefusedRow } from './bisect.ts';
import type { Claimed, Claims } from './claims.ts';
import { fillViewsAgain } from './derived.ts';
import { findKnownIds, findStored, findStoredRows, writeKnownIds, writeKnownIdsOf } from './known-ids.ts';
import { blameFor } from './row-refusal.ts';

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
  /** Counts from 1. */
  attempt: number;
  /** How the attempt before failed. */
  lastError: unknown;
  signal: AbortSignal;
  onStep: (step: InsertStep) => Promise<void> | void;
};

export type Stored = {
  stored: BatchRow[];
  duplicates: BatchRow[];
  refused: RefusedRow[];
  /** Another collector is about to store these: they have to come again. */
  awaited: BatchRow[];
};

/** A block of an insert may touch so many months; more are refused by ClickHouse. */
const MONTHS_PER_INSERT = 100;
const VERIFICATIONS = 3;

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

  const refused: RefusedRow[] = [];
  for (const part of byMonths(wanted)) refused.push(...(await insertPart(batch.batchId, part, options)));
  await onStep('events_inserted');

  const dead = new Set(refused.map(({ row }) => row.key));
  const stored = wanted.filter((row) => !dead.has(row.key));
  if (claims && dead.size > 0) {
    const refusedRows = refused.map(({ row }) => row);
    await claims.withdraw(refusedRows, signal);
  }
  if (stored.length > 0) await writeKnownIds(storage, batch.batchId);
  if (found.length > 0) await writeKnownIdsOf(storage, found);
  await onStep('ids_written');
  const byOthers = fresh.filter(({ key }) => claimed?.stored.has(key));
  return {
    stored,
    duplicates: [...batch.repeats, ...batch.rows.filter(isElsewhere), ...byOthers],
    refused,
    awaited: fresh.filter(({ key }) => claimed?.awaited.has(key)),
  };
}

function isLeft(claimed: Claimed | undefined, key: string): boolean {
  return claimed !== undefined && (claimed.stored.has(key) || claimed.awaited.has(key));
}

/** An insert that was cut off may still run; only when it is over does a count mean anything. */
async function endEarlierInserts(storage: Storage, batchId: string): Promise<void> {
  const parameters = { prefix: queryPrefix(batchId) };
  const { rows } = await storage.query(
    'SELECT query_id FROM system.processes WHERE startsWith(query_id, {prefix:String})',
    { parameters },
  );
  if (rows.length > 0)
    await storage.command('KILL QUERY WHERE startsWith(query_id, {prefix:String}) SYNC', { parameters });
}

async function insertPart(
  batchId: string,
  rows: readonly BatchRow[],
  options: StoreOptions,
): Promise<RefusedRow[]> {
  const { storage, isRepeated, signal } = options;
  const insert = (some: readonly BatchRow[], token: string) =>
    storage.insertRaw('events', Buffer.concat(some.map((row) => row.line)), {
      queryId: `${queryPrefix(batchId)}${randomUUID()}`,
      deduplicationToken: token,
      signal,
    });
  const firstToken = `${batchId}.${rows[0]?.month ?? 0}`;
  if (!isRepeated)
    return insertOrBisect(rows, (some) => insert(some, some === rows ? firstToken : randomUUID()), options);

  let refused: RefusedRow[] = [];
  for (let round = 0; round < VERIFICATIONS; round += 1) {
    const stored = await findStored(storage, batchId, signal);
    const dead = new Set(refused.map(({ row }) => row.key));
    const missing = rows.filter((row) => !stored.has(row.key) && !dead.has(row.key));
    if (missing.length === 0) {
      await fillViewsAgain(storage, batchId);
      return refused;
    }
    // The first token once more, as long as nothing is there: should the cut-off insert still be on its way, it is
    // dropped. But a token is logged before the part is there: in the next round, only what is seen is believed.
    const token = round === 0 && missing.length === rows.length ? firstToken : randomUUID();
    refused = [
      ...refused,
      ...(await insertOrBisect(
        missing,
        (some) => insert(some, some === missing ? token : randomUUID()),
        options,
      )),
    ];
  }
  throw new StorageError(`Rows of batch ${batchId} were inserted and are not there`, undefined);
}

async function insertOrBisect(
  rows: readonly BatchRow[],
  insert: (rows: readonly BatchRow[]) => Promise<void>,
  { attempt, lastError }: StoreOptions,
): Promise<RefusedRow[]> {
  try {
    // One row too many attempts: go straight to the halves, which tell whose fault it is.
    if (blameFor(lastError, attempt) === 'perhaps_row')
      return await insertAllBut(rows, insert, 'perhaps_row');
    await insert(rows);
    return [];
  } catch (error) {
    if (blameFor(error, 1) !== 'row') throw error;
    return insertAllBut(rows, insert, 'row');
  }
}

function queryPrefix(batchId: string): string {
  return `footfall-batch-${batchId}-`;
}

/** Parts of at most a hundred months, each of them a block of its own. Almost always there is one. */
function byMonths(rows: readonly BatchRow[]): (readonly BatchRow[])[] {
  const months = [...new Set(rows.map((row) => row.month))].sort((a, b) => a - b);
  if (rows.length === 0) return [];
  if (months.length <= MONTHS_PER_INSERT) return [rows];
  const partOf = new Map(months.map((month, index) => [month, Math.floor(index / MONTHS_PER_INSERT)]));
  const parts: BatchRow[][] = [];
  for (const row of rows) {
    const part = partOf.get(row.month) ?? 0;
    parts[part] = [...(parts[part] ?? []), row];
  }
  return parts;
}
