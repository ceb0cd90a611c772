/**
 * Who was here lately, in bounded memory: for the session hint, for keeping yesterday's visitor over midnight, and for
 * tying a visitor who consents in mid-visit to their cookieless page views. Reports do not rest on it: what falls out of
 * it costs a hint.
 */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

export const SESSION_GAP_MS = 30 * 60_000;

type Visit = { firstTime: number; lastTime: number; sessionHint: string };

/** What is read back from the table after a restart. */
export type VisitRow = { visitor_id: string; first_time: number; last_time: number; session_hint: string };
export type PageViewRow = { event_id: string; visitor_id: string };

export interface Visits {
  /** Whether an event at `time` continues the visitor's latest session: no gap of more than 30 minutes. */
  isOngoing(visitorId: string, time: number): boolean;
  /** Notes an event and gives its session's number, in decimal text. */
  touch(visitorId: string, time: number): string;
  /** Lets the session of one visitor id go on under another. */
  adopt(from: string, to: string): void;
  /** Remembers which cookieless visitor saw a page. */
  notePageView(pageViewId: string, visitorId: string): void;
  cookielessVisitorOf(pageViewId: string): string | undefined;
  seed(visits: readonly VisitRow[], pageViews: readonly PageViewRow[]): void;
}

/** At most `maxVisits` visitors and as many page views: about 250 bytes each. */
export function createVisits(maxVisits = 30_000): Visits {
  const visits = new LRUCache<string, Visit>({ max: maxVisits });
  const pageViews = new LRUCache<string, string>({ max: maxVisits });

  const ongoing = (visitorId: string, time: number) => {
    const visit = visits.get(visitorId);
    return visit !== undefined && continues(visit, time) ? visit : undefined;
  };

  return {
    isOngoing: (visitorId, time) => ongoing(visitorId, time) !== undefined,
    touch(visitorId, time) {
      const visit = ongoing(visitorId, time);
      if (visit === undefined) return begin(visits, visitorId, time);
      if (time > visit.lastTime) visit.lastTime = time;
      if (time < visit.firstTime) visit.firstTime = time;
      return visit.sessionHint;
    },
    adopt(from, to) {
      const visit = visits.get(from);
      if (visit !== undefined && !visits.has(to)) visits.set(to, { ...visit });
    },
    notePageView: (pageViewId, visitorId) => pageViews.set(pageViewId, visitorId),
    cookielessVisitorOf: (pageViewId) => pageViews.get(pageViewId),
    seed(visitRows, pageViewRows) {
      for (const row of visitRows) {
        if (visits.has(row.visitor_id)) continue;
        const { first_time: firstTime, last_time: lastTime, session_hint: sessionHint } = row;
        visits.set(row.visitor_id, { firstTime, lastTime, sessionHint });
      }
      for (const { event_id, visitor_id } of pageViewRows) pageViews.set(event_id, visitor_id);
    },
  };
}

function continues({ firstTime, lastTime }: Visit, time: number): boolean {
  return time >= firstTime - SESSION_GAP_MS && time <= lastTime + SESSION_GAP_MS;
}

/** A late event of an earlier session gets a number of its own and does not end the one under way. */
function begin(visits: LRUCache<string, Visit>, visitorId: string, time: number): string {
  const sessionHint = randomBytes(8).readBigUInt64BE().toString();
  const latest = visits.peek(visitorId);
  if (latest === undefined || time > latest.lastTime) {
    visits.set(visitorId, { firstTime: time, lastTime: time, sessionHint });
  }
  return sessionHint;
}
