/** Puts together what the doors need, from what main.ts has opened. */
import { join } from 'node:path';
import type { Counters } from './counters.ts';
import { createAddressMatcher } from './enrich/address.ts';
import { createAgentOf } from './enrich/agent.ts';
import { createAcquisitionOf } from './enrich/channel.ts';
import { createPlaceOf } from './enrich/country.ts';
import { createPageOf } from './enrich/page-url.ts';
import { createReferrerOf } from './enrich/referrer.ts';
import { createVisits } from './enrich/visits.ts';
import { createKeys, type Keys } from './keys.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRecentDrops, type RecentDrops } from './recent-drops.ts';
import { createSalts } from './salts.ts';
import { seedVisits } from './seed-visits.ts';
import type { Sites } from './sites.ts';
import { createSites } from './sites.ts';
import type { Storage } from './storage/storage.ts';
import type { World } from './world.ts';

export type WorldOptions = {
  storage: Storage;
  spool: World['spool'];
  /** Called with the site registry, so that a stranger's made-up site ids do not grow the counters. */
  createCounters: (isKnownSite: (siteId: string) => boolean) => Counters;
  now: () => number;
  log: World['log'];
  /** For `salts/` (left out of backups) and the copy of the sites. */
  dataDirectory: string;
  /** Several collectors share one, so that a visitor is the same to all of them. */
  saltsDirectory?: string | undefined;
  trustedProxies: readonly string[];
  countryDatabase?: string | undefined;
  /** Events per second; ten times as many at once. 0: no limit. */
  eventsPerAddress: number;
  eventsPerSite: number;
};

export type OpenWorld = {
  world: World;
  sites: Sites;
  counters: Counters;
  recentDrops: RecentDrops;
  keys: Keys;
  close(): void;
};

const PRUNE_EVERY_MS = 10 * 60_000;

/** Rejects if the country database cannot be read or a proxy's range is none. */
export async function openWorld(options: WorldOptions): Promise<OpenWorld> {
  const { storage, now, log, dataDirectory, eventsPerAddress, eventsPerSite } = options;
  const sites = await createSites({ storage, now, copyPath: join(dataDirectory, 'sites.json') });
  const counters = options.createCounters((siteId) => sites.find(siteId) !== undefined);
  const keys = createKeys({ storage, now });
  const recentDrops = createRecentDrops(now);
  const salts = createSalts(options.saltsDirectory ?? join(dataDirectory, 'salts'), now);
  const visits = createVisits();
  seedVisits(storage, visits, now()).catch((error: unknown) => log('No visits known from before', error));
  const pruning = setInterval(() => prune(salts.prune, log), PRUNE_EVERY_MS);
  pruning.unref();
  const world: World = {
    now,
    spool: options.spool,
    counters,
    recentDrops,
    sites,
    keys,
    salts,
    visits,
    importedVisits: createVisits(),
    agentOf: createAgentOf(),
    pageOf: createPageOf(),
    referrerOf: createReferrerOf(),
    acquisitionOf: createAcquisitionOf(),
    placeOf: createPlaceOf(options.countryDatabase),
    rateLimit: createRateLimit({ now, perAddress: eventsPerAddress, perSite: eventsPerSite }),
    isTrustedProxy: createAddressMatcher(options.trustedProxies),
    log,
  };
  const close = () => {
    clearInterval(pruning);
    sites.close();
  };
  return { world, sites, counters, recentDrops, keys, close };
}

function prune(pruneSalts: () => void, log: World['log']): void {
  try {
    pruneSalts();
  } catch (error) {
    // The disk may refuse now and not in ten minutes.
    log('Old salts could not be removed', error);
  }
}
