import { type Condition, matches } from './conditions.ts';
import { isInside, isInteractive, type Period, type WorldEvent } from './world.ts';

/** A funnel as DESIGN §4 knows it. Steps and exclusions count from 0 here. */
export type FunnelDefinition = {
  /** 2 to 20. The first is never optional: every window is measured from it. */
  steps: readonly FunnelStep[];
  order: 'ordered' | 'strict' | 'any';
  windowMs: number;
  exclusions: readonly Exclusion[];
  /** Only attempts that begin with the very first event, ever, that fits the first step (`any`: fits some step). */
  isFirstTime: boolean;
  period: Period;
};

export type FunnelStep = {
  anyOf: readonly Condition[];
  isOptional: boolean;
  /** "From the previous filled step, inclusive." Says nothing on the first filled step. */
  withinMs: number | undefined;
};

/** Between the steps `after` and `before` (indexes, after < before). In `any` order both are ignored. */
export type Exclusion = { anyOf: readonly Condition[]; after: number; before: number };

/**
 * One way through the funnel: which event fills which step, in the order of filling. In `any` order the places come in
 * the order of time, whatever their steps; else the steps rise.
 */
export type Attempt = readonly Place[];
export type Place = { step: number; event: WorldEvent };

/** How one person (or session, or account) stands: out of the funnel, or with the attempt that speaks for them. */
export type Outcome = {
  attempt: Attempt;
  startMs: number;
  /** How far: 1 for the first step, `steps.length` for the last. In `any` order the number of steps filled. */
  reached: number;
  isConverted: boolean;
  isStillConverting: boolean;
};

/**
 * "A person counts once, at the furthest step any attempt reached; of the attempts that reach it the latest start is
 * taken, then the earliest time for step 2, then 3, … among matchings that satisfy all windows."
 * `events` are one person's, in any order. Undefined: the person is not in the funnel.
 */
export function outcomeOf(
  events: readonly WorldEvent[],
  definition: FunnelDefinition,
  nowMs: number,
): Outcome | undefined {
  const attempts = [...attemptsOf(events, definition)];
  const reached = Math.max(0, ...attempts.map((attempt) => reachOf(attempt, definition)));
  // "A clean attempt rescues the person; a person with only tainted attempts at their deepest step leaves the funnel."
  // Deepest of all attempts, tainted ones included: a clean attempt that ended earlier does not bring them back.
  const candidates = attempts.filter(
    (attempt) => reachOf(attempt, definition) === reached && !isTainted(attempt, events, definition),
  );
  const attempt = candidates.sort((a, b) => comparePreference(a, b, definition))[0];
  const first = attempt?.[0];
  if (attempt === undefined || first === undefined) return undefined;

  const startMs = first.event.timeMs;
  const isConverted = reached === definition.steps.length;
  return {
    attempt,
    startMs,
    reached,
    isConverted,
    // "Not at the last step and now < start + window = still converting."
    isStillConverting: !isConverted && nowMs < startMs + definition.windowMs,
  };
}

/** Every attempt there is, each of its beginnings included: simply all that the rules allow. */
export function* attemptsOf(
  events: readonly WorldEvent[],
  definition: FunnelDefinition,
  begun: Attempt = [],
): Generator<Attempt> {
  for (const step of nextSteps(begun, definition)) {
    for (const event of events) {
      const place = { step, event };
      if (!mayFill(place, begun, events, definition)) continue;
      const attempt = [...begun, place];
      yield attempt;
      yield* attemptsOf(events, definition, attempt);
    }
  }
}

/** `any`: each step not yet filled. Else the following steps up to and with the next required one. */
function nextSteps(begun: Attempt, { steps, order }: FunnelDefinition): number[] {
  const all = steps.map((_, step) => step);
  if (order === 'any') return all.filter((step) => !begun.some((place) => place.step === step));
  const last = begun.at(-1);
  if (last === undefined) return [0];
  const following = all.filter((step) => step > last.step);
  const required = following.find((step) => steps[step]?.isOptional === false) ?? steps.length;
  return following.filter((step) => step <= required);
}

function mayFill(
  { step: index, event }: Place,
  begun: Attempt,
  events: readonly WorldEvent[],
  definition: FunnelDefinition,
): boolean {
  const step = definition.steps[index];
  if (step === undefined || !matches(event, step.anyOf)) return false;
  // "One event fills at most one step."
  if (begun.some((place) => place.event === event)) return false;
  const first = begun[0];
  const last = begun.at(-1);
  if (first === undefined || last === undefined) return mayEnter(event, events, definition);
  return (
    // "The events of one millisecond form a set; an attempt may use each once, in any order": equal times are in order.
    event.timeMs >= last.event.timeMs &&
    // "Measured from step 1, inclusive … (in `any` order from the earliest filled step)."
    event.timeMs <= first.event.timeMs + definition.windowMs &&
    (step.withinMs === undefined || event.timeMs <= last.event.timeMs + step.withinMs) &&
    (definition.order !== 'strict' ||
      !events.some((other) => isInteractive(other) && isBetween(other, last.event, event))) &&
    // "In `any` order an attempt's events end at the first exclusion"; "the same millisecond does not" count.
    (definition.order !== 'any' ||
      !events.some((other) => isBetween(other, first.event, event) && isExcluded(other, definition)))
  );
}

/** "Entries (step 1 of the chosen attempt) lie inside the period; later steps may fall after its end." */
function mayEnter(event: WorldEvent, events: readonly WorldEvent[], definition: FunnelDefinition): boolean {
  if (!isInside(definition.period, event.timeMs)) return false;
  if (!definition.isFirstTime) return true;
  const entries = definition.order === 'any' ? definition.steps : definition.steps.slice(0, 1);
  const fitting = events.filter((other) => entries.some((step) => matches(other, step.anyOf)));
  return fitting.every((other) => other.timeMs >= event.timeMs);
}

/** "Strictly after the first and strictly before the second (the same millisecond does not)." */
function isBetween(event: WorldEvent, first: WorldEvent, second: WorldEvent): boolean {
  return event.timeMs > first.timeMs && event.timeMs < second.timeMs;
}

/** "An event that is both step and exclusion counts as step": whichever step, and whether or not the attempt uses it. */
function isExcluded(event: WorldEvent, definition: FunnelDefinition, only = definition.exclusions): boolean {
  return (
    only.some((exclusion) => matches(event, exclusion.anyOf)) &&
    !definition.steps.some((step) => matches(event, step.anyOf))
  );
}

export function reachOf(attempt: Attempt, { order }: FunnelDefinition): number {
  return order === 'any' ? attempt.length : (attempt.at(-1)?.step ?? -1) + 1;
}

/**
 * "Exclusions between two steps taint an attempt: strictly after the first and strictly before the second …, to the
 * window's end if the second is never reached." A skipped optional step counts as reached with the next filled one.
 */
export function isTainted(
  attempt: Attempt,
  events: readonly WorldEvent[],
  definition: FunnelDefinition,
): boolean {
  const first = attempt[0];
  if (definition.order === 'any' || first === undefined) return false;
  return definition.exclusions.some((exclusion) => {
    const after = attempt.find((place) => place.step >= exclusion.after)?.event;
    const before = attempt.find((place) => place.step >= exclusion.before)?.event;
    if (after === undefined) return false;
    return events.some(
      (event) =>
        isExcluded(event, definition, [exclusion]) &&
        (before === undefined
          ? event.timeMs > after.timeMs && event.timeMs <= first.event.timeMs + definition.windowMs
          : isBetween(event, after, before)),
    );
  });
}

/** Negative if `a` is to be taken before `b`. A step left out comes after any time; equal times go by the event's number. */
function comparePreference(a: Attempt, b: Attempt, definition: FunnelDefinition): number {
  const [startA = 0, ...timesA] = slots(a, definition).map(
    (event) => event?.timeMs ?? Number.MAX_SAFE_INTEGER,
  );
  const [startB = 0, ...timesB] = slots(b, definition).map(
    (event) => event?.timeMs ?? Number.MAX_SAFE_INTEGER,
  );
  const numbersA = slots(a, definition).map((event) => event?.number ?? 0);
  const numbersB = slots(b, definition).map((event) => event?.number ?? 0);
  return startB - startA || compareLists(timesA, timesB) || compareLists(numbersA, numbersB);
}

/** The events by bar: by step, or in `any` order by turn. Undefined where a bar is not filled. */
export function slots(attempt: Attempt, { order, steps }: FunnelDefinition): (WorldEvent | undefined)[] {
  return steps.map((_, index) =>
    order === 'any' ? attempt[index]?.event : attempt.find((place) => place.step === index)?.event,
  );
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
