import { groupBy, type WorldEvent } from './world.ts';

/** Whole cents by currency. "Currencies are never added up: shown apart." */
export type Money = Record<string, number>;

/**
 * The events whose revenue counts. "One order counts once per site, whether it comes from a reloaded thank-you page or a
 * server": as with event ids the first received wins, and a repeat brings nothing. Without an order id each counts.
 */
export function eventsWithRevenue(events: readonly WorldEvent[]): Set<WorldEvent> {
  const orders = groupBy(
    events.filter((event) => event.orderId !== ''),
    (event) => event.orderId,
  );
  const firsts = [...orders.values()].map(
    (repeats) => [...repeats].sort((a, b) => a.receivedMs - b.receivedMs || a.number - b.number)[0],
  );
  return new Set(events.filter((event) => event.orderId === '' || firsts.includes(event)));
}

export function sumOf(events: readonly WorldEvent[]): Money {
  const money: Money = {};
  for (const { revenueCents, currency } of events) {
    if (revenueCents !== 0) money[currency] = (money[currency] ?? 0) + revenueCents;
  }
  return money;
}
