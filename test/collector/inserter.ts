/** Collectors' back halves, each on a memory disk, and one real engine for all of a file's tests. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { createCounters } from '../../collector/counters.ts';
import { type Inserter, type InserterOptions, startInserter } from '../../collector/insert.ts';
import { createRecentDrops } from '../../collector/recent-drops.ts';
import type { EventRow } from '../../collector/row.ts';
import { type OpenSpool, openSpool } from '../../collector/spool/spool.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

/** To be called once at the top of a test file. */
export function withEngine() {
  let engine: TestEngine;
  const running: Inserter[] = [];
  beforeAll(async () => {
    engine = await startTestEngine();
  }, 60_000);
  afterAll(async () => {
    // Those that hang at a step, as if dead, never end.
    await Promise.race([Promise.all(running.map((inserter) => inserter.stop())), pause(3_000)]);
    await engine?.stop();
  }, 30_000);

  async function start(disk: MemoryDisk, options: Partial<InserterOptions> = {}) {
    const spool = await openSpool({ disk: disk.mount(), now: Date.now });
    const counters = createCounters();
    const recentDrops = createRecentDrops(Date.now);
    const inserter = startInserter({
      spool,
      storage: engine.storage,
      counters,
      recentDrops,
      now: Date.now,
      gatherMs: 1,
      wait: async (ms, signal) => {
        // Backoff and idling in fast motion, but never a busy loop.
        await new Promise((resume) => setTimeout(resume, Math.min(ms, 20)));
        signal.throwIfAborted();
      },
      ...options,
    });
    running.push(inserter);
    return { spool, counters, recentDrops, inserter };
  }

  async function countOf(siteId: string, table = 'events'): Promise<{ rows: number; ids: number }> {
    const { rows } = await engine.storage.query<{ rows: number; ids: number }>(
      `SELECT count() AS rows, uniqExact(event_id) AS ids FROM ${table === 'events' ? 'events' : 'event_ids'}
       WHERE site_id = {site:String}`,
      { parameters: { site: siteId } },
    );
    return rows[0] ?? { rows: -1, ids: -1 };
  }

  return { start, countOf, storage: () => engine.storage };
}

export async function until(isTrue: () => Promise<boolean> | boolean, timeoutMs = 45_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Still not so after ${timeoutMs} ms: ${isTrue}`);
    await new Promise((resume) => setTimeout(resume, 10));
  }
}

export const isDrained = (spool: OpenSpool) => async () =>
  (await spool.drain.next({ chunkBytes: 1000, chunkRows: 1 })) === undefined;

export function rowsOf(siteId: string, count: number, facts: Partial<EventRow> = {}): EventRow[] {
  return Array.from({ length: count }, () => eventRow({ site_id: siteId, ...facts }));
}
