/**
 * What most funnels are and most persons need, with as few looks at memory as can be: steps in order within a window and
 * no more, and no two events in one millisecond. The same as carry.ts and follow.ts, which decide where this cannot.
 */
import {
  ENTRY,
  exclusionCount,
  hasWithin,
  isFirstTime,
  ORDERED,
  optionalBits,
  order,
  stepBits,
  stepCount,
  windowMs,
} from './definition';
import { fillI64, i64At, setI32 } from './lists';

/** -1 for a person who never entered. */
export let furthest: i32 = -1;

/** The latest start that reached each step; before them, in the place of what precedes step 1, the event's own time. */
const startBefore: usize = memory.data(168);
const starts: usize = startBefore + 8;

/** So long ago that no window reaches it. */
const NEVER_STARTED: i64 = -0x4000000000000000;

export function isPlain(): bool {
  return order === ORDERED && optionalBits === 0 && exclusionCount === 0 && !hasWithin && !isFirstTime;
}

/** Writes the event of each step. False if two events share a millisecond. */
export function decidePlain(events: usize, count: i32, filled: usize): bool {
  const steps = stepCount;
  const most = windowMs;
  const wanted = stepBits;
  const end = events + ((count as usize) << 3);
  fillI64(starts, steps, NEVER_STARTED);
  let before: i64 = -1;
  for (let at = events; at < end; at += 8) {
    const word = load<u64>(at);
    const time = (word >> 24) as i64;
    if (time === before) return false;
    before = time;
    store<i64>(startBefore, select<i64>(time, NEVER_STARTED, ((word as u32) & ENTRY) !== 0));
    let rest = (word as u32) & wanted;
    // From the last step down, so that one event does not fill two. Selected, not branched upon: nobody could foretell.
    while (rest !== 0) {
      const step = 31 - (clz(rest) as usize);
      rest ^= (1 as u32) << (step as u32);
      const place = startBefore + (step << 3);
      const start = load<i64>(place);
      store<i64>(place, select<i64>(start, load<i64>(place, 8), time - start <= most), 8);
    }
  }
  furthest = steps - 1;
  while (furthest >= 0 && i64At(starts, furthest) < 0) furthest -= 1;
  if (furthest >= 0) follow(events, i64At(starts, furthest), filled);
  return true;
}

/** The start is there, and from it on each step has a next event: the earliest fill it. */
function follow(events: usize, start: i64, filled: usize): void {
  let event = 0;
  let at = events;
  while (((load<u64>(at) >> 24) as i64) !== start) {
    at += 8;
    event += 1;
  }
  setI32(filled, 0, event);
  for (let step = 1; step < stepCount; step++) {
    if (step > furthest) {
      setI32(filled, step, -1);
      continue;
    }
    const bit: u64 = (1 as u64) << step;
    do {
      at += 8;
      event += 1;
    } while ((load<u64>(at) & bit) === 0);
    setI32(filled, step, event);
  }
}
