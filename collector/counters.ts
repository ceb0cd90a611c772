/**
 * Why an event that reached the collector is not in `events`. Closed on purpose: each reason is a counter that the
 * operator sees per site, under '' where no site of ours is named. `unplanned`: the site's tracking plan does not know
 * it. `unauthorized`: without a key that opens the site. `unavailable`: answered 503, a careful sender tries again.
 * `duplicate`: its id was stored before. `dead_letter`: ClickHouse refused the row, it lies in the spool's dead letters.
 * `corrupt`: the disk gave back other bytes than were written. `bot` is not a counter here: what bots send is stored
 * and marked, reports leave it out.
 */
export const DROP_REASONS = [
  'malformed',
  'policy',
  'unplanned',
  'bot',
  'unknown_site',
  'unauthorized',
  'rate_limited',
  'unavailable',
  'duplicate',
  'dead_letter',
  'corrupt',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/** What became of one site's events since this process started. */
export type SiteCounts = {
  /** Acknowledged with 202, so on disk. */
  accepted: number;
  /** Seen in `events`. */
  stored: number;
  dropped: Partial<Record<DropReason, number>>;
};

export interface Counters {
  accept(siteId: string, events: number): void;
  store(siteId: string, events: number): void;
  drop(siteId: string, reason: DropReason, events: number): void;
  /** One entry per site that has counts; a copy, safe to keep. */
  read(): Map<string, SiteCounts>;
}

/** Counts in memory. `isKnownSite` bounds the number of entries: an id a stranger makes up counts under ''. */
export function createCounters(isKnownSite: (siteId: string) => boolean = () => true): Counters {
  const sites = new Map<string, SiteCounts>();

  const countsOf = (siteId: string): SiteCounts => {
    const key = isKnownSite(siteId) ? siteId : '';
    const found = sites.get(key);
    if (found) return found;
    const fresh: SiteCounts = { accepted: 0, stored: 0, dropped: {} };
    sites.set(key, fresh);
    return fresh;
  };

  return {
    accept(siteId, events) {
      countsOf(siteId).accepted += events;
    },
    store(siteId, events) {
      countsOf(siteId).stored += events;
    },
    drop(siteId, reason, events) {
      const { dropped } = countsOf(siteId);
      dropped[reason] = (dropped[reason] ?? 0) + events;
    },
    read: () =>
      new Map([...sites].map(([siteId, counts]) => [siteId, { ...counts, dropped: { ...counts.dropped } }])),
  };
}
