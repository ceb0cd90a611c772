/**
 * Decides for one person after the other how far they came and by which events: DESIGN §4, "Funnel". Exact for every
 * definition; where a definition is plain, one pass per person is enough.
 */
import { createAnyOrder } from './any-order.ts';
import { createAnyOrderWithin } from './any-order-within.ts';
import { type Attempts, createAttempts } from './attempts.ts';
import { type Definition, ENTRY_BIT } from './definition.ts';
import { at, type Events, type Moments, toMoments } from './moments.ts';
import { createOrdered, isOrderedPlain } from './ordered.ts';

/** Valid until the next person is decided. */
export type Verdict = {
  /** The furthest step, from 0; -1 for who never entered. In `any` order the number of filled steps less one. */
  furthest: number;
  /** The furthest step was reached only by attempts that an exclusion tainted: the person leaves the funnel. */
  isExcluded: boolean;
  /** The event that filled each step in the chosen attempt; -1 where none did. */
  filled: Int32Array;
};

/** Decides a person; what it is handed stays as it is. */
export type Machine = (events: Events) => Verdict;

export function createMachine(definition: Definition): Machine {
  const clean = createCleaning(definition);
  const decide = definition.order === 'any' ? createAny(definition) : createInOrder(definition);
  return (events) => decide(clean(events));
}

/** An event that is both step and exclusion counts as step; what may not open the funnel cannot be its first step. */
function createCleaning({ steps, exclusions, order, isFirstTime }: Definition): (events: Events) => Events {
  const stepBits = (1 << steps.length) - 1;
  const exclusionBits = exclusions.reduce((bits, _, index) => bits | (1 << (steps.length + index)), 0);
  const cleaned: Events = { count: 0, times: new Float64Array(0), bits: new Int32Array(256) };
  const openers = order === 'any' ? stepBits : 1;
  return ({ count, times, bits }) => {
    if (cleaned.bits.length < count) cleaned.bits = new Int32Array(count * 2);
    cleaned.count = count;
    cleaned.times = times;
    let firstTime = isFirstTime ? Number.POSITIVE_INFINITY : -1;
    for (let event = 0; event < count; event++) {
      let one = at(bits, event);
      if (isFirstTime && one & openers) {
        if (firstTime > at(times, event)) firstTime = at(times, event);
        if (firstTime < at(times, event)) one &= ~(1 << ENTRY_BIT);
      }
      if (one & stepBits) one &= ~exclusionBits;
      if (order !== 'any' && !(one & (1 << ENTRY_BIT))) one &= ~1;
      cleaned.bits[event] = one;
    }
    return cleaned;
  };
}

function createAny(definition: Definition): Machine {
  const hasWithin = definition.steps.some((step) => step.withinMs !== Number.POSITIVE_INFINITY);
  const decide = hasWithin ? createAnyOrderWithin(definition) : createAnyOrder(definition);
  const verdict: Verdict = {
    furthest: -1,
    isExcluded: false,
    filled: new Int32Array(definition.steps.length),
  };
  return (events) => {
    verdict.filled.fill(-1);
    verdict.furthest = decide(events, toMoments(events), verdict.filled) - 1;
    return verdict;
  };
}

function createInOrder(definition: Definition): Machine {
  const attempts = createAttempts(definition);
  const isPlain = isOrderedPlain(definition);
  // What a `within`, strictness or an exclusion forbids only shortens the way that the order alone allows.
  const ordered = createOrdered(isPlain ? definition : toPlain(definition));
  const verdict: Verdict = {
    furthest: -1,
    isExcluded: false,
    filled: new Int32Array(definition.steps.length),
  };

  return (events) => {
    verdict.filled.fill(-1);
    verdict.isExcluded = false;
    const { furthest, start } = ordered(events);
    if (!isPlain) return search(definition, attempts, events, furthest, verdict);
    verdict.furthest = furthest;
    if (furthest >= 0 && !followPlainly(definition, events, start, furthest, verdict.filled)) {
      const moments = toMoments(events);
      attempts.begin(events, moments);
      attempts.trace(momentAt(moments, start), furthest, false, verdict.filled);
    }
    return verdict;
  };
}

function toPlain(definition: Definition): Definition {
  return {
    ...definition,
    order: 'ordered',
    exclusions: [],
    steps: definition.steps.map((step) => ({ ...step, withinMs: Number.POSITIVE_INFINITY })),
  };
}

/**
 * Looks at the starts from the latest back, at all attempts and at the clean ones. `bound` is how far the events carry in
 * their order alone: nobody comes further, so whoever has come so far is decided.
 */
function search(
  definition: Definition,
  attempts: Attempts,
  events: Events,
  bound: number,
  verdict: Verdict,
): Verdict {
  verdict.furthest = -1;
  if (bound < 0) return verdict;
  const canTaint = definition.exclusions.length > 0;
  const moments = toMoments(events);
  attempts.begin(events, moments);
  let furthest = -1;
  let clean = { furthest: -1, start: -1 };
  for (let start = moments.count - 1; start >= 0 && clean.furthest < bound; start--) {
    if (!(at(moments.bits, start) & 1)) continue;
    const reached = attempts.furthestFrom(start, false);
    furthest = Math.max(furthest, reached);
    if (reached <= clean.furthest) continue;
    const cleanly = canTaint ? attempts.furthestFrom(start, true) : reached;
    if (cleanly > clean.furthest) clean = { furthest: cleanly, start };
  }
  verdict.furthest = furthest;
  verdict.isExcluded = clean.furthest < furthest;
  if (!verdict.isExcluded) attempts.trace(clean.start, furthest, canTaint, verdict.filled);
  return verdict;
}

/**
 * The earliest next event for each step: right where no step is optional or bound by a `within` and no two events on
 * the way share a millisecond. False where it cannot tell.
 */
function followPlainly(
  { steps }: Definition,
  events: Events,
  start: number,
  furthest: number,
  filled: Int32Array,
): boolean {
  const { times, bits, count } = events;
  let event = firstAt(events, start);
  filled[0] = event;
  if (event + 1 < count && times[event + 1] === start) return false;
  for (let step = 1; step <= furthest; step++) {
    const { isOptional, withinMs } = steps[step] ?? { isOptional: false, withinMs: 0 };
    if (isOptional || withinMs !== Number.POSITIVE_INFINITY) return false;
    do {
      event += 1;
      if (event >= count || (event + 1 < count && times[event + 1] === times[event])) return false;
    } while (!(at(bits, event) & (1 << step)));
    filled[step] = event;
  }
  return true;
}

function firstAt({ times, count }: Events, time: number): number {
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >> 1;
    if (at(times, middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function momentAt(moments: Moments, time: number): number {
  return firstAt({ times: moments.times, count: moments.count, bits: moments.bits }, time);
}
