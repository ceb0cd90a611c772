import { createHash } from 'node:crypto';
import type { EventRow } from '../../../collector/row.ts';
import type { WorldEvent } from './world.ts';

/** The world's events as rows of `events`, ready to insert. Each world wants a site id of its own. */
export function toEventRows(siteId: string, events: readonly WorldEvent[]): EventRow[] {
  return events.map((event) => ({
    site_id: siteId,
    time: event.timeMs,
    visitor_id: toVisitorId(event.visitor),
    event_id: toEventId(event.number),
    kind: event.kind,
    name: event.name,
    sent_by: event.sentBy,
    client_time: event.timeMs,
    sent_time: event.timeMs,
    received_time: event.receivedMs,
    anonymous_id: event.isLasting ? event.visitor : '',
    cookieless_visitor_id: event.cookielessVisitor === '' ? '0' : toVisitorId(event.cookielessVisitor),
    user_id: event.userId,
    account_id: event.accountId,
    is_bot: event.isBot,
    is_test: event.isTest,
    hostname: 'shop.example',
    path: event.path,
    source: event.source,
    medium: event.medium,
    campaign: event.campaign,
    country: event.country,
    device: event.device,
    engaged_ms: event.engagedMs,
    scroll_percent: event.scrollPercent,
    // The alias event's other user stands where the other kinds keep what they were done to.
    target: event.previousUserId,
    revenue: (event.revenueCents / 100).toFixed(2),
    currency: event.currency,
    order_id: event.orderId,
    properties: event.texts,
    numeric_properties: event.numbers,
  }));
}

/** 64 bits of a hash, as decimal text. */
export function toVisitorId(visitor: string): string {
  return createHash('sha256').update(visitor).digest().readBigUInt64BE().toString();
}

/** Rises with the event's number, in whichever half a database compares first. */
export function toEventId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
