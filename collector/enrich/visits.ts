/**
 * Who was here lately, in bounded memory: for the session hint, for keeping yesterday's visitor over midnight, and for
 * tying a visitor who consents in mid-visit to their cookieless page views. Reports do not rest on it: what falls out of
 * it costs a hint.
 */
import { randomFillSync } from 'node:crypto';
import { createRecent, type Recent } from './recent.ts';

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

/** Up to twice `leastVisits` visitors and four times `leastVisits` page views: about 250 bytes each. */
export function createVisits(leastVisits = 20_000): Visits {
  const visits = createRecent<string, Visit>(leastVisits);
  const pageViews = createPageViews(leastVisits);

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
      if (visit !== undefined && visits.get(to) === undefined) visits.set(to, { ...visit });
    },
    notePageView: pageViews.note,
    cookielessVisitorOf: pageViews.visitorOf,
    seed(visitRows, pageViewRows) {
      for (const row of visitRows) {
        if (visits.get(row.visitor_id) !== undefined) continue;
        const { first_time: firstTime, last_time: lastTime, session_hint: sessionHint } = row;
        visits.set(row.visitor_id, { firstTime, lastTime, sessionHint });
      }
      for (const { event_id, visitor_id } of pageViewRows) pageViews.note(event_id, visitor_id);
    },
  };
}

/** Every page view is noted, and few sites have visitors who consent: they become a map when one is asked for. */
function createPageViews(least: number) {
  const visitors = createRecent<string, string>(least);
  let noted: string[] = [];
  return {
    note(pageViewId: string, visitorId: string): void {
      noted.push(pageViewId, visitorId);
      // Two texts each: of twice as many as must be known, the older half goes.
      if (noted.length === 4 * least) noted = noted.slice(2 * least);
    },
    visitorOf(pageViewId: string): string | undefined {
      for (let at = 0; at < noted.length; at += 2) visitors.set(noted[at] ?? '', noted[at + 1] ?? '');
      noted = [];
      return visitors.get(pageViewId);
    },
  };
}

function continues({ firstTime, lastTime }: Visit, time: number): boolean {
  return time >= firstTime - SESSION_GAP_MS && time <= lastTime + SESSION_GAP_MS;
}

/** Random bytes for 512 hints at a time: asking for eight costs as much. */
const randomness = { numbers: new BigUint64Array(512), left: 0 };

function randomHint(): string {
  if (randomness.left === 0) {
    randomFillSync(randomness.numbers);
    randomness.left = randomness.numbers.length;
  }
  randomness.left -= 1;
  return (randomness.numbers[randomness.left] ?? 0n).toString();
}

/** A late event of an earlier session gets a number of its own and does not end the one under way. */
function begin(visits: Recent<string, Visit>, visitorId: string, time: number): string {
  const sessionHint = randomHint();
  const latest = visits.get(visitorId);
  if (latest === undefined || time > latest.lastTime) {
    visits.set(visitorId, { firstTime: time, lastTime: time, sessionHint });
  }
  return sessionHint;
}
