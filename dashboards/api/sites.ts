/** The sites that a principal may ask about: for the list of them, and as the reports need each. */
import { LRUCache } from 'lru-cache';
import { toSettings } from '../../collector/site-settings.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { toLocalDay } from '../reports/period/calendar.ts';
import type { ReportSite } from '../reports/run.ts';
import type { Principal } from './principal.ts';

/** What every page must know about a site. */
export type SiteAnswer = {
  site_id: string;
  name: string;
  time_zone: string;
  currency: string;
  is_sample: boolean;
  /** The first local day with an event; '' before any has arrived. */
  first_day: string;
};

type SiteRow = Omit<SiteAnswer, 'first_day'> & { settings: string };

/** Late events may move it back, and nothing but the period "all" would notice. */
const FIRST_DAY_MEMORY_MS = 60_000;

export type ReportSites = ReturnType<typeof createReportSites>;

export function createReportSites({ storage }: { storage: Pick<Storage, 'query'> }) {
  const firstTimes = new LRUCache<string, number>({ max: 1_000, ttl: FIRST_DAY_MEMORY_MS });

  async function firstDayOf({
    site_id: siteId,
    time_zone: timeZone,
  }: Omit<SiteRow, 'settings'>): Promise<string> {
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

  async function read(siteId: string): Promise<SiteRow[]> {
    return (await storage.query<SiteRow>(SITES, { parameters: { site_id: siteId } })).rows;
  }

  return {
    /** Those that may be seen, in order of their names; samples last. */
    async list({ siteId }: Principal): Promise<SiteAnswer[]> {
      const rows = await read(siteId ?? '');
      return Promise.all(
        rows.map(async ({ settings: _, ...answer }) => ({ ...answer, first_day: await firstDayOf(answer) })),
      );
    },

    /** Undefined for a site that is not there, or not theirs to see. */
    async find(siteId: string, principal: Principal): Promise<ReportSite | undefined> {
      if (siteId === '' || (principal.siteId !== undefined && principal.siteId !== siteId)) return undefined;
      const row = (await read(siteId))[0];
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

const SITES = `
SELECT site_id, name, time_zone, currency, is_sample, settings
FROM sites FINAL
WHERE NOT is_deleted AND ({site_id:String} = '' OR site_id = {site_id:String})
ORDER BY is_sample, name, site_id`;

const FIRST_TIME = `
SELECT toUnixTimestamp64Milli(min(time)) AS first_ms
FROM events
WHERE site_id = {site_id:String} AND toDate(time) = (
  SELECT toDate(time) FROM events WHERE site_id = {site_id:String} ORDER BY site_id, toDate(time) LIMIT 1
)`;
