/** Writes what the counters say of dropped events to their table, so that the data-quality report knows past days. */
import { randomUUID } from 'node:crypto';
import type { Counters } from './counters.ts';
import type { Storage } from './storage/storage.ts';

export interface DropRecorder {
  /** Writes what has been counted since the last time. Rejects with StorageError; nothing is lost by that. */
  flush(): Promise<void>;
  /** Writes the rest, if the database takes it. Never throws. */
  close(): Promise<void>;
}

export type DropRecorderOptions = {
  counters: Pick<Counters, 'read'>;
  storage: Pick<Storage, 'insert'>;
  now: () => number;
  flushEveryMs?: number;
};

type DropRow = { site_id: string; time: number; reason: string; events: number };

const QUARTER_SECONDS = 15 * 60;

export function recordDrops({
  counters,
  storage,
  now,
  flushEveryMs = 10_000,
}: DropRecorderOptions): DropRecorder {
  const written = new Map<string, number>();
  let unsent: { rows: DropRow[]; token: string } | undefined;
  let running: Promise<void> = Promise.resolve();

  const flush = async () => {
    // After an ambiguous answer the same rows go again with the same token: ClickHouse takes them once.
    unsent ??= collect(counters, written, now());
    if (unsent === undefined) return;
    const { rows, token } = unsent;
    await storage.insert('dropped_events', rows, { deduplicationToken: token });
    unsent = undefined;
  };
  // One after the other: two at a time would send the same rows.
  const flushInTurn = () => {
    running = running.then(flush, flush);
    return running;
  };

  const timer = setInterval(() => flushInTurn().catch(() => undefined), flushEveryMs);
  timer.unref();
  return {
    flush: flushInTurn,
    async close() {
      clearInterval(timer);
      await flushInTurn().catch(() => undefined);
    },
  };
}

/** What was counted since the last call, as rows of the present quarter of an hour; undefined if nothing was. */
function collect(
  counters: Pick<Counters, 'read'>,
  written: Map<string, number>,
  now: number,
): { rows: DropRow[]; token: string } | undefined {
  const seconds = Math.floor(now / 1_000);
  const time = seconds - (seconds % QUARTER_SECONDS);
  const rows: DropRow[] = [];
  for (const [siteId, { dropped }] of counters.read()) {
    for (const [reason, total] of Object.entries(dropped)) {
      const key = `${siteId}\n${reason}`;
      const events = total - (written.get(key) ?? 0);
      if (events === 0) continue;
      written.set(key, total);
      rows.push({ site_id: siteId, time, reason, events });
    }
  }
  return rows.length === 0 ? undefined : { rows, token: randomUUID() };
}
