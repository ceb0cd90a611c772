import { useEffect, useState } from 'react';
import type { LiveEvent } from '../../../reports/live/stream.ts';

const MOST_KEPT = 300;

export type LiveFeed = { events: LiveEvent[]; isConnected: boolean };

/** The events as they arrive, the newest first. The browser reconnects by itself. */
export function useLiveEvents(site: string, isOn: boolean): LiveFeed {
  const [events, setEvents] = useState<LiveEvent[]>([]);
  const [isConnected, setConnected] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const source = new EventSource(`/api/sites/${encodeURIComponent(site)}/live/events`);
    source.onopen = () => setConnected(true);
    source.onerror = () => setConnected(false);
    source.addEventListener('event', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as LiveEvent; // The server writes it from the same type.
      setEvents((before) =>
        before.some((one) => one.event_id === event.event_id)
          ? before
          : [event, ...before].slice(0, MOST_KEPT),
      );
    });
    return () => {
      source.close();
      setConnected(false);
    };
  }, [site, isOn]);
  return { events, isConnected };
}
