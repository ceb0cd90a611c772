import { createCalendar, type Interval } from './calendar.ts';
import { type FunnelDefinition, type Outcome, outcomeOf, slots } from './funnel.ts';
import { eventsWithRevenue, type Money, sumOf } from './orders.ts';
import { personsOf } from './persons.ts';
import { type Filter, selectEvents } from './select.ts';
import { type SessionFact, sessionOf, sessionsOf } from './sessions.ts';
import { countedEvents, groupBy, type World, type WorldEvent } from './world.ts';

export type FunnelRequest = FunnelDefinition & {
  countBy: 'person' | 'session' | 'account';
  filter?: Filter;
};

/** Who is in the funnel, by unit: `user:…` or `visitor:…`, `<visitor> <start>` of a session, or the account's id. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** One bar. */
export type StepRow = {
  /** Required step: whose furthest step is this or a later one. Optional step: whose attempt fills it. */
  people: number;
  /** null where the denominator is zero ("–"). */
  shareOfFirst: number | null;
  /** "Refers to the previous required step." null for the first step. */
  shareOfPrevious: number | null;
  /** Whose furthest step this is, who did not convert and no longer can. */
  dropOff: number;
  /** Whose furthest step this is and whose window is open. */
  stillConverting: number;
  /** From the previous filled step to this one, sorted; one for each that fills both. */
  timesMs: number[];
  medianMs: number | null;
  meanMs: number | null;
  /** Of the events that fill this step, an order once. */
  revenue: Money;
};

/** Every unit in the funnel with how it stands. Units that never entered, or left by an exclusion, are absent. */
export function funnelOutcomes(world: World, request: FunnelRequest): Outcomes {
  const units = unitsOf(world, request);
  return new Map(
    [...units].flatMap(([unit, events]) => {
      const outcome = outcomeOf(events, request, world.nowMs);
      return outcome === undefined ? [] : [[unit, outcome] as const];
    }),
  );
}

/** "Counted by person, session, or account." An event without a session, or account, is nobody's there. */
export function unitsOf(world: World, request: FunnelRequest): Map<string, WorldEvent[]> {
  const events = countedEvents(world);
  const persons = personsOf(events);
  const sessions = sessionsOf(events);
  const keyOf = (event: WorldEvent): string => {
    if (request.countBy === 'account') return event.accountId;
    if (request.countBy === 'person') return persons.get(event) ?? '';
    const session = sessionOf(event, sessions);
    return session === undefined ? '' : `${session.visitor} ${session.startMs}`;
  };
  const units = groupBy(selectEvents(events, request.filter ?? {}), keyOf);
  units.delete('');
  return units;
}

export function stepRows(outcomes: readonly Outcome[], request: FunnelRequest, world: World): StepRow[] {
  // By number: `countedEvents` makes new objects of the events that consent gave another visitor.
  const withRevenue = new Set([...eventsWithRevenue(countedEvents(world))].map(({ number }) => number));
  const people = request.steps.map((step, index) =>
    step.isOptional
      ? outcomes.filter((outcome) => slots(outcome.attempt, request)[index] !== undefined).length
      : outcomes.filter((outcome) => outcome.reached > index).length,
  );
  return request.steps.map((_, index) => {
    const endedHere = outcomes.filter((outcome) => outcome.reached === index + 1 && !outcome.isConverted);
    const filling = outcomes.flatMap((outcome) => slots(outcome.attempt, request)[index] ?? []);
    const timesMs = outcomes.flatMap((outcome) => timeTo(index, outcome, request)).sort((a, b) => a - b);
    const previous = request.steps.findLastIndex((step, at) => at < index && !step.isOptional);
    return {
      people: people[index] ?? 0,
      shareOfFirst: share(people[index], people[0]),
      shareOfPrevious: previous < 0 ? null : share(people[index], people[previous]),
      dropOff: endedHere.filter((outcome) => !outcome.isStillConverting).length,
      stillConverting: endedHere.filter((outcome) => outcome.isStillConverting).length,
      timesMs,
      medianMs: median(timesMs),
      meanMs: share(
        timesMs.reduce((sum, time) => sum + time, 0),
        timesMs.length,
      ),
      revenue: sumOf(filling.filter((event) => withRevenue.has(event.number))),
    };
  });
}

/** From start to last step of those who converted, sorted: what the time-to-convert histogram is drawn from. */
export function conversionTimesMs(outcomes: readonly Outcome[]): number[] {
  return outcomes
    .filter((outcome) => outcome.isConverted)
    .map((outcome) => (outcome.attempt.at(-1)?.event.timeMs ?? 0) - outcome.startMs)
    .sort((a, b) => a - b);
}

export type TrendRow = { startMs: number; entered: number; converted: number; stillConverting: number };

/** "Trend by hour/day/week/month of entry": every interval that the period touches, the empty ones too. */
export function trendRows(
  outcomes: readonly Outcome[],
  interval: Interval,
  request: FunnelRequest,
  world: World,
): TrendRow[] {
  const calendar = createCalendar(world.timeZone);
  const rows: TrendRow[] = [];
  const { fromMs, toMs } = request.period;
  for (let at = calendar.startOf(interval, fromMs); at < toMs; at = calendar.nextOf(interval, at)) {
    const entered = outcomes.filter((outcome) => calendar.startOf(interval, outcome.startMs) === at);
    rows.push({
      startMs: at,
      entered: entered.length,
      converted: entered.filter((outcome) => outcome.isConverted).length,
      stillConverting: entered.filter((outcome) => outcome.isStillConverting).length,
    });
  }
  return rows;
}

/** What a breakdown goes by: a property of the events, or a fact of the session each lies in. '' is "has none". */
export type Dimension = { property: string } | { sessionFact: SessionFact };

/** `{ step }` counts from 0. */
export type BreakdownAttribution = 'first' | 'last' | 'all' | { step: number };

/** Which outcomes stand in the row of each value. Only under `all` may one stand in several. */
export function breakdownRows(
  outcomes: readonly Outcome[],
  dimension: Dimension,
  attribution: BreakdownAttribution,
  world: World,
): Map<string, Outcome[]> {
  const readValue = valueReader(dimension, world);
  const rows = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    for (const value of attributedValues(outcome, attribution, readValue)) {
      rows.set(value, [...(rows.get(value) ?? []), outcome]);
    }
  }
  return rows;
}

/**
 * "Breakdown with a declared attribution: first touch (default), last touch, all, step n." A touch is an event of the
 * chosen attempt that has a value: the first such, the last such, or each; else the event that fills step n.
 */
function attributedValues(
  { attempt }: Outcome,
  attribution: BreakdownAttribution,
  readValue: (event: WorldEvent) => string,
): string[] {
  if (typeof attribution === 'object') {
    const place = attempt.find(({ step }) => step === attribution.step);
    return [place === undefined ? '' : readValue(place.event)];
  }
  const touches = attempt.map((place) => readValue(place.event)).filter((value) => value !== '');
  if (attribution === 'all') return touches.length === 0 ? [''] : [...new Set(touches)];
  return [touches.at(attribution === 'first' ? 0 : -1) ?? ''];
}

function valueReader(dimension: Dimension, world: World): (event: WorldEvent) => string {
  if ('property' in dimension) {
    const { property } = dimension;
    return (event) => event.texts[property] ?? '';
  }
  const { sessionFact } = dimension;
  const sessions = sessionsOf(countedEvents(world));
  return (event) => sessionOf(event, sessions)?.facts[sessionFact] ?? '';
}

function timeTo(index: number, outcome: Outcome, request: FunnelRequest): number[] {
  const event = slots(outcome.attempt, request)[index];
  const turn = outcome.attempt.findIndex((place) => place.event === event);
  const previous = outcome.attempt[turn - 1];
  return event === undefined || previous === undefined ? [] : [event.timeMs - previous.event.timeMs];
}

/** Of an even number of values the mean of the two in the middle; of none, null. */
export function median(sorted: readonly number[]): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

function share(part: number | undefined, whole: number | undefined): number | null {
  return part === undefined || !whole ? null : part / whole;
}
