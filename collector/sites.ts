/**
 * The sites this collector takes events for, read from the `sites` table every few seconds, so that a changed setting
 * acts without a restart. A copy on disk lets the doors open while the database is away.
 */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { createAddressMatcher } from './enrich/address.ts';
import type { PlanFaultOf } from './plan.ts';
import { createPlan } from './plan.ts';
import type { SiteId } from './protocol.ts';
import { toSiteId } from './protocol.ts';
import type { SiteSettings } from './site-settings.ts';
import { toSettings } from './site-settings.ts';
import type { Storage } from './storage/storage.ts';

export type Site = {
  id: SiteId;
  isSample: boolean;
  timeZone: string;
  currency: string;
  settings: SiteSettings;
  isExcludedAddress: (address: string) => boolean;
  isExcludedPath: (path: string) => boolean;
  isAllowedHostname: (hostname: string) => boolean;
  planFaultOf: PlanFaultOf;
};

export interface Sites {
  /** What is known now; never waits. An unknown id asks for a look at the table, at most once a second. */
  find(siteId: string): Site | undefined;
  all(): Site[];
  /** Reads the table now: call it after a change in this process. Keeps what it has if the database is away. */
  refresh(): Promise<void>;
  close(): void;
}

export type SiteRow = {
  site_id: string;
  time_zone: string;
  currency: string;
  is_sample: boolean;
  settings: string;
};

export type SitesOptions = {
  storage: Pick<Storage, 'query'>;
  now: () => number;
  /** Where the copy lies; none is kept without it. */
  copyPath?: string;
  refreshEveryMs?: number;
};

const LOOK_AGAIN_MS = 1_000;
const QUERY = `SELECT site_id, time_zone, currency, is_sample, settings FROM sites FINAL WHERE NOT is_deleted ORDER BY site_id`;

/** Reads the copy, then the table; resolves once one of them has been tried. */
export async function createSites({
  storage,
  now,
  copyPath,
  refreshEveryMs = 3_000,
}: SitesOptions): Promise<Sites> {
  let sites = toSites(copyPath === undefined ? [] : readCopy(copyPath));
  let known = '';
  let lookedAt = 0;

  const refresh = async () => {
    lookedAt = now();
    const { rows } = await storage.query<SiteRow>(QUERY);
    const copy = JSON.stringify(rows);
    // What is parsed under a site's settings is cached by them: they stay the same objects while nothing changes.
    if (copy === known) return;
    sites = toSites(rows);
    if (copyPath !== undefined) {
      await writeFile(`${copyPath}.draft`, copy);
      await rename(`${copyPath}.draft`, copyPath);
    }
    known = copy;
  };
  // The database may be away for minutes: what is known goes on to hold.
  const refreshQuietly = () => refresh().catch(() => undefined);

  await refreshQuietly();
  const timer = setInterval(refreshQuietly, refreshEveryMs);
  timer.unref();

  return {
    find(siteId) {
      const site = sites.get(siteId);
      if (site === undefined && now() - lookedAt >= LOOK_AGAIN_MS) refreshQuietly();
      return site;
    },
    all: () => [...sites.values()],
    refresh,
    close: () => clearInterval(timer),
  };
}

function toSites(rows: readonly SiteRow[]): Map<string, Site> {
  return new Map(rows.flatMap((row) => toSite(row) ?? []).map((site) => [site.id, site]));
}

/** Undefined for an id that the wire does not allow. */
export function toSite(row: SiteRow): Site | undefined {
  const id = toSiteId(row.site_id);
  if (id === undefined) return undefined;
  const settings = toSettings(row.settings);
  return {
    id,
    isSample: row.is_sample,
    timeZone: row.time_zone,
    currency: row.currency,
    settings,
    isExcludedAddress: toAddressMatcher(settings.excludedAddresses),
    isExcludedPath: toTextMatcher(settings.excludedPaths),
    isAllowedHostname: toHostnameMatcher(settings.allowedHostnames),
    planFaultOf: createPlan(settings.plan),
  };
}

/** A range that cannot be read excludes nobody; the settings page refuses it when it is typed. */
function toAddressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const matchers = ranges.flatMap((range) => {
    try {
      return [createAddressMatcher([range])];
    } catch {
      return [];
    }
  });
  return (address) => matchers.some((isWithin) => isWithin(address));
}

/** `*` stands for any text. Not a regular expression: of a pattern with many stars, that could take for ever. */
function toTextMatcher(patterns: readonly string[]): (text: string) => boolean {
  const split = patterns.map((pattern) => pattern.split(/\*+/));
  return (text) => split.some((parts) => isMatch(text, parts));
}

/** Whether `parts` stand in `text` one after the other, the first at its start and the last at its end. */
function isMatch(text: string, parts: readonly string[]): boolean {
  const [first = '', ...between] = parts;
  const last = between.pop();
  if (last === undefined) return text === first;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of between) {
    const found = text.indexOf(part, from);
    if (found === -1 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

function toHostnameMatcher(patterns: readonly string[]): (hostname: string) => boolean {
  if (patterns.length === 0) return () => true;
  return (hostname) =>
    patterns.some((pattern) =>
      pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern,
    );
}

function readCopy(path: string): SiteRow[] {
  try {
    // Our own copy of the table's rows; toSite checks what matters.
    return JSON.parse(readFileSync(path, 'utf8')) as SiteRow[];
  } catch {
    // None yet, or torn by a crash: the table will tell.
    return [];
  }
}
