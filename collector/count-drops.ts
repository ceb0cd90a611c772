/** Every event that does not get in is counted by its reason, and shown to whoever watches its site. */
import type { DropReason } from './counters.ts';
import type { Receipt } from './protocol.ts';
import type { NotedDrop } from './recent-drops.ts';
import { RefusalError, type RefusalStatus } from './refusal.ts';
import type { World } from './world.ts';

/** Counts what became of a batch. `sent` is what its indices point into. */
export function count(
  siteId: string,
  { accepted, refused }: Receipt,
  sent: readonly unknown[],
  world: World,
): void {
  if (accepted > 0) world.counters.accept(siteId, accepted);
  if (refused.length > 0) drop(siteId, toDrops(refused, sent), world);
}

/** Counts what a request cost that was answered with an error. Never throws. */
export function countRefused(error: unknown, world: World): void {
  // The spool's errors are counted where it is asked, with their events.
  if (error instanceof Error && !(error instanceof RefusalError) && 'status' in error) return;
  if (!(error instanceof RefusalError)) {
    drop('', [{ reason: 'unavailable', message: 'A door failed' }], world);
    return;
  }
  const reason = REASONS[error.status];
  const unread = reason && { siteId: '', drops: [{ reason, message: error.message }] };
  const dropped = error.dropped ?? unread;
  if (dropped !== undefined) drop(dropped.siteId, dropped.drops, world);
}

/** Of requests that nobody looked into: each counts as one event. The other statuses are about no event. */
const REASONS: Partial<Record<RefusalStatus, DropReason>> = {
  400: 'malformed',
  401: 'unauthorized',
  403: 'unauthorized',
  408: 'malformed',
  413: 'malformed',
  415: 'malformed',
  503: 'unavailable',
};

export function toDrops(refused: Receipt['refused'], sent: readonly unknown[]): NotedDrop[] {
  return refused.map(({ index, id, reason, message }) => ({
    reason,
    message,
    eventId: id,
    sent: sent[index],
  }));
}

export function drop(siteId: string, drops: readonly NotedDrop[], { counters, recentDrops }: World): void {
  const events = new Map<DropReason, number>();
  for (const one of drops) events.set(one.reason, (events.get(one.reason) ?? 0) + (one.events ?? 1));
  for (const [reason, total] of events) counters.drop(siteId, reason, total);
  // A made-up site's would push out those of a real one.
  if (siteId !== '' && !events.has('unknown_site')) recentDrops.note(siteId, drops);
}
