import type { Counters } from '../counters.ts';
import type { RecentDrops } from '../recent-drops.ts';
import type { Chunk } from '../spool/read-chunk.ts';
import type { OpenSpool } from '../spool/spool.ts';
import { toEventRow } from '../spool/spool-row.ts';
import type { Storage } from '../storage/storage.ts';
import { type Batch, toBatch } from './batch.ts';
import { CLAIM_LASTS_MS, createClaims } from './claims.ts';
import { countStored } from './count-stored.ts';
import type { Insistence } from './insist.ts';
import { noteUnstored } from './note-unstored.ts';
import { createBlame } from './row-refusal.ts';
import { type InsertStep, type Stored, storeBatch } from './store-batch.ts';

export type BatchStoreOptions = {
  spool: OpenSpool;
  storage: Storage;
  /** Other collectors write to the same database. */
  isShared?: boolean;
  /** For how long a collector that says nothing more keeps the others from what it has claimed. */
  claimLastsMs?: number;
  counters: Pick<Counters, 'store' | 'drop'>;
  /** Told of each row that is not stored after all. */
  recentDrops?: Pick<RecentDrops, 'note'>;
  now: () => number;
  /** Between two steps anything may die; tests make it so. */
  onStep?: (step: InsertStep | 'finished') => Promise<void> | void;
  log?: (message: string) => void;
};

/** A batch and the bytes of the spool it was made from. */
export type Prepared = {
  chunk: Chunk;
  batch: Batch;
  /** What is known of its rows, if that was looked up already. */
  known?: ReadonlyMap<string, string>;
};

/** Stores batches one by one, whatever it takes, and counts what became of them. */
export interface BatchStore {
  /**
   * Resolves when the batch is stored and its chunk finished, or when it was stopped before: with the number of rows that
   * another collector is about to store, and that lie in the spool once more until it is known.
   */
  store(prepared: Prepared, isResumed: boolean): Promise<number>;
  /** Ends the batch that an earlier process began. */
  resume(): Promise<void>;
  /** What waits for other collectors need not be waited for by them. Nothing depends on it; rejects with StorageError. */
  release(signal: AbortSignal): Promise<void>;
  totals(): { batches: number; rows: number; lastBatchMs: number };
}

export function createBatchStore(
  options: BatchStoreOptions,
  insist: Insistence['insist'],
  signal: AbortSignal,
): BatchStore {
  const { spool, storage, counters, now, onStep = () => undefined, log = () => undefined } = options;
  const { claimLastsMs = CLAIM_LASTS_MS } = options;
  const claims = options.isShared ? createClaims({ storage, now, lastsMs: claimLastsMs }) : undefined;
  const totals = { batches: 0, rows: 0, lastBatchMs: 0 };
  let corruptRowsCounted = 0;

  async function store({ chunk, batch, known }: Prepared, isResumed: boolean): Promise<number> {
    const startedAt = now();
    const isDoubtful = chunk.segment <= spool.doubtfulUpTo;
    const blame = createBlame(now, isResumed);
    const result = await insist(async (attempt, lastError) => {
      const isRepeated = isResumed || attempt > 1;
      const facts = { known: isRepeated ? undefined : known, isRepeated, isDoubtful };
      const held = { ...facts, blame: blame(attempt, lastError) };
      const stored = await storeBatch(batch, { storage, claims, now, ...held, signal, onStep });
      await writeDeadLetters(batch.batchId, stored);
      await onStep('dead_letters_written');
      if (stored.awaited.length > 0) await spool.append(stored.awaited.map((row) => toEventRow(row.line)));
      await spool.drain.finish(chunk);
      return stored;
    });
    if (!result) return 0;
    countStored(counters, result);
    if (options.recentDrops) noteUnstored(options.recentDrops, result);
    if (result.deleted > 0) log(`Deleted ${result.deleted} events that came in before their deletion`);
    countCorrupt();
    totals.batches += 1;
    totals.rows += batch.rows.length + batch.repeats.length - result.awaited.length;
    totals.lastBatchMs = now() - startedAt;
    await onStep('finished');
    return result.awaited.length;
  }

  async function writeDeadLetters(batchId: string, { refused }: Stored): Promise<void> {
    if (refused.length === 0) return;
    log(
      `ClickHouse refused ${refused.length} rows of batch ${batchId}: they lie in the spool's dead letters`,
    );
    const letters = refused.map(({ row, error }) => ({ at: now(), error, row: toEventRow(row.line) }));
    await spool.deadLetters.write(batchId, letters);
  }

  function countCorrupt(): void {
    const corruptRows = spool.quarantine.corruptRows();
    if (corruptRows > corruptRowsCounted) counters.drop('', 'corrupt', corruptRows - corruptRowsCounted);
    corruptRowsCounted = corruptRows;
  }

  return {
    store,
    async resume() {
      const { unfinished } = spool;
      if (!unfinished) return;
      const chunk = await insist(() => spool.drain.again(unfinished));
      if (chunk) await store({ chunk, batch: toBatch(chunk, unfinished.batchId) }, true);
    },
    release: async (signal) => claims?.release(signal),
    totals: () => totals,
  };
}
