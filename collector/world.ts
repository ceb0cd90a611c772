import type { Counters } from './counters.ts';
import type { Agent, AgentHeaders } from './enrich/agent.ts';
import type { AcquisitionOf } from './enrich/channel.ts';
import type { PlaceOf } from './enrich/country.ts';
import type { PageOf } from './enrich/page-url.ts';
import type { ReferrerOf } from './enrich/referrer.ts';
import type { Visits } from './enrich/visits.ts';
import type { DoorKey } from './keys.ts';
import type { RateLimit } from './rate-limit.ts';
import type { RecentDrops } from './recent-drops.ts';
import type { EventRow } from './row.ts';
import type { Salts } from './salts.ts';
import type { Sites } from './sites.ts';

/** What the doors need from the world. main.ts passes the real ones, tests pass theirs. */
export type World = {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Resolves once the rows survive a crash; rejects with SpoolFull or SpoolUnavailable. */
  spool: { append(rows: readonly EventRow[]): Promise<void> };
  counters: Pick<Counters, 'accept' | 'drop'>;
  recentDrops: Pick<RecentDrops, 'note'>;
  sites: Pick<Sites, 'find'>;
  keys: { find(secret: string): Promise<DoorKey | undefined> };
  salts: Pick<Salts, 'of' | 'ofImported'>;
  visits: Visits;
  /** Apart, so that a year's import does not push out who is here now. */
  importedVisits: Visits;
  agentOf: (headers: AgentHeaders) => Agent;
  placeOf: PlaceOf;
  pageOf: PageOf;
  referrerOf: ReferrerOf;
  acquisitionOf: AcquisitionOf;
  rateLimit: RateLimit;
  /** Whether X-Forwarded-For may be believed from this address. */
  isTrustedProxy: (address: string) => boolean;
  /** For what should not happen. The message bears neither addresses nor secrets. */
  log: (message: string, error: unknown) => void;
};
