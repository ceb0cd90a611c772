/** The latest events of each site that were not stored, for whoever watches it live. In memory alone, this process's own. */
import { LRUCache } from 'lru-cache';
import type { DropReason } from './counters.ts';
import { type Glimpse, showable, toGlimpse } from './glimpse.ts';

/** As the live stream tells it. No address is in it. */
export type RecentDrop = Glimpse & {
  /** Unique, also over restarts. */
  drop_id: string;
  /** When, by the collector's clock, in ms since the epoch. */
  dropped_ms: number;
  reason: DropReason;
  /** How many it stands for: more than one where nothing is known of each. */
  events: number;
  /** The sender's own; the table's (a UUID) for what was found out behind the door; '' if it is not known. */
  event_id: string;
  /** One sentence, where possible the one that the sender was told. */
  message: string;
};

/** `sent` is what arrived, in whatever shape. */
export type NotedDrop = {
  reason: DropReason;
  message: string;
  events?: number;
  eventId?: string | undefined;
  sent?: unknown;
};

export interface RecentDrops {
  /** Never throws. */
  note(siteId: string, drops: readonly NotedDrop[]): void;
  /** The oldest first; empty for a site that lost nothing lately. A copy. */
  read(siteId: string): RecentDrop[];
}

const KEPT_PER_SITE = 100;
const MOST_SITES = 50;

/** Takes at most 100 drops of 50 sites, some 5 MB, whatever comes. */
export function createRecentDrops(now: () => number): RecentDrops {
  const rings = new LRUCache<string, RecentDrop[]>({ max: MOST_SITES });
  const openedAt = now().toString(36);
  let noted = 0;

  const toDrop = ({ reason, message, events = 1, eventId = '', sent }: NotedDrop): RecentDrop => {
    noted += 1;
    return {
      drop_id: `${openedAt}-${noted}`,
      dropped_ms: now(),
      reason,
      events,
      event_id: showable(eventId),
      message: showable(message),
      ...toGlimpse(sent),
    };
  };

  return {
    note(siteId, drops) {
      const fresh = drops.slice(-KEPT_PER_SITE).map(toDrop);
      rings.set(siteId, [...(rings.get(siteId) ?? []), ...fresh].slice(-KEPT_PER_SITE));
    },
    read: (siteId) => [...(rings.peek(siteId) ?? [])],
  };
}
