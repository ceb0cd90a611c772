import { setTimeout as pause } from 'node:timers/promises';
import { createBatchId, toBatch } from './insert/batch.ts';
import { type BatchStoreOptions, createBatchStore, type Prepared } from './insert/batch-store.ts';
import { createInsistence, type Failing } from './insert/insist.ts';
import { lookAgain, readAhead } from './insert/read-ahead.ts';
import { replayDeadLetters } from './insert/replay.ts';
import { isRungWithin } from './spool/commit-bell.ts';
import type { Limits } from './spool/read-chunk.ts';

/**
 * Takes rows out of the spool, batch by batch and one at a time, and brings each into ClickHouse once. Several collectors
 * may write to one ClickHouse: `isShared` then makes them agree on who stores an id that came to two of them.
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
  /** undefined while all is well. */
  failing: Failing | undefined;
};

export type InserterOptions = BatchStoreOptions & {
  /** Waits; tests pass their own. Rejects when aborted. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long rows gather before they are inserted. An event is in the reports this much, and an insert, after its 202. */
  gatherMs?: number;
  limits?: Limits;
};

const GATHER_MS = 250;
const LONGEST_GATHER_MS = 500;
const LIMITS: Limits = { chunkBytes: 32 * 1024 * 1024, chunkRows: 40_000 };
const IDLE_MS = 2_000;
/** What another collector is about to store is there by then, nearly always. */
const AWAIT_MS = 500;
const STOP_PATIENCE_MS = 3_000;
/** After so many idle looks, a segment that is read to its end goes. */
const SWEEP_AFTER_LOOKS = 15;

export function startInserter(options: InserterOptions): Inserter {
  const { spool, storage, now, gatherMs = GATHER_MS, limits = LIMITS } = options;
  const { wait = waitReally, onStep = () => undefined, log = () => undefined } = options;
  const stopping = new AbortController();
  const cuttingOff = new AbortController();
  const { signal } = stopping;
  const { insist, failing } = createInsistence({ now, wait, signal, log });
  const store = createBatchStore(options, insist, cuttingOff.signal);
  /** Read while the batch before it was inserted. */
  let ahead: Prepared | undefined;
  let replayedAt = Number.NEGATIVE_INFINITY;

  async function prepareNext(): Promise<Prepared | undefined> {
    const chunk = await insist(() => spool.drain.next(limits));
    return chunk && { chunk, batch: toBatch(chunk, createBatchId(now())) };
  }

  /** Stores the next batch: `full` if more is likely to wait already. The one after that is read meanwhile. */
  async function storeNext(): Promise<'none' | 'some' | 'full'> {
    spool.bell.listen();
    const prepared = ahead ?? (await prepareNext());
    ahead = undefined;
    if (!prepared) return 'none';
    const { chunk, batch } = prepared;
    const isBegun = await insist(() => spool.drain.begin(chunk, batch.batchId).then(() => true));
    if (!isBegun) return 'none';
    await onStep('begun');
    const isFull = chunk.to - chunk.from > limits.chunkBytes / 2 || batch.rows.length > limits.chunkRows / 2;
    const reading = { spool, storage, now, limits, signal: cuttingOff.signal };
    const [awaited, next] = await Promise.all([
      store.store(prepared, false),
      isFull ? readAhead(chunk, reading) : undefined,
    ]);
    if (awaited > 0) await wait(AWAIT_MS, signal).catch(() => undefined);
    ahead = next && (await lookAgain(next, prepared, reading));
    return isFull ? 'full' : 'some';
  }

  async function replayNowAndThen(): Promise<void> {
    if (now() - replayedAt < IDLE_MS) return;
    replayedAt = now();
    await replayDeadLetters(spool, log);
  }

  async function run(): Promise<void> {
    await store.resume();
    for (let idleLooks = 0; !signal.aborted; ) {
      await replayNowAndThen();
      const found = await storeNext();
      const isIdle = found === 'none' && !signal.aborted && !(await isRungWithin(spool.bell, IDLE_MS, wait));
      idleLooks = isIdle ? idleLooks + 1 : 0;
      if (idleLooks === SWEEP_AFTER_LOOKS) await insist(() => spool.drain.sweep());
      // Larger batches are cheaper: let rows gather, unless more than enough wait already. Where the disk is slow, half of
      // its time at most is the inserter's: each 202 waits for that disk too.
      const restMs = Math.min(Math.max(gatherMs, store.totals().lastBatchMs), LONGEST_GATHER_MS);
      if (found !== 'full' && !isIdle) await wait(restMs, signal).catch(() => undefined);
    }
  }

  const running = run().catch((error) =>
    log(`The inserter has ended: ${error instanceof Error ? error.stack : error}`),
  );
  return {
    status: () => ({ ...store.totals(), failing: failing() }),
    async stop() {
      stopping.abort();
      spool.bell.ring();
      const patience = setTimeout(() => cuttingOff.abort(), STOP_PATIENCE_MS);
      await running;
      clearTimeout(patience);
      // Spares the others, and the next start, a wait. If it fails, they wait.
      await store.release(AbortSignal.timeout(STOP_PATIENCE_MS)).catch(() => undefined);
      // Spares the next start a look at what is stored. If it fails, that look is taken.
      await spool.drain.sweep().catch(() => undefined);
    },
  };
}

async function waitReally(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false });
}
