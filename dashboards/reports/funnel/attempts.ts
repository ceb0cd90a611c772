/**
 * All attempts from one start, for ordered and strict funnels of any kind. A walk over (next step, moment of the last
 * fill, steps filled in that moment); what led nowhere is remembered, so each place is visited once.
 */
import { type Definition, exclusionBit, OTHER_BIT } from './definition.ts';
import { canFill, createMatching } from './matching.ts';
import { at, type Events, type Moments } from './moments.ts';

export type Attempts = {
  begin(events: Events, moments: Moments): void;
  /** The furthest step of the attempts that start in this moment; -1 if none. */
  furthestFrom(moment: number, isClean: boolean): number;
  /**
   * Of the attempts from this moment that reach `goal`, the one with the earliest time for step 1, then 2, …; an
   * optional step rather filled than not. Writes the event of each step, -1 where it is not filled.
   */
  trace(moment: number, goal: number, isClean: boolean, filled: Int32Array): void;
};

const UNFILLED = -1;

export function createAttempts(definition: Definition): Attempts {
  const { steps, windowMs, exclusions } = definition;
  const count = steps.length;
  const isStrict = definition.order === 'strict';
  const matching = createMatching();
  const momentOf = new Int32Array(count);
  const seen = new Set<number>();
  const seenCrowded = new Set<string>();
  let events: Events;
  let moments: Moments;
  let lastTime = 0;
  let isClean = false;
  /** The step to reach; while exploring the furthest is sought and `goal` is beyond the last. */
  let goal = count;
  let furthest = -1;

  function begin(start: number, cleanOnly: boolean, target: number): void {
    seen.clear();
    seenCrowded.clear();
    momentOf.fill(UNFILLED);
    momentOf[0] = start;
    lastTime = at(moments.times, start) + windowMs;
    isClean = cleanOnly;
    goal = target;
    furthest = -1;
  }

  /** True once `goal` is reached; `momentOf` then holds the way. */
  function walk(step: number, moment: number, here: number): boolean {
    if (step === count || step > goal) return false;
    if (!isNew(step, moment, here)) return false;
    if (canFillHere(moment, here | (1 << step)) && take(step, moment, here | (1 << step))) return true;
    if (walkLater(step, moment)) return true;
    return step !== goal && (steps[step]?.isOptional ?? false) && walk(step + 1, moment, here);
  }

  /** Where one step at most is filled in each moment and exclusions do not matter, a place is but a number. */
  function isNew(step: number, moment: number, here: number): boolean {
    if (!isClean && (here & (here - 1)) === 0) {
      const size = seen.size;
      seen.add((moment * 32 + step) * 32 + (31 - Math.clz32(here)));
      return seen.size > size;
    }
    const size = seenCrowded.size;
    seenCrowded.add(`${step} ${moment} ${here} ${exposures(step, moment)}`);
    return seenCrowded.size > size;
  }

  function walkLater(step: number, moment: number): boolean {
    const latest = Math.min(lastTime, at(moments.times, moment) + (steps[step]?.withinMs ?? 0));
    const last = step - 1;
    if (isClean && isTainted(moment, last)) return false;
    for (let later = moment + 1; later < moments.count && at(moments.times, later) <= latest; later++) {
      if (at(moments.bits, later) & (1 << step) && take(step, later, 1 << step)) return true;
      // A later fill would have this moment strictly between.
      if (isStrict && at(moments.bits, later) & (1 << OTHER_BIT)) return false;
      if (isClean && isTainted(later, last)) return false;
    }
    return false;
  }

  function take(step: number, moment: number, here: number): boolean {
    momentOf[step] = moment;
    if (step > furthest && !(isClean && isTaintedToTheEnd(moment, step))) furthest = step;
    if (
      step === goal
        ? furthest === goal
        : walk(step + 1, moment, here) || (goal === count && furthest === count - 1)
    )
      return true;
    momentOf[step] = UNFILLED;
    return false;
  }

  /**
   * Whether an exclusion in this moment taints, `last` being the last step decided: its first step is filled before the
   * moment, its second not yet. A skipped step counts as reached with the next one filled.
   */
  function isTainted(moment: number, last: number): boolean {
    const bits = at(moments.bits, moment);
    for (let index = 0; index < exclusions.length; index++) {
      const { after, before } = exclusions[index] ?? { after: 0, before: 0 };
      if (!(bits & (1 << exclusionBit(definition, index))) || filledSince(before, last) !== UNFILLED)
        continue;
      const since = filledSince(after, last);
      if (since !== UNFILLED && since < moment) return true;
    }
    return false;
  }

  /** The moment of the first filled step from `first` to `last`. */
  function filledSince(first: number, last: number): number {
    for (let step = first; step <= last; step++)
      if (at(momentOf, step) !== UNFILLED) return at(momentOf, step);
    return UNFILLED;
  }

  function isTaintedToTheEnd(moment: number, last: number): boolean {
    if (exclusions.length === 0) return false;
    for (let later = moment; later < moments.count && at(moments.times, later) <= lastTime; later++)
      if (isTainted(later, last)) return true;
    return false;
  }

  /** What of the way so far still matters: which exclusions began before this moment, and which have ended. */
  function exposures(step: number, moment: number): number {
    if (!isClean) return 0;
    let bits = 0;
    for (const { after, before } of exclusions) {
      const since = filledSince(after, step - 1);
      bits =
        bits * 4 +
        (since !== UNFILLED && since < moment ? 1 : 0) +
        (filledSince(before, step - 1) !== UNFILLED ? 2 : 0);
    }
    return bits;
  }

  function canFillHere(moment: number, stepBits: number): boolean {
    const first = at(moments.firstEvents, moment);
    const end = at(moments.firstEvents, moment + 1);
    // Fewer events than steps: no need to match.
    return end - first > 1 && canFill(matching, events, first, end, stepBits);
  }

  function assign(filled: Int32Array): void {
    filled.fill(UNFILLED);
    for (let step = 0; step < count; ) {
      const moment = at(momentOf, step);
      if (moment === UNFILLED) {
        step += 1;
        continue;
      }
      matching.begin(events, at(moments.firstEvents, moment), at(moments.firstEvents, moment + 1));
      const first = step;
      for (; step < count && (at(momentOf, step) === moment || at(momentOf, step) === UNFILLED); step++)
        if (at(momentOf, step) === moment) matching.add(step);
      for (let one = first; one < step; one++)
        if (at(momentOf, one) === moment) filled[one] = matching.eventOf(one);
    }
  }

  return {
    begin(ofPerson, theirMoments) {
      events = ofPerson;
      moments = theirMoments;
    },
    furthestFrom(moment, cleanOnly) {
      begin(moment, cleanOnly, count);
      take(0, moment, 1);
      return furthest;
    },
    trace(moment, target, cleanOnly, filled) {
      begin(moment, cleanOnly, target);
      take(0, moment, 1);
      assign(filled);
    },
  };
}
