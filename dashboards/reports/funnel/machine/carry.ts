/**
 * The furthest step and its latest start in one pass. Per step it keeps the latest start that reached it and when: a
 * later fill of a step never has an earlier start, so whatever an older one could still reach, the latest reaches too.
 *
 * In strict order a state ends with the next event that counts; with exclusions, where one taints it. Steps that may be
 * left out are carried only where neither, nor a `within`, can tell an attempt that filled one from one that did not.
 */
import {
  afters,
  befores,
  exclusionBit,
  exclusionBits,
  exclusionCount,
  hasWithin,
  isOptional,
  ORDERED,
  OTHER,
  optionalBits,
  order,
  required,
  STRICT,
  stepBits,
  stepCount,
  windowMs,
  withins,
} from './definition';
import { bitsOf, count, endOfMoment, timeOf } from './events';
import { fillI64, i32At, i64At, Stack, setI64 } from './lists';
import { addStep, beginMatching, forgetFills } from './matching';

/** -1 for a person who never entered. */
export let furthest: i32 = -1;
/** The latest start that reached it; -1 if none did. */
export let latestStart: i64 = -1;
/**
 * The latest start that an exclusion took from the goal; -1 if none. Earlier ones that reached the goal together with it
 * were not kept, though their windows may have ended before the exclusion.
 */
export let excludedStart: i64 = -1;

const starts: usize = memory.data(160);
const fills: usize = memory.data(160);
const startsBefore: usize = memory.data(160);
const fillsBefore: usize = memory.data(160);

let isClean: bool = false;
/** Clean passes look for the latest start that reaches this step. */
let goal: i32 = -1;
/** Starts that reached the goal and may still be tainted before their window ends; ascending. */
const waiting = new Stack();

/** Whether one pass is exact for the definition. */
export function canCarry(): bool {
  if (optionalBits === 0) return order === ORDERED || order === STRICT;
  return order === ORDERED && !hasWithin && exclusionCount === 0;
}

/** Of all attempts. */
export function carryAll(): void {
  isClean = false;
  carry();
}

/** Of the attempts that no exclusion taints, those that reach `step`. */
export function carryClean(step: i32): void {
  isClean = true;
  goal = step;
  excludedStart = -1;
  waiting.count = 0;
  carry();
  if (waiting.count > 0) latestStart = max(latestStart, i64At(waiting.at, waiting.count - 1));
}

function carry(): void {
  furthest = -1;
  latestStart = -1;
  fillI64(starts, stepCount, -1);
  for (let event = 0; event < count; ) {
    const end = endOfMoment(event);
    if (end - event === 1) passEvent(timeOf(event), bitsOf(event));
    else passMoment(event, end);
    event = end;
  }
}

function passEvent(time: i64, bits: u32): void {
  if (isClean && (bits & exclusionBits) !== 0) taint(bits, time);
  let reached: u32 = 0;
  // From the last step down, so that one event does not fill two.
  for (let rest = bits & stepBits; rest !== 0; ) {
    const step = 31 - clz(rest);
    rest ^= 1 << step;
    if (fill(step, time)) reached |= 1 << step;
  }
  if (order === STRICT && (bits & OTHER) !== 0) endStates(stepBits & ~reached);
}

function fill(step: i32, time: i64): bool {
  let start = time;
  if (step > 0) {
    const from = i32At(required, step);
    start = i64At(starts, from);
    if (start < 0 || time - start > windowMs || time - i64At(fills, from) > i64At(withins, step))
      return false;
  }
  reach(step, start, time);
  return true;
}

function reach(step: i32, start: i64, time: i64): void {
  setI64(starts, step, start);
  setI64(fills, step, time);
  if (isClean) {
    if (step === goal) reachGoal(start);
  } else if (step > furthest) {
    furthest = step;
    latestStart = start;
  } else if (step === furthest) {
    latestStart = max(latestStart, start);
  }
}

/** What can be tainted at the goal waits for its window's end. */
function reachGoal(start: i64): void {
  if (!canTaintAt(goal)) latestStart = max(latestStart, start);
  else if (waiting.count === 0 || i64At(waiting.at, waiting.count - 1) < start) waiting.push(start);
}

function canTaintAt(step: i32): bool {
  for (let index = 0; index < exclusionCount; index++)
    if (i32At(afters, index) <= step && step < i32At(befores, index)) return true;
  return false;
}

/** Ends the states that the exclusions in `bits` taint, save those at the goal whose window is over. */
function taint(bits: u32, time: i64): void {
  let tainted: u32 = 0;
  for (let index = 0; index < exclusionCount; index++)
    if ((bits & exclusionBit(index)) !== 0)
      tainted |= (1 << i32At(befores, index)) - (1 << i32At(afters, index));
  endStates(tainted);
  if ((tainted & (1 << goal)) === 0) return;
  for (let one = waiting.count - 1; one >= 0; one--) {
    const start = i64At(waiting.at, one);
    if (start + windowMs < time) {
      latestStart = max(latestStart, start);
      break;
    }
    excludedStart = max(excludedStart, start);
  }
  waiting.count = 0;
}

function endStates(ended: u32): void {
  for (let rest = ended & stepBits; rest !== 0; rest &= rest - 1) setI64(starts, ctz(rest), -1);
}

/** Several events at once: from every step reached before, and from a start here, as far as they carry. */
function passMoment(first: i32, end: i32): void {
  const time = timeOf(first);
  memory.copy(startsBefore, starts, 160);
  memory.copy(fillsBefore, fills, 160);
  let bits: u32 = 0;
  for (let event = first; event < end; event++) bits |= bitsOf(event);
  const exclusions = isClean ? bits & exclusionBits : 0;
  if (exclusions !== 0) taint(exclusions, time);
  if (order === STRICT && (bits & OTHER) !== 0) endStates(stepBits);
  for (let from = -1; from < stepCount - 1; from++) {
    if (from >= 0 && isOptional(from)) continue;
    const start = from < 0 ? time : i64At(startsBefore, from);
    if (start < 0 || time - start > windowMs) continue;
    if (from >= 0 && time - i64At(fillsBefore, from) > i64At(withins, from + 1)) continue;
    beginMatching(first, end);
    carryOn(from, start, time, exclusions);
  }
}

function carryOn(from: i32, start: i64, time: i64, exclusions: u32): void {
  for (let step = from + 1; step < stepCount; step++) {
    if (isOptional(step) ? !canAdd(from + 1, step) : !addStep(step)) {
      if (isOptional(step)) continue;
      return;
    }
    if (exclusions !== 0 && isTaintedOnTheWay(from, step, exclusions)) continue;
    if (start >= i64At(starts, step)) reach(step, start, time);
  }
}

/** The exclusion lies strictly after its first step, which was filled before this moment, and its second is not reached here. */
function isTaintedOnTheWay(from: i32, to: i32, exclusions: u32): bool {
  for (let index = 0; index < exclusionCount; index++) {
    if ((exclusions & exclusionBit(index)) === 0) continue;
    if (i32At(afters, index) <= from && to < i32At(befores, index)) return true;
  }
  return false;
}

/** An optional step is tried as the last of the chain, and not kept: what follows may need its event. */
function canAdd(first: i32, optional: i32): bool {
  const isFilled = addStep(optional);
  forgetFills();
  for (let step = first; step < optional; step++) if (!isOptional(step)) addStep(step);
  return isFilled;
}
