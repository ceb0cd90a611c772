/** The site that a principal asks about, as the reports need it. */
import { LRUCache } from 'lru-cache';
import { toSettings } from '../../collector/site-settings.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { toLocalDay } from '../reports/period/calendar.ts';
import type { ReportSite } from '../reports/run.ts';
import type { Principal } from './principal.ts';

type SiteRow = { site_id: string; time_zone: string; currency: string; settings: string };

/** Late events may move it back, and nothing but the period "all" would notice. */
const FIRST_DAY_MEMORY_MS = 60_000;

export type ReportSites = ReturnType<typeof createReportSites>;

export function createReportSites({ storage }: { storage: Pick<Storage, 'query'> }) {
  const firstTimes = new LRUCache<string, number>({ max: 1_000, ttl: FIRST_DAY_MEMORY_MS });

  async function firstDayOf({ site_id: siteId, time_zone: timeZone }: SiteRow): Promise<string> {
    const known = firstTimes.get(siteId) ?? (await readFirstTime(siteId));
    if (known === 0) return '';
    firstTimes.set(siteId, known);
    return toLocalDay(known, timeZone);
  }

  /** 0 if there is no event. Reads the first day alone, for the table is in the order of days. */
  async function readFirstTime(siteId: string): Promise<number> {
    const { rows } = await storage.query<{ first_ms: number }>(FIRST_TIME, {
      parameters: { site_id: siteId },
    });
    return rows[0]?.first_ms ?? 0;
  }

  return {
    /** Undefined for a site that is not there, or not theirs to see. */
    async find(siteId: string, principal: Principal): Promise<ReportSite | undefined> {
      if (principal.siteId !== undefined && principal.siteId !== siteId) return undefined;
      const row = (await storage.query<SiteRow>(SITE, { parameters: { site_id: siteId } })).rows[0];
      if (!row) return undefined;
      return {
        siteId,
        timeZone: row.time_zone,
        currency: row.currency,
        countsTests: toSettings(row.settings).countTestEvents,
        firstDay: await firstDayOf(row),
      };
    },
  };
}

const SITE = `
SELECT site_id, time_zone, currency, settings
FROM sites FINAL
WHERE NOT is_deleted AND site_id = {site_id:String}`;

const FIRST_TIME = `
SELECT toUnixTimestamp64Milli(min(time)) AS first_ms
FROM events
WHERE site_id = {site_id:String} AND toDate(time) = (
  SELECT toDate(time) FROM events WHERE site_id = {site_id:String} ORDER BY site_id, toDate(time) LIMIT 1
)`;
