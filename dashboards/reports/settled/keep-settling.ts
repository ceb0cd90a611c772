/** Settles days in the background: once they are over, and again when late events have changed them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Storage } from '../../../collector/storage/storage.ts';
import { addDays, startOfDay, toLocalDay } from '../period/calendar.ts';
import { type DayToSettle, settle } from './settle.ts';
import { readSettledDays } from './settled-days.ts';

export type SettlingOptions = {
  storage: Pick<Storage, 'query' | 'command'>;
  now: () => number;
  log: (message: string) => void;
  /** How long nothing must have been inserted for a day. Longer than an insert lasts, whose rows come before they show. */
  quietMs?: number;
  /** Of a day with fewer, sessions are derived as fast as they are read. */
  leastEvents?: number;
};

export interface Settling {
  /** Settles what is due, newest first. Rejects with StorageError. */
  settleAll(): Promise<void>;
  /** What is under way may be cut off: it is done again after the next start. */
  close(): void;
}

const EVERY_MS = 30_000;
const QUIET_MS = 60_000;
const LEAST_EVENTS = 2_000;
/** A day is settled again only after so many times as long as it took: late events may trickle in for hours. */
const REST_FACTOR = 30;

export function keepSettling(options: SettlingOptions): Settling {
  const { storage, now, log } = options;
  const restUntil = new Map<string, number>();
  let isClosed = false;
  let last: Promise<void> = Promise.resolve();

  /** Two at once would store the same days twice. */
  function settleAll(): Promise<void> {
    const turn = last.then(settleDue);
    last = turn.catch(() => {});
    return turn;
  }

  async function settleDue(): Promise<void> {
    for (const site of await readSites(storage)) {
      for (const day of await readDue(options, site)) {
        const key = `${day.siteId} ${day.day}`;
        if (isClosed) return;
        if ((restUntil.get(key) ?? 0) > now()) continue;
        const startedAt = now();
        await settle(storage, day, startedAt);
        const tookMs = now() - startedAt;
        restUntil.set(key, now() + tookMs * REST_FACTOR);
        // Half of one processor at most: there are events to take in and reports to answer.
        await pause(tookMs);
      }
    }
    await dropUnused(storage, now());
  }

  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(() => {
      settleAll()
        .catch((error: unknown) => {
          if (!isClosed) log(`Days could not be settled, reports are slower for it: ${error}`);
        })
        .finally(() => isClosed || next());
    }, EVERY_MS);
    timer.unref();
  };
  next();
  return {
    settleAll,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

type Site = { site_id: string; time_zone: string };

async function readSites(storage: Pick<Storage, 'query'>): Promise<Site[]> {
  const { rows } = await storage.query<Site>(
    'SELECT site_id, time_zone FROM sites FINAL WHERE NOT is_deleted ORDER BY site_id',
  );
  return rows;
}

type QuarterRow = { quarter_ms: number; events: number; last_ms: number };

/** Days that are over and quiet, and not settled as they are now. */
async function readDue(
  { storage, now, quietMs = QUIET_MS, leastEvents = LEAST_EVENTS }: SettlingOptions,
  { site_id: siteId, time_zone: timeZone }: Site,
): Promise<DayToSettle[]> {
  const { rows } = await storage.query<QuarterRow>(QUARTERS, { parameters: { site_id: siteId } });
  const settled = new Set((await readSettledDays(storage, siteId, timeZone)).map(({ day }) => day));
  const days = new Map<string, DayToSettle & { lastMs: number }>();
  for (const { quarter_ms: quarterMs, events, last_ms: lastMs } of rows) {
    const day = toLocalDay(quarterMs, timeZone);
    const known = days.get(day);
    if (known) {
      known.events += events;
      known.lastMs = Math.max(known.lastMs, lastMs);
    } else {
      const [fromMs, toMs] = [startOfDay(day, timeZone), startOfDay(addDays(day, 1), timeZone)];
      days.set(day, { siteId, day, fromMs, toMs, events, lastMs });
    }
  }
  const isDue = (one: DayToSettle & { lastMs: number }) =>
    one.toMs <= now() && one.lastMs + quietMs <= now() && one.events >= leastEvents && !settled.has(one.day);
  return [...days.values()].filter(isDue).sort((a, b) => b.fromMs - a.fromMs);
}

const QUARTERS = `
SELECT
  toUnixTimestamp(quarter) * 1000 AS quarter_ms, sum(events) AS events, max(toUnixTimestamp64Milli(last_insert)) AS last_ms
FROM event_sums
WHERE site_id = {site_id:String}
GROUP BY quarter
ORDER BY quarter`;

/** Longer than any settling or report lasts: rows of one that is under way are not named yet, or still read. */
const KEEP_UNUSED_MS = 6 * 3_600_000;

/** Deletes versions that no reader asks for any more. A deletion rewrites what it touches, so it has to find some. */
async function dropUnused(storage: Pick<Storage, 'query' | 'command'>, nowMs: number): Promise<void> {
  const before = (nowMs - KEEP_UNUSED_MS) * 1_000;
  for (const table of ['settled_sessions', 'settled_edges', 'settled_visitors']) {
    const { rows } = await storage.query<{ unused: string }>(UNUSED, { parameters: { table, before } });
    if (rows.length === 0) continue;
    await storage.command('ALTER TABLE {table:Identifier} DELETE WHERE version IN {versions:Array(UInt64)}', {
      parameters: { table, versions: rows.map(({ unused }) => unused) },
    });
  }
}

const UNUSED = `
SELECT DISTINCT toString(version) AS unused FROM {table:Identifier}
WHERE version < {before:UInt64}
  AND version NOT IN (SELECT argMax(version, settled_time) FROM settled_days GROUP BY site_id, day)`;
