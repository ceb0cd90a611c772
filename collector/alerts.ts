/** What the operator must know without looking: trouble that will cost events if nobody acts. */
import type { InserterStatus } from './insert.ts';
import type { SpoolStatus } from './spool/spool.ts';
import type { Storage } from './storage/storage.ts';

/** Closed on purpose: each is a banner in the dashboard, and a message to the webhook when it begins and ends. */
export type AlertKind =
  | 'refusing_events'
  | 'database_away'
  | 'spool_old'
  | 'disk_low'
  | 'dead_letters'
  | 'site_silent';

export type Alert = {
  kind: AlertKind;
  /** For `site_silent`; '' for what concerns all sites. */
  siteId: string;
  /** One sentence: what is the matter and what to do. */
  message: string;
  /** The numbers in the message, for whoever says it in another language. */
  facts: AlertFacts;
  /** When it was first seen, in ms since the epoch. */
  since: number;
};

export type AlertFacts = { bytes?: number; maxBytes?: number; freeBytes?: number; waitedMs?: number };

export interface Alerts {
  /** What is the matter now, the gravest first. */
  current(): readonly Alert[];
  /** Looks once; called by itself every half minute. Never throws. */
  look(): Promise<void>;
  stop(): void;
}

export type AlertsWorld = {
  spool: () => SpoolStatus;
  inserter: () => InserterStatus;
  storage: Pick<Storage, 'query'>;
  now: () => number;
  /** Told of each alert as it begins and as it ends. Must not throw. */
  tell: (alert: Alert, state: 'begins' | 'ends') => void;
  lookEveryMs?: number;
};

type Finding = Omit<Alert, 'since'>;

const LOOK_EVERY_MS = 30_000;
const SILENCE_EVERY_MS = 5 * 60_000;
const DATABASE_PATIENCE_MS = 60_000;
const SPOOL_PATIENCE_MS = 2 * 60_000;
const DISK_LOW_BYTES = 1_000_000_000;

export function watchForTrouble(world: AlertsWorld): Alerts {
  const alerts = new Map<string, Alert>();
  let silence: Finding[] = [];
  let silenceAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    if (world.now() - silenceAt >= SILENCE_EVERY_MS) {
      silenceAt = world.now();
      // While the database is away nobody can tell; that it is away is an alert of its own.
      silence = await findSilentSites(world).catch(() => []);
    }
    settle([...findPressing(world), ...silence]);
  }

  function settle(findings: readonly Finding[]): void {
    const now = new Map(findings.map((finding) => [`${finding.kind} ${finding.siteId}`, finding]));
    for (const [key, alert] of alerts) {
      if (now.has(key)) continue;
      alerts.delete(key);
      world.tell(alert, 'ends');
    }
    for (const [key, finding] of now) {
      const known = alerts.get(key);
      const alert = { ...finding, since: known?.since ?? world.now() };
      alerts.set(key, alert);
      if (!known) world.tell(alert, 'begins');
    }
  }

  const timer = setInterval(look, world.lookEveryMs ?? LOOK_EVERY_MS);
  timer.unref();
  return { current: () => [...alerts.values()], look, stop: () => clearInterval(timer) };
}

function findPressing({ spool, inserter, now }: AlertsWorld): Finding[] {
  const status = spool();
  const { failing } = inserter();
  const waitedMs = failing ? now() - failing.since : 0;
  const found: (Finding | false)[] = [
    !status.isReady &&
      about(
        'refusing_events',
        `New events are refused: the spool holds ${gigabytes(status.bytes)} of ${gigabytes(status.maxBytes)} and the disk has ${gigabytes(status.freeBytes)} left. Browsers keep theirs and try again; make room or bring the database back.`,
        { bytes: status.bytes, maxBytes: status.maxBytes, freeBytes: status.freeBytes },
      ),
    waitedMs > DATABASE_PATIENCE_MS &&
      about(
        'database_away',
        `The database has taken nothing for ${minutes(waitedMs)}. Events wait safely in the spool; see /health and the log for the reason.`,
        { waitedMs },
      ),
    waitedMs <= DATABASE_PATIENCE_MS &&
      status.oldestAgeMs > SPOOL_PATIENCE_MS &&
      about(
        'spool_old',
        `Events have waited ${minutes(status.oldestAgeMs)} for the database: it does not keep up.`,
        { waitedMs: status.oldestAgeMs },
      ),
    status.freeBytes < DISK_LOW_BYTES &&
      about(
        'disk_low',
        `The disk of the data directory has ${gigabytes(status.freeBytes)} left: make room before new events are refused.`,
        { freeBytes: status.freeBytes },
      ),
    status.deadLetterFiles > 0 &&
      about(
        'dead_letters',
        `ClickHouse refused some events; they are kept. \`npm run spool -- dead list\` shows why, \`npm run spool -- dead replay\` tries again.`,
      ),
  ];
  return found.filter((finding) => finding !== false);
}

function about(kind: AlertKind, message: string, facts: AlertFacts = {}, siteId = ''): Finding {
  return { kind, message, facts, siteId };
}

/**
 * Sites without one event in the last hour that had at least 20 in that same hour on each of the three days before:
 * nights and week-ends that are always quiet do not count as silence. Sample sites are silent by nature.
 */
const SILENT_SITES = `
WITH fromUnixTimestamp64Milli({now:Int64}) AS at
SELECT site_id
FROM events
WHERE time > at - INTERVAL 73 HOUR AND toDate(time) >= toDate(at - INTERVAL 73 HOUR) AND time <= at AND NOT is_bot
  AND site_id NOT IN (SELECT site_id FROM sites FINAL WHERE is_sample OR is_deleted)
GROUP BY site_id
HAVING countIf(time > at - INTERVAL 1 HOUR) = 0
  AND countIf(time > at - INTERVAL 25 HOUR AND time <= at - INTERVAL 24 HOUR) >= 20
  AND countIf(time > at - INTERVAL 49 HOUR AND time <= at - INTERVAL 48 HOUR) >= 20
  AND countIf(time > at - INTERVAL 73 HOUR AND time <= at - INTERVAL 72 HOUR) >= 20
ORDER BY site_id`;

async function findSilentSites({ storage, now }: AlertsWorld): Promise<Finding[]> {
  const { rows } = await storage.query<{ site_id: string }>(SILENT_SITES, { parameters: { now: now() } });
  return rows.map(({ site_id: siteId }) =>
    about(
      'site_silent',
      `${siteId} has sent nothing for an hour, and is busy at this time on other days: is the tag still in its pages?`,
      {},
      siteId,
    ),
  );
}

function minutes(ms: number): string {
  const count = Math.round(ms / 60_000);
  return count === 1 ? '1 minute' : `${count} minutes`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
