/** What a funnel tells besides its bars, plainly: where those went who left, and what separates converters. */
import { matches } from './conditions.ts';
import type { Outcome } from './funnel.ts';
import { type FunnelRequest, type Outcomes, unitsOf } from './funnel-report.ts';
import { type Session, sessionOf, sessionsOf } from './sessions.ts';
import { byTime, countedEvents, isInteractive, type World, type WorldEvent } from './world.ts';

/** Where one unit went: to `label` and then `onward` ('' is nowhere), or from the page `from` out of the site. */
export type Way = { label: string; from: string; onward: string };

const isPage = (event: WorldEvent) => event.kind === 'page_view';
const fits = (event: WorldEvent, request: FunnelRequest) =>
  request.steps.some((step) => matches(event, step.anyOf)) ||
  request.exclusions.some((exclusion) => matches(event, exclusion.anyOf));

/**
 * Of those whose furthest step is `step` (from 1), with their window closed. A place is a page view, or by event
 * whatever is interactive; the one where they went is the first after the last fill that would not fill the steps filled
 * there. Where there is none they left from the page of what they did last: anything interactive, or that the funnel asks for.
 */
export function waysAfter(
  step: number,
  by: 'page' | 'event',
  outcomes: Outcomes,
  request: FunnelRequest,
  world: World,
): Way[] {
  const isPlace = by === 'page' ? isPage : isInteractive;
  const labelOf = (event: WorldEvent) => (by === 'page' ? event.path : event.name);
  const units = unitsOf(world, request);
  return [...outcomes]
    .filter(([, one]) => one.reached === step && !one.isConverted && !one.isStillConverting)
    .map(([unit, { attempt, startMs }]) => {
      const leftMs = Math.max(...attempt.map(({ event }) => event.timeMs));
      const last = attempt.filter(({ event }) => event.timeMs === leftMs).map((place) => place.step);
      const known = (units.get(unit) ?? [])
        .filter((event) => isInteractive(event) || fits(event, request))
        .filter((event) => request.isFirstTime || event.timeMs >= request.period.fromMs)
        .filter((event) => event.timeMs <= startMs + request.windowMs)
        .sort(byTime);
      const places = known.filter(isPlace).filter((event) => event.timeMs > leftMs);
      const there = places.findIndex(
        (event) => !last.some((one) => matches(event, request.steps[one]?.anyOf ?? [])),
      );
      const went = places[there];
      if (!went)
        return { label: '', from: known.filter((one) => one.path !== '').at(-1)?.path ?? '', onward: '' };
      const next = places.slice(there + 1).find((event) => labelOf(event) !== labelOf(went));
      return { label: labelOf(went), from: '', onward: next ? labelOf(next) : '' };
    });
}

/** Counts by what is borne, `property name=value` or `event name`: converters, and others whose window is closed. */
export type Separators = {
  totals: [converted: number, others: number];
  counts: Map<string, [converted: number, others: number]>;
};

/** Facts of the entry's session and properties of the entry; what was done after it that is no step and no view. */
export function separatorsOf(outcomes: Outcomes, request: FunnelRequest, world: World): Separators {
  const units = unitsOf(world, request);
  const sessions = sessionsOf(countedEvents(world));
  const found: Separators = { totals: [0, 0], counts: new Map() };
  for (const [unit, one] of outcomes) {
    if (one.isStillConverting) continue;
    const group = one.isConverted ? 0 : 1;
    found.totals[group] += 1;
    const borne = [...entryFacts(one, sessions), ...deedsOnTheWay(one, units.get(unit) ?? [], request)];
    for (const feature of new Set(borne)) {
      const count = found.counts.get(feature) ?? [0, 0];
      count[group] += 1;
      found.counts.set(feature, count);
    }
  }
  return found;
}

function entryFacts({ attempt }: Outcome, sessions: readonly Session[]): string[] {
  const entry = attempt[0]?.event;
  if (!entry) return [];
  const session = sessionOf(entry, sessions);
  const { source, medium, campaign, country, device } = session?.facts ?? entry;
  const entryPage = session ? (session.entryPath ?? '') : isPage(entry) ? entry.path : '';
  const facts = { source, medium, campaign, country, device, entry_page: entryPage };
  return [
    ...Object.entries(facts).map(([name, value]) => [name, value]),
    ...Object.entries(entry.texts).map(([name, value]) => [`property:${name}`, value]),
  ]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `property ${name}=${value}`);
}

function deedsOnTheWay(
  { attempt, startMs, isConverted }: Outcome,
  events: readonly WorldEvent[],
  request: FunnelRequest,
) {
  const endMs = isConverted
    ? Math.max(...attempt.map(({ event }) => event.timeMs))
    : startMs + request.windowMs;
  return events
    .filter((event) => event.timeMs > startMs && event.timeMs <= endMs)
    .filter((event) => isInteractive(event) && event.kind !== 'page_view' && event.kind !== 'screen')
    .filter((event) => !request.steps.some((step) => matches(event, step.anyOf)))
    .map((event) => `event ${event.name}`);
}
