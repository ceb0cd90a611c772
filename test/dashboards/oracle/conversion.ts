import { type Condition, matches } from './conditions.ts';
import { eventsWithRevenue, type Money, sumOf } from './orders.ts';
import { personsOf } from './persons.ts';
import { type Filter, selectEvents } from './select.ts';
import { countedEvents, isInside, type Period, type World, type WorldEvent } from './world.ts';

export type ConversionRequest = { goal: readonly Condition[]; period: Period; filter?: Filter };

export type Conversion = {
  /** Persons with any event in the period, under the filter. */
  people: number;
  converted: number;
  /** null ("–") where there are no people. */
  rate: number | null;
  interval: Interval95 | null;
  /** Goal events in the period; a repeat of an order is not another conversion. */
  conversions: number;
  revenue: Money;
};

export type Interval95 = { low: number; high: number };

/** "Persons who converted ÷ persons under the same filters and period. Shown with n and a 95 % Wilson interval." */
export function conversionOf(world: World, { goal, period, filter = {} }: ConversionRequest): Conversion {
  const counted = countedEvents(world);
  const persons = personsOf(counted);
  const events = selectEvents(counted, filter).filter((event) => isInside(period, event.timeMs));
  const hits = events.filter((event) => matches(event, goal));
  const firsts = eventsWithRevenue(counted);
  const peopleOf = (list: readonly WorldEvent[]) => new Set(list.map((event) => persons.get(event))).size;
  const people = peopleOf(events);
  const converted = peopleOf(hits);
  return {
    people,
    converted,
    rate: people === 0 ? null : converted / people,
    interval: wilson95(converted, people),
    conversions: hits.filter((event) => firsts.has(event)).length,
    revenue: sumOf(hits.filter((event) => firsts.has(event))),
  };
}

/** The quantile 0.975 of the normal distribution. */
const Z = 1.959963984540054;

/**
 * The shares p for which `converted` of `people` is not surprising: the two roots of (p̂ − p)² = z² p (1 − p) / n.
 * Wilson 1927; https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
 */
export function wilson95(converted: number, people: number): Interval95 | null {
  if (people === 0) return null;
  const rate = converted / people;
  // As a p² + b p + c = 0.
  const a = 1 + Z ** 2 / people;
  const b = -2 * rate - Z ** 2 / people;
  const c = rate ** 2;
  const root = Math.sqrt(Math.max(0, b ** 2 - 4 * a * c));
  return { low: Math.max(0, (-b - root) / (2 * a)), high: Math.min(1, (-b + root) / (2 * a)) };
}
