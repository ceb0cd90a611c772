/**
 * Which steps are met between a start and the end of its attempts, for one start after the other from the last back:
 * each moment comes and goes once. A start that cannot come further than another did need not be walked; without this a
 * person of many events takes the square of them, or worse.
 */
import { ANY, exclusionBits, isOptional, order, stepBits, stepCount, windowMs } from './definition';
import { fillI32, i32At, setI32 } from './lists';
import { bitsOfMoment, momentCount, timeOfMoment } from './moments';

/** The moment after the last whose events count. In any order those of the first exclusion's own millisecond still do. */
export let windowEnd: i32 = 0;

/** Per step the moments of the window that meet it. */
const counts: usize = memory.data(80);

export function beginWindows(): void {
  windowEnd = momentCount;
  fillI32(counts, stepCount, 0);
}

/** The bits of the steps met. To be asked of each moment, from the last to the first. */
export function stepsMetFrom(start: i32): u32 {
  count(start, 1);
  const lastTime = timeOfMoment(start) + windowMs;
  while (timeOfMoment(windowEnd - 1) > lastTime) leave();
  // What lies before it ends there too, if not sooner.
  if (order === ANY && start + 1 < momentCount && (bitsOfMoment(start + 1) & exclusionBits) !== 0)
    while (windowEnd > start + 2) leave();
  let met: u32 = 0;
  for (let step = 0; step < stepCount; step++) if (i32At(counts, step) > 0) met |= 1 << step;
  return met;
}

function leave(): void {
  windowEnd -= 1;
  count(windowEnd, -1);
}

function count(moment: i32, by: i32): void {
  for (let rest = bitsOfMoment(moment) & stepBits; rest !== 0; rest &= rest - 1) {
    const step = ctz(rest) as i32;
    setI32(counts, step, i32At(counts, step) + by);
  }
}

/** The furthest step that these could lead to in order: before it none is wanting but those that may be left out. */
export function furthestOf(met: u32): i32 {
  let furthest = -1;
  for (let step = 0; step < stepCount; step++) {
    if ((met & (1 << step)) !== 0) furthest = step;
    else if (!isOptional(step)) break;
  }
  return furthest;
}
