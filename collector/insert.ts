import { setTimeout as pause } from 'node:timers/promises';
import type { Counters } from './counters.ts';
import { type Batch, type BatchRow, createBatchId, toBatch } from './insert/batch.ts';
import { type InsertStep, type Stored, storeBatch } from './insert/store-batch.ts';
import type { Chunk, Limits } from './spool/read-chunk.ts';
import type { OpenSpool } from './spool/spool.ts';
import { toEventRow } from './spool/spool-row.ts';
import type { Storage } from './storage/storage.ts';

/**
 * Takes rows out of the spool, batch by batch and one at a time, and brings each into ClickHouse once. Several collectors
 * may write to one ClickHouse; a repeat is then recognised across them unless it is inserted in the very same moment.
 */
export interface Inserter {
  status(): InserterStatus;
  /** Resolves when the loop has ended: after the batch under way, or when the database has had 3 s to answer. */
  stop(): Promise<void>;
}

export type InserterStatus = {
  batches: number;
  rows: number;
  /** Of the batch stored last, from its start to its end. */
  lastBatchMs: number;
  /** Since when and why nothing could be stored; undefined while all is well. */
  failing: { since: number; attempts: number; message: string } | undefined;
};

export type InserterOptions = {
  spool: Pick<OpenSpool, 'append' | 'drain' | 'deadLetters' | 'unfinished' | 'doubtfulUpTo'>;
  storage: Storage;
  counters: Pick<Counters, 'store' | 'drop'>;
  now: () => number;
  /** Waits; tests pass their own. Rejects when aborted. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long rows gather before they are inserted. An event is in the reports this much, and an insert, after its 202. */
  gatherMs?: number;
  limits?: Limits;
  onStep?: (step: InsertStep | 'finished') => Promise<void> | void;
  log?: (message: string) => void;
};

const GATHER_MS = 250;
const LIMITS: Limits = { chunkBytes: 16 * 1024 * 1024, chunkRows: 20_000 };
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const IDLE_MS = 2_000;
const STOP_PATIENCE_MS = 3_000;
/** After so many idle looks, a segment that is read to its end goes. */
const SWEEP_AFTER_LOOKS = 15;

export function startInserter(options: InserterOptions): Inserter {
  const { spool, storage, counters, now, gatherMs = GATHER_MS, limits = LIMITS } = options;
  const { wait = waitReally, onStep = () => undefined, log = () => undefined } = options;
  const stopping = new AbortController();
  const cuttingOff = new AbortController();
  const { signal } = stopping;
  const status: InserterStatus = { batches: 0, rows: 0, lastBatchMs: 0, failing: undefined };
  let corruptRowsCounted = 0;
  let replayedAt = Number.NEGATIVE_INFINITY;

  /** Calls until it works; undefined if the inserter is stopped before. */
  async function insist<T>(
    call: (attempt: number, lastError: unknown) => Promise<T>,
  ): Promise<T | undefined> {
    let lastError: unknown;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        const result = await call(attempt, lastError);
        if (status.failing) log(`Inserting again after ${status.failing.attempts} failed attempts`);
        status.failing = undefined;
        return result;
      } catch (error) {
        lastError = error;
        const message = error instanceof Error ? error.message : String(error);
        const isNews = message !== status.failing?.message;
        status.failing = { since: status.failing?.since ?? now(), attempts: attempt, message };
        if (isNews && !signal.aborted) log(`Cannot insert, will try again: ${message}`);
        const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
        // Rejects when stopped, which the loop's condition tells as well.
        await wait(delayMs, signal).catch(() => undefined);
      }
    }
    return undefined;
  }

  async function store(chunk: Chunk, batch: Batch, isResumed: boolean): Promise<void> {
    const startedAt = now();
    const isDoubtful = chunk.segment <= spool.doubtfulUpTo;
    const result = await insist(async (attempt, lastError) => {
      const isRepeated = isResumed || attempt > 1;
      const stored = await storeBatch(batch, {
        storage,
        isRepeated,
        isDoubtful,
        attempt,
        lastError,
        signal: cuttingOff.signal,
        onStep,
      });
      await writeDeadLetters(batch.batchId, stored);
      await onStep('dead_letters_written');
      await spool.drain.finish(chunk);
      return stored;
    });
    if (!result) return;
    count(batch, result);
    status.lastBatchMs = now() - startedAt;
    await onStep('finished');
  }

  async function writeDeadLetters(batchId: string, { refused }: Stored): Promise<void> {
    if (refused.length === 0) return;
    log(
      `ClickHouse refused ${refused.length} rows of batch ${batchId}: they lie in the spool's dead letters`,
    );
    const letters = refused.map(({ row, error }) => ({ at: now(), error, row: toEventRow(row.line) }));
    await spool.deadLetters.write(batchId, letters);
  }

  function count(batch: Batch, { stored, duplicates, refused }: Stored): void {
    status.batches += 1;
    status.rows += batch.rows.length + batch.repeats.length;
    for (const [siteId, rows] of countBySite(stored)) counters.store(siteId, rows);
    for (const [siteId, rows] of countBySite(duplicates)) counters.drop(siteId, 'duplicate', rows);
    for (const [siteId, rows] of countBySite(refused.map(({ row }) => row)))
      counters.drop(siteId, 'dead_letter', rows);
  }

  function countCorrupt(): void {
    const corruptRows = spool.drain.corruptRows();
    if (corruptRows > corruptRowsCounted) counters.drop('', 'corrupt', corruptRows - corruptRowsCounted);
    corruptRowsCounted = corruptRows;
  }

  async function resume(): Promise<void> {
    const { unfinished } = spool;
    if (!unfinished) return;
    const chunk = await insist(() => spool.drain.again(unfinished));
    if (chunk) await store(chunk, toBatch(chunk, unfinished.batchId), true);
  }

  /** Stores the next batch: `full` if more is likely to wait already. */
  async function storeNext(): Promise<'none' | 'some' | 'full'> {
    const chunk = await insist(() => spool.drain.next(limits));
    countCorrupt();
    if (!chunk || signal.aborted) return 'none';
    const batchId = createBatchId(now());
    const begun = await insist(async () => {
      await spool.drain.begin(chunk, batchId);
      return true;
    });
    if (!begun) return 'none';
    await onStep('begun');
    const batch = toBatch(chunk, batchId);
    await store(chunk, batch, false);
    const isFull = chunk.to - chunk.from > limits.chunkBytes / 2 || batch.rows.length > limits.chunkRows / 2;
    return isFull ? 'full' : 'some';
  }

  /** Rows that the operator wants tried again go through the spool once more: their ids keep them from doubling. */
  async function replay(): Promise<void> {
    if (now() - replayedAt < IDLE_MS) return;
    replayedAt = now();
    try {
      for (const name of await spool.deadLetters.toReplay()) {
        const letters = await spool.deadLetters.read(name);
        await spool.append(letters.map((letter) => letter.row));
        await spool.deadLetters.forget(name);
        log(`${letters.length} dead letters of ${name} are tried again`);
      }
    } catch (error) {
      // What is asked for stays asked for: the next look tries again.
      log(`Dead letters could not be replayed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async function run(): Promise<void> {
    await resume();
    for (let idleLooks = 0; !signal.aborted; ) {
      await replay();
      const found = await storeNext();
      if (found !== 'none') {
        idleLooks = 0;
        // Larger batches are cheaper: let rows gather, unless more than enough wait already.
        if (found === 'some') await wait(gatherMs, signal).catch(() => undefined);
        continue;
      }
      const isWoken = await waitForCommit();
      idleLooks = isWoken ? 0 : idleLooks + 1;
      if (isWoken) await wait(gatherMs, signal).catch(() => undefined);
      else if (idleLooks === SWEEP_AFTER_LOOKS) await insist(() => spool.drain.sweep());
    }
  }

  async function waitForCommit(): Promise<boolean> {
    const patience = new AbortController();
    const idle = wait(IDLE_MS, patience.signal).then(
      () => false,
      () => false,
    );
    const isWoken = await Promise.race([spool.drain.committed().then(() => true), idle]);
    patience.abort();
    return isWoken;
  }

  const running = run().catch((error) =>
    log(`The inserter has ended: ${error instanceof Error ? error.stack : error}`),
  );
  return {
    status: () => ({ ...status }),
    async stop() {
      stopping.abort();
      spool.drain.wake();
      const patience = setTimeout(() => cuttingOff.abort(), STOP_PATIENCE_MS);
      await running;
      clearTimeout(patience);
    },
  };
}

function countBySite(rows: readonly BatchRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { siteId } of rows) counts.set(siteId, (counts.get(siteId) ?? 0) + 1);
  return counts;
}

async function waitReally(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false });
}
