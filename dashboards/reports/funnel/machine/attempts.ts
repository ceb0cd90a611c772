/**
 * All attempts from one start, for ordered and strict funnels of any kind. A walk over (next step, moment of the last
 * fill, steps filled in that moment); what led nowhere is remembered, so each place is visited once.
 */
import {
  afters,
  befores,
  exclusionBit,
  exclusionCount,
  isOptional,
  OTHER,
  order,
  STRICT,
  stepCount,
  windowMs,
  withins,
} from './definition';
import { fillI32, i32At, i64At, setI32 } from './lists';
import { addStep, beginMatching, canFill, eventOf } from './matching';
import { bitsOfMoment, firstOf, momentCount, timeOfMoment } from './moments';
import { nextExclusion } from './next-exclusion';
import { forgetVisits, visit } from './visited';

const momentOf: usize = memory.data(80);
let lastTime: i64 = 0;
let isClean: bool = false;
/** The step to reach; while exploring the furthest is sought and the goal is beyond the last. */
let goal: i32 = 0;
let furthest: i32 = -1;
/** Nothing further is to be sought. */
let most: i32 = 0;

/** The furthest step of the attempts that start in this moment; `bound` is one that none of them can pass. */
export function furthestFrom(moment: i32, cleanOnly: bool, bound: i32): i32 {
  begin(moment, cleanOnly, stepCount);
  most = bound;
  take(0, moment, 1);
  return furthest;
}

/**
 * Of the attempts from this moment that reach `target`, the one with the earliest time for step 1, then 2, …; an
 * optional step rather filled than not. Writes the event of each step, -1 where it is not filled.
 */
export function trace(moment: i32, target: i32, cleanOnly: bool, filled: usize): void {
  begin(moment, cleanOnly, target);
  take(0, moment, 1);
  assign(filled);
}

function begin(start: i32, cleanOnly: bool, target: i32): void {
  forgetVisits();
  fillI32(momentOf, stepCount, -1);
  setI32(momentOf, 0, start);
  lastTime = timeOfMoment(start) + windowMs;
  isClean = cleanOnly && exclusionCount > 0;
  goal = target;
  furthest = -1;
}

/** True once the goal is reached; `momentOf` then holds the way. */
function walk(step: i32, moment: i32, here: u32): bool {
  if (step === stepCount || step > goal) return false;
  const place = ((moment as u64) << 5) | (step as u64);
  if (!visit(place, ((here as u64) << 40) | exposures(step, moment))) return false;
  const withStep: u32 = here | (1 << step);
  if (canFillHere(moment, withStep) && take(step, moment, withStep)) return true;
  if (walkLater(step, moment)) return true;
  return step !== goal && isOptional(step) && walk(step + 1, moment, here);
}

function walkLater(step: i32, moment: i32): bool {
  const latest = min(lastTime, timeOfMoment(moment) + i64At(withins, step));
  const last = step - 1;
  const bit: u32 = 1 << step;
  if (isClean && isTainted(moment, last)) return false;
  for (let later = moment + 1; later < momentCount && timeOfMoment(later) <= latest; later++) {
    const bits = bitsOfMoment(later);
    if ((bits & bit) !== 0 && take(step, later, bit)) return true;
    // A later fill would have this moment strictly between.
    if (order === STRICT && (bits & OTHER) !== 0) return false;
    if (isClean && isTainted(later, last)) return false;
  }
  return false;
}

function take(step: i32, moment: i32, here: u32): bool {
  setI32(momentOf, step, moment);
  if (step > furthest && !(isClean && isTaintedToTheEnd(moment, step))) furthest = step;
  const isDone =
    step === goal
      ? furthest === goal
      : walk(step + 1, moment, here) || (goal === stepCount && furthest === most);
  if (!isDone) setI32(momentOf, step, -1);
  return isDone;
}

/**
 * Whether an exclusion in this moment taints, `last` being the last step decided: its first step is filled before the
 * moment, its second not yet. A skipped step counts as reached with the next one filled.
 */
function isTainted(moment: i32, last: i32): bool {
  const bits = bitsOfMoment(moment);
  for (let index = 0; index < exclusionCount; index++) {
    if ((bits & exclusionBit(index)) === 0 || filledSince(i32At(befores, index), last) >= 0) continue;
    const since = filledSince(i32At(afters, index), last);
    if (since >= 0 && since < moment) return true;
  }
  return false;
}

/** The moment of the first filled step from `first` to `last`; -1 if none is. */
function filledSince(first: i32, last: i32): i32 {
  for (let step = first; step <= last; step++) if (i32At(momentOf, step) >= 0) return i32At(momentOf, step);
  return -1;
}

function isTaintedToTheEnd(moment: i32, last: i32): bool {
  for (let index = 0; index < exclusionCount; index++) {
    if (filledSince(i32At(befores, index), last) >= 0) continue;
    const since = filledSince(i32At(afters, index), last);
    if (since < 0) continue;
    const next = nextExclusion(index, max(moment, since + 1));
    if (next < momentCount && timeOfMoment(next) <= lastTime) return true;
  }
  return false;
}

/** What of the way so far still matters: which exclusions began before this moment, and which have ended. */
function exposures(step: i32, moment: i32): u64 {
  if (!isClean) return 0;
  let bits: u64 = 0;
  for (let index = 0; index < exclusionCount; index++) {
    const since = filledSince(i32At(afters, index), step - 1);
    const hasBegun = since >= 0 && since < moment;
    const hasEnded = filledSince(i32At(befores, index), step - 1) >= 0;
    bits = (bits << 2) | ((hasBegun ? 1 : 0) | (hasEnded ? 2 : 0));
  }
  return bits;
}

function canFillHere(moment: i32, bits: u32): bool {
  const first = firstOf(moment);
  const end = firstOf(moment + 1);
  // Fewer events than steps: no need to match.
  return end - first > 1 && canFill(first, end, bits);
}

function assign(filled: usize): void {
  fillI32(filled, stepCount, -1);
  for (let step = 0; step < stepCount; ) {
    const moment = i32At(momentOf, step);
    if (moment < 0) {
      step += 1;
      continue;
    }
    beginMatching(firstOf(moment), firstOf(moment + 1));
    const first = step;
    for (; step < stepCount && (i32At(momentOf, step) === moment || i32At(momentOf, step) < 0); step++)
      if (i32At(momentOf, step) === moment) addStep(step);
    for (let one = first; one < step; one++)
      if (i32At(momentOf, one) === moment) setI32(filled, one, eventOf(one));
  }
}
