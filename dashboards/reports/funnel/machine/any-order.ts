/**
 * Steps in any order. An attempt begins at its earliest filled step; its events end with the window or with the moment
 * of the first exclusion after its start, whichever comes first. How far it comes is the number of steps it fills, so
 * its times are those of the first, second, … filled step.
 *
 * Without a `within` the sets of events that can fill steps together form a matroid: taking event after event in the
 * order of time, each that can be filled besides those taken, fills the most steps at the earliest times.
 */
import { ENTRY, stepBits, stepCount } from './definition';
import { allBits, bitsOf } from './events';
import { fillI32, i32At, setI32 } from './lists';
import { bitsOfMoment, firstOf, momentCount } from './moments';
import { beginWindows, stepsMetFrom, windowEnd } from './windows';

const eventOfStep: usize = memory.data(80);
/** Steps looked at while room is made for an event. */
let tried: u32 = 0;

/** How many steps were filled. Writes the event of each step, -1 where it is not filled. */
export function decideAnyOrder(filled: usize): i32 {
  const bound = popcnt(allBits & stepBits) as i32;
  let best = 0;
  beginWindows();
  for (let start = momentCount - 1; start >= 0 && best < bound; start--) {
    const most = popcnt(stepsMetFrom(start)) as i32;
    if (most <= best) continue;
    const entry = entryOf(start);
    if (entry < 0) continue;
    const size = fillFrom(entry, firstOf(start), firstOf(windowEnd), most);
    if (size <= best) continue;
    best = size;
    memory.copy(filled, eventOfStep, (stepCount as usize) << 2);
  }
  return best;
}

function fillFrom(entry: i32, first: i32, end: i32, most: i32): i32 {
  fillI32(eventOfStep, stepCount, -1);
  let size = augment(entry) ? 1 : 0;
  for (let event = first; event < end && size < most; event++)
    if (event !== entry && (bitsOf(event) & stepBits) !== 0 && augment(event)) size += 1;
  return size;
}

/** Gives the event a step, moving others where that makes room. */
function augment(event: i32): bool {
  tried = 0;
  return place(event);
}

function place(event: i32): bool {
  for (let rest = open(event); rest !== 0; rest = open(event)) {
    const step = ctz(rest);
    tried |= 1 << step;
    const other = i32At(eventOfStep, step);
    if (other >= 0 && !place(other)) continue;
    setI32(eventOfStep, step, event);
    return true;
  }
  return false;
}

function open(event: i32): u32 {
  return bitsOf(event) & stepBits & ~tried;
}

/** An event of the moment that fits a step and may open the funnel; -1 if none. */
export function entryOf(moment: i32): i32 {
  if ((bitsOfMoment(moment) & ENTRY) === 0) return -1;
  for (let event = firstOf(moment); event < firstOf(moment + 1); event++)
    if ((bitsOf(event) & ENTRY) !== 0 && (bitsOf(event) & stepBits) !== 0) return event;
  return -1;
}
