/**
 * Steps in any order where some must follow the one filled before within a time. Which step is filled by which event
 * then decides what may follow, so all ways from a start are walked; a place (steps filled, moment, steps filled in
 * that moment) is visited once.
 */
import { entryOf } from './any-order';
import { NEVER, stepBits, stepCount, withins } from './definition';
import { allBits } from './events';
import { fillI32, i32At, i64At, setI32 } from './lists';
import { addStep, beginMatching, canFill, eventOf } from './matching';
import { bitsOfMoment, firstOf, momentCount, timeOfMoment } from './moments';
import { forgetVisits, visit } from './visited';
import { beginWindows, stepsMetFrom, windowEnd } from './windows';

const momentOf: usize = memory.data(80);
/** The moment in which the first, second, … step is to be filled; -1 where that is open. */
const turns: usize = memory.data(80);
/** The last turn that is not open. */
let fixed: i32 = 0;
let end: i32 = 0;
/** How many steps to fill; the way is kept once as many are. */
let goal: i32 = 0;
let most: i32 = 0;

/** How many steps were filled. Writes the event of each step, -1 where it is not filled. */
export function decideAnyOrderWithin(filled: usize): i32 {
  const bound = popcnt(allBits & stepBits) as i32;
  let best = 0;
  fillI32(turns, stepCount, -1);
  forgetVisits();
  beginWindows();
  for (let start = momentCount - 1; start >= 0 && best < bound; start--) {
    const most = popcnt(stepsMetFrom(start)) as i32;
    if (most <= best || entryOf(start) < 0) continue;
    const size = walkFrom(start, most);
    if (size <= best) continue;
    best = size;
    fixEarliest(start, size);
    assign(filled);
    forgetVisits();
  }
  return best;
}

/** Which steps fill the first moments decides what may fill the next, so each turn's earliest moment is tried out. */
function fixEarliest(start: i32, size: i32): void {
  setI32(turns, 0, start);
  for (let turn = 1; turn < size; turn++) {
    fixed = turn;
    forgetVisits();
    setI32(turns, turn, i32At(turns, turn - 1));
    while (walkFrom(start, size) < size) setI32(turns, turn, i32At(turns, turn) + 1);
  }
  forgetVisits();
  walkFrom(start, size);
  fillI32(turns, stepCount, -1);
  fixed = 0;
}

/**
 * The most steps filled from a start, up to `target`; `momentOf` holds the way if `target` was reached. What led nowhere
 * before is not tried again: an earlier start's attempts do not end later.
 */
function walkFrom(start: i32, target: i32): i32 {
  fillI32(momentOf, stepCount, -1);
  end = windowEnd;
  goal = target;
  most = 0;
  takeAny(0, start, 0, 0, start);
  return most;
}

/** Fills one more step in the moment; true once the goal is reached. `last` is the moment of the latest fill. */
function takeAny(filledBits: u32, moment: i32, here: u32, size: i32, last: i32): bool {
  if (i32At(turns, size) >= 0 && i32At(turns, size) !== moment) return false;
  const gap = timeOfMoment(moment) - timeOfMoment(last);
  for (let rest = bitsOfMoment(moment) & stepBits & ~filledBits; rest !== 0; rest &= rest - 1) {
    const step = ctz(rest) as i32;
    const bit: u32 = 1 << step;
    if (here === 0 && size > 0 && gap > i64At(withins, step)) continue;
    if (!canFill(firstOf(moment), firstOf(moment + 1), here | bit)) continue;
    setI32(momentOf, step, moment);
    if (walk(filledBits | bit, moment, here | bit, size + 1)) return true;
    setI32(momentOf, step, -1);
  }
  return false;
}

function walk(filledBits: u32, moment: i32, here: u32, size: i32): bool {
  if (size > most) most = size;
  if (size === goal) return true;
  if (!visit(placeOf(moment, size), ((filledBits as u64) << 32) | (here as u64))) return false;
  if (takeAny(filledBits, moment, here, size, moment)) return true;
  const latest = timeOfMoment(moment) + longestWithin(filledBits);
  for (let later = moment + 1; later < end; later++) {
    // Who may come at any time has been tried from here on, if the same steps were filled before.
    if (timeOfMoment(later) > latest && !visit(placeOf(later, size) | ANY_TIME, filledBits as u64))
      return false;
    if (takeAny(filledBits, later, 0, size, moment)) return true;
  }
  return false;
}

const ANY_TIME: u64 = 1 << 63;

/** A place before the last turn that is not open leads elsewhere once that turn is another moment. */
function placeOf(moment: i32, size: i32): u64 {
  return (moment as u64) | (size <= fixed ? ((i32At(turns, fixed) + 1) as u64) << 31 : 0);
}

/** Of the steps that are not filled, those without one left out. */
function longestWithin(filledBits: u32): i64 {
  let longest: i64 = 0;
  for (let rest = stepBits & ~filledBits; rest !== 0; rest &= rest - 1) {
    const within = i64At(withins, ctz(rest) as i32);
    if (within < NEVER) longest = max(longest, within);
  }
  return longest;
}

function assign(filled: usize): void {
  fillI32(filled, stepCount, -1);
  let done: u32 = 0;
  for (let step = 0; step < stepCount; step++) {
    const moment = i32At(momentOf, step);
    if (moment < 0 || (done & (1 << step)) !== 0) continue;
    beginMatching(firstOf(moment), firstOf(moment + 1));
    for (let one = step; one < stepCount; one++) if (i32At(momentOf, one) === moment) addStep(one);
    for (let one = step; one < stepCount; one++) {
      if (i32At(momentOf, one) !== moment) continue;
      setI32(filled, one, eventOf(one));
      done |= 1 << one;
    }
  }
}
