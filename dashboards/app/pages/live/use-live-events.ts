import { useEffect, useState } from 'react';
import type { RecentDrop } from '../../../../collector/recent-drops.ts';
import type { LiveEvent } from '../../../reports/live/stream.ts';

const MOST_KEPT = 300;

export type LiveFeed = { events: LiveEvent[]; drops: RecentDrop[]; isConnected: boolean };

/** What arrives, the newest first: events that were stored, and drops with their reasons. The browser reconnects by itself. */
export function useLiveEvents(site: string, isOn: boolean): LiveFeed {
  const [events, setEvents] = useState<LiveEvent[]>([]);
  const [drops, setDrops] = useState<RecentDrop[]>([]);
  const [isConnected, setConnected] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const source = new EventSource(`/api/sites/${encodeURIComponent(site)}/live/events`);
    source.onopen = () => setConnected(true);
    source.onerror = () => setConnected(false);
    // The server writes both from the same types.
    source.addEventListener('event', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as LiveEvent;
      setEvents((before) => withNew(before, event, (one) => one.event_id));
    });
    source.addEventListener('drop', ({ data }: MessageEvent<string>) => {
      const drop = JSON.parse(data) as RecentDrop;
      setDrops((before) => withNew(before, drop, (one) => one.drop_id));
    });
    return () => {
      source.close();
      setConnected(false);
    };
  }, [site, isOn]);
  return { events, drops, isConnected };
}

function withNew<Item>(before: Item[], item: Item, idOf: (item: Item) => string): Item[] {
  if (before.some((one) => idOf(one) === idOf(item))) return before;
  return [item, ...before].slice(0, MOST_KEPT);
}
