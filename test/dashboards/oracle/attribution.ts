import { type Condition, matches } from './conditions.ts';
import { eventsWithRevenue } from './orders.ts';
import { personsOf } from './persons.ts';
import { type Session, sessionsOf } from './sessions.ts';
import { countedEvents, isInside, type Period, type World, type WorldEvent } from './world.ts';

export type AttributionModel =
  | 'first'
  | 'last'
  | 'last_non_direct'
  | 'linear'
  | { decayHalfLifeMs: number }
  | 'position';

export type AttributionRequest = {
  goal: readonly Condition[];
  model: AttributionModel;
  /** How long before a conversion a session may have begun, inclusive. */
  lookBackMs: number;
  period: Period;
};

/** What a source is given credit for. The shares of one conversion add up to 1; '' is direct, or no session at all. */
export type Credit = { conversions: number; revenue: Record<string, number> };

/**
 * Conversions by source. A conversion is a goal event in the period (an order once); its touches are the sessions of its
 * person that began no later than it, and no earlier than the look-back allows, in order of time.
 */
export function attributionOf(world: World, request: AttributionRequest): Map<string, Credit> {
  const events = countedEvents(world);
  const persons = personsOf(events);
  const sessions = sessionsOf(events).sort((a, b) => a.startMs - b.startMs);
  const firsts = eventsWithRevenue(events);
  const hits = events.filter(
    (event) => firsts.has(event) && isInside(request.period, event.timeMs) && matches(event, request.goal),
  );

  const credits = new Map<string, Credit>();
  for (const hit of hits) {
    const touches = sessions.filter(
      (session) =>
        session.startMs <= hit.timeMs &&
        session.startMs >= hit.timeMs - request.lookBackMs &&
        session.events.some((event) => persons.get(event) === persons.get(hit)),
    );
    for (const [source, share] of sharesOf(touches, hit, request.model)) give(credits, source, share, hit);
  }
  return credits;
}

function sharesOf(touches: readonly Session[], hit: WorldEvent, model: AttributionModel): [string, number][] {
  if (touches.length === 0) return [['', 1]];
  const weights = weightsOf(touches, hit, model);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return touches.map((touch, index) => [touch.facts.source, (weights[index] ?? 0) / total]);
}

function weightsOf(touches: readonly Session[], hit: WorldEvent, model: AttributionModel): number[] {
  const last = touches.length - 1;
  const only = (chosen: number) => touches.map((_, index) => (index === chosen ? 1 : 0));
  if (typeof model === 'object') {
    return touches.map((touch) => 0.5 ** ((hit.timeMs - touch.startMs) / model.decayHalfLifeMs));
  }
  switch (model) {
    case 'first':
      return only(0);
    case 'last':
      return only(last);
    case 'last_non_direct': {
      const named = touches.findLastIndex((touch) => touch.facts.source !== '');
      return only(named < 0 ? last : named);
    }
    case 'linear':
      return touches.map(() => 1);
    case 'position':
      // 40 % to the first, 40 % to the last, the rest to those between; of two each half.
      return touches.length <= 2
        ? touches.map(() => 1)
        : touches.map((_, index) => (index === 0 || index === last ? 0.4 : 0.2 / (touches.length - 2)));
  }
}

function give(credits: Map<string, Credit>, source: string, share: number, hit: WorldEvent): void {
  if (share === 0) return;
  const credit = credits.get(source) ?? { conversions: 0, revenue: {} };
  credit.conversions += share;
  if (hit.revenueCents !== 0) {
    credit.revenue[hit.currency] = (credit.revenue[hit.currency] ?? 0) + share * hit.revenueCents;
  }
  credits.set(source, credit);
}
