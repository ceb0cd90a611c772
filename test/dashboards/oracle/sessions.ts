import { byTime, groupBy, isInteractive, type WorldEvent } from './world.ts';

/**
 * DESIGN §4: "Session: a visitor's events with no gap over 30 minutes by event time; events that arrive late or out of
 * order join the session they belong to and may bridge two". A gap of exactly 30 minutes keeps the session.
 */
export const SESSION_GAP_MS = 30 * 60_000;

export type Session = {
  visitor: string;
  /** In order of time. Server events that fell into the session are not among them. */
  events: readonly WorldEvent[];
  startMs: number;
  endMs: number;
  pageViews: number;
  /** "Bounce: one page view and no other interactive event." */
  isBounce: boolean;
  /** "Session duration: last minus first event." */
  durationMs: number;
  /** "Visible and focused milliseconds, measured in the page, never guessed": the sum of what engagement events bring. */
  engagedMs: number;
  scrollPercent: number;
  /** Path of the first and last page view; undefined where the session has none. */
  entryPath: string | undefined;
  exitPath: string | undefined;
  /** "Source, campaign, device, country are facts of the session": those of its first page view, else first event. */
  facts: Pick<WorldEvent, SessionFact>;
};

export type SessionFact = 'source' | 'medium' | 'campaign' | 'country' | 'device';

/** Sessions of all visitors. "Server events make no page views, bounces or sessions of their own": they are left out. */
export function sessionsOf(events: readonly WorldEvent[]): Session[] {
  const fromPages = events.filter((event) => event.sentBy !== 'server');
  return [...groupBy(fromPages, (event) => event.visitor)].flatMap(([visitor, own]) =>
    cutAtGaps([...own].sort(byTime)).map((part) => toSession(visitor, part)),
  );
}

/**
 * The session an event lies in. A server event belongs to its visitor's session that was still open when it happened
 * (from its first event to 30 minutes after its last), without lengthening it; else to none.
 */
export function sessionOf(event: WorldEvent, sessions: readonly Session[]): Session | undefined {
  return sessions.find(
    (session) =>
      session.visitor === event.visitor &&
      event.timeMs >= session.startMs &&
      event.timeMs <= session.endMs + (event.sentBy === 'server' ? SESSION_GAP_MS : 0),
  );
}

function cutAtGaps(sorted: readonly WorldEvent[]): WorldEvent[][] {
  const parts: WorldEvent[][] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const event of sorted) {
    if (event.timeMs - lastMs > SESSION_GAP_MS) parts.push([]);
    parts.at(-1)?.push(event);
    lastMs = event.timeMs;
  }
  return parts;
}

function toSession(visitor: string, events: readonly WorldEvent[]): Session {
  const times = events.map((event) => event.timeMs);
  const pages = events.filter((event) => event.kind === 'page_view');
  const opener = pages[0] ?? events[0];
  if (opener === undefined) throw new Error('A session has at least one event.');
  const startMs = Math.min(...times);
  const endMs = Math.max(...times);
  return {
    visitor,
    events,
    startMs,
    endMs,
    pageViews: pages.length,
    isBounce: pages.length === 1 && events.filter(isInteractive).length === 1,
    durationMs: endMs - startMs,
    engagedMs: events.reduce((sum, event) => sum + event.engagedMs, 0),
    scrollPercent: Math.max(...events.map((event) => event.scrollPercent)),
    entryPath: pages[0]?.path,
    exitPath: pages.at(-1)?.path,
    facts: {
      source: opener.source,
      medium: opener.medium,
      campaign: opener.campaign,
      country: opener.country,
      device: opener.device,
    },
  };
}
