/** Deletes a site's events when they are older than the site keeps them. */
import { DAY_MS, dayOf } from './salts.ts';
import type { Sites } from './sites.ts';
import type { Storage } from './storage/storage.ts';

export interface Retention {
  /** Resolves once what is too old is gone from every answer. Rejects with StorageError. */
  enforce(): Promise<void>;
  close(): void;
}

export type RetentionOptions = {
  storage: Pick<Storage, 'query' | 'command'>;
  sites: Pick<Sites, 'all'>;
  now: () => number;
  log: (message: string) => void;
};

const EVERY_MS = 6 * 3_600_000;

/** Looks for them every six hours, first after `firstMs`. Whole UTC days go: day 31 of thirty goes when it is over. */
export function keepRetention({ storage, sites, now, log }: RetentionOptions, firstMs = 60_000): Retention {
  const enforce = async () => {
    for (const { id, settings } of sites.all()) {
      if (settings.retentionDays === 0) continue;
      const before = (dayOf(now()) - settings.retentionDays) * DAY_MS;
      const parameters = { site: id, before };
      const { rows } = await storage.query<{ old: number }>(COUNT_OLD, { parameters });
      // A deletion rewrites the parts it touches, also if it finds nothing.
      if (!rows[0]?.old) continue;
      for (const [table, time] of MADE_OF_EVENTS) {
        await storage.command(DELETE_OLD, {
          parameters: { ...parameters, table, time },
          settings: { mutations_sync: 2 },
        });
      }
      for (const deletion of FORGET_THE_GONE)
        await storage.command(deletion, { parameters, settings: { mutations_sync: 2 } });
    }
  };
  const enforceQuietly = () =>
    enforce().catch((error: unknown) => log(`Events past their retention could not be deleted: ${error}`));

  const first = setTimeout(enforceQuietly, firstMs);
  const timer = setInterval(enforceQuietly, EVERY_MS);
  first.unref();
  timer.unref();
  return {
    enforce,
    close() {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}

const COUNT_OLD = `
SELECT toUInt32(count() > 0) AS old FROM events
WHERE site_id = {site:String} AND time < fromUnixTimestamp64Milli({before:Int64}, 'UTC')`;
const DELETE_OLD = `
ALTER TABLE {table:Identifier}
DELETE WHERE site_id = {site:String} AND {time:Identifier} < fromUnixTimestamp64Milli({before:Int64}, 'UTC')`;

/** The sums first: from then on no report takes the settled days for what they were. Each with its column of time. */
const MADE_OF_EVENTS = [
  ['event_sums', 'quarter'],
  ['events', 'time'],
  ['settled_days', 'from_time'],
  ['settled_sessions', 'start_time'],
  ['settled_edges', 'time'],
  ['settled_visitors', 'from_time'],
] as const;

/**
 * What was made of the events goes with the last event of its visitor, user or order. Not before: who was named a year
 * ago and still comes is still that user.
 */
const FORGET_THE_GONE = [
  ['identity_moments', 'visitor_id'],
  ['visitor_users', 'visitor_id'],
  ['visitor_links', 'visitor_id'],
  ['user_aliases', 'user_id'],
  ['orders', 'order_id'],
].map(
  ([table, key]) => `
ALTER TABLE ${table} DELETE
WHERE site_id = {site:String} AND ${key} NOT IN (SELECT ${key} FROM events WHERE site_id = {site:String})`,
);
