import type { EventRow } from '../../../collector/row.ts';

/**
 * One event as the oracle sees it: plain facts, nothing derived. The oracle is written from DESIGN §4 alone and is
 * meant to be obviously right, not fast; the engine is compared with it on random small worlds.
 */
export type WorldEvent = {
  /** Unique in its world. Settles which of two otherwise equal events is named, never a count. */
  number: number;
  timeMs: number;
  receivedMs: number;
  kind: EventRow['kind'];
  /** The custom event's name; for the other kinds the kind itself. */
  name: string;
  path: string;
  /** The lasting id, or the cookieless hash of one day, or `user:<id>` for a server event tied by its user alone. */
  visitor: string;
  /** Whether `visitor` is a lasting id kept on the device (with consent). */
  isLasting: boolean;
  /** On the first event after consent in mid-visit: the cookieless visitor that this lasting one was until then; else ''. */
  cookielessVisitor: string;
  /** The event's own user; '' if it names none. */
  userId: string;
  /** On `alias` alone: the user who is the same as `userId`. */
  previousUserId: string;
  accountId: string;
  sentBy: EventRow['sent_by'];
  isBot: boolean;
  isTest: boolean;
  texts: Readonly<Record<string, string>>;
  numbers: Readonly<Record<string, number>>;
  /** Whole cents, so that sums are exact. */
  revenueCents: number;
  currency: string;
  orderId: string;
  engagedMs: number;
  scrollPercent: number;
  source: string;
  medium: string;
  campaign: string;
  country: string;
  device: string;
};

export type World = { events: readonly WorldEvent[]; nowMs: number; timeZone: string };

/** Half-open: `fromMs` belongs to it, `toMs` does not. */
export type Period = { fromMs: number; toMs: number };

const plainEvent: WorldEvent = {
  number: 0,
  timeMs: 0,
  receivedMs: 0,
  kind: 'custom',
  name: '',
  path: '/',
  visitor: 'v',
  isLasting: true,
  cookielessVisitor: '',
  userId: '',
  previousUserId: '',
  accountId: '',
  sentBy: 'browser',
  isBot: false,
  isTest: false,
  texts: {},
  numbers: {},
  revenueCents: 0,
  currency: '',
  orderId: '',
  engagedMs: 0,
  scrollPercent: 0,
  source: '',
  medium: '',
  campaign: '',
  country: '',
  device: '',
};

/** Makes a list of events from what is worth saying about each; numbered as listed, received when they happened. */
export function eventsOf(list: readonly Partial<WorldEvent>[]): WorldEvent[] {
  return list.map((facts, index) => {
    const kind =
      facts.kind ?? (facts.name === undefined && facts.path !== undefined ? 'page_view' : 'custom');
    const timeMs = facts.timeMs ?? 0;
    return {
      ...plainEvent,
      number: index + 1,
      receivedMs: timeMs,
      name: kind === 'custom' ? '' : kind,
      ...facts,
      kind,
    };
  });
}

/**
 * The events that reports know, in order of time. "A developer's own machine or an automated browser: not counted"
 * (protocol); nothing is known of what lies after `nowMs`.
 */
export function countedEvents(world: World): WorldEvent[] {
  const counted = world.events.filter(
    (event) => !event.isBot && !event.isTest && event.timeMs <= world.nowMs,
  );
  return withConsent(counted).sort(byTime);
}

/**
 * DESIGN §6: "granting in mid-visit keeps one visitor and one session". A cookieless visitor's events up to that moment
 * are the lasting visitor's (the first to prove it, if several do); what comes later under the hash is not.
 */
function withConsent(events: readonly WorldEvent[]): WorldEvent[] {
  const proofs = events.filter((event) => event.cookielessVisitor !== '').sort(byTime);
  return events.map((event) => {
    const proof = proofs.find((other) => other.cookielessVisitor === event.visitor);
    const isSame = proof !== undefined && !event.isLasting && event.timeMs <= proof.timeMs;
    return isSame ? { ...event, visitor: proof.visitor, isLasting: true } : event;
  });
}

export function byTime(a: WorldEvent, b: WorldEvent): number {
  return a.timeMs - b.timeMs || a.number - b.number;
}

export function isInside(period: Period, timeMs: number): boolean {
  return timeMs >= period.fromMs && timeMs < period.toMs;
}

/**
 * DESIGN §4: "no other page view, click, form or custom event …; engagement, vitals, errors, identify do not count".
 * Outbound links, downloads, rage and dead clicks are clicks; a `screen` is an app's page view.
 */
export function isInteractive(event: WorldEvent): boolean {
  return [
    'page_view',
    'screen',
    'click',
    'rage_click',
    'dead_click',
    'outbound_link',
    'file_download',
    'form_submit',
    'custom',
  ].includes(event.kind);
}

export function groupBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
