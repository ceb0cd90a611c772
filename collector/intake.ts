/** The way of an event through this process: doors, spool, inserter, and who watches over them. */
import type { Alerts } from './alerts.ts';
import { watchForTrouble } from './alerts.ts';
import type { Config } from './config.ts';
import { type Counters, createCounters } from './counters.ts';
import type { DataDirectory } from './data-directory.ts';
import { type Inserter, type InserterStatus, startInserter } from './insert.ts';
import type { Keys } from './keys.ts';
import type { Log } from './log.ts';
import { openWorld } from './open-world.ts';
import type { RecentDrops } from './recent-drops.ts';
import { type DropRecorder, recordDrops } from './record-drops.ts';
import { keepRetention, type Retention } from './retention.ts';
import { openDisk } from './spool/disk.ts';
import { openSpool, type Spool } from './spool/spool.ts';
import type { Storage } from './storage/storage.ts';
import { tellTrouble } from './webhook.ts';
import type { World } from './world.ts';

export type Intake = {
  /** For the doors. */
  world: World;
  spool: Pick<Spool, 'status'>;
  counters: Counters;
  keys: Keys;
  /** What was not stored lately, for the live view. */
  recentDrops: Pick<RecentDrops, 'read'>;
  alerts: Alerts;
  inserter: () => InserterStatus;
  /** After a site was changed in this process: the doors act on it at once. */
  refreshSites: () => Promise<void>;
  /** To be called once the tables are there: until then events gather in the spool. */
  startInserting(): Promise<void>;
  /** Never throws. */
  close(): Promise<void>;
};

export type IntakeOptions = {
  config: Config;
  directory: DataDirectory;
  storage: Storage;
  publicUrl: string;
  now: () => number;
  log: Log;
};

// Under load an event waits so much longer for its 202, and the disk syncs a third as often.
const COMMIT_PAUSE_MS = 3;

export async function openIntake({
  config,
  directory,
  storage,
  publicUrl,
  now,
  log,
}: IntakeOptions): Promise<Intake> {
  const warn = (message: string) => log('warn', message);
  const disk = await openDisk(directory.spool);
  const spool = await openSpool({
    disk,
    now,
    maxBytes: config.spoolMaxBytes,
    commitPauseMs: COMMIT_PAUSE_MS,
    log: warn,
  });
  const doors = await openWorld({
    storage,
    spool,
    createCounters,
    now,
    log: (message, error) => log('error', message, error),
    dataDirectory: directory.path,
    saltsDirectory: config.saltsDirectory,
    trustedProxies: config.trustedProxies,
    countryDatabase: config.countryDatabase,
    eventsPerAddress: config.eventsPerAddress,
    eventsPerSite: config.eventsPerSite,
  });
  const openedAt = now();
  const waiting = { since: openedAt, attempts: 0, message: 'The database has not been reached yet' };
  let inserter: Inserter | undefined;
  let drops: DropRecorder | undefined;
  let retention: Retention | undefined;
  const status = (): InserterStatus =>
    inserter?.status() ?? { batches: 0, rows: 0, lastBatchMs: 0, failing: waiting };
  const tell = tellTrouble(config.webhook, publicUrl, log);
  const alerts = watchForTrouble({ spool: spool.status, inserter: status, storage, now, tell });

  return {
    world: doors.world,
    refreshSites: doors.sites.refresh,
    spool,
    counters: doors.counters,
    keys: doors.keys,
    recentDrops: doors.recentDrops,
    alerts,
    inserter: status,
    async startInserting() {
      await doors.sites.refresh();
      // What the last run left, dead letters above all, is told at once.
      void alerts.look();
      retention ??= keepRetention({ storage, sites: doors.sites, now, log: warn });
      drops ??= recordDrops({ counters: doors.counters, storage, now });
      const { counters, recentDrops } = doors;
      const isShared = config.clickHouse !== undefined;
      inserter ??= startInserter({ spool, storage, isShared, counters, recentDrops, now, log: warn });
    },
    async close() {
      alerts.stop();
      await inserter?.stop();
      retention?.close();
      await drops?.close();
      doors.close();
      await spool.close();
    },
  };
}
