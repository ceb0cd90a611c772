/**
 * Which event of one moment fills which step: each event at most one, each step by one. Grown step by step along
 * augmenting paths (Kuhn), so that a step taken later may move an earlier one to another event, never drop it.
 */
import { bitsOf } from './events';
import { fillI32, i32At, MOST_STEPS, Room, setI32 } from './lists';

const eventOfStep: usize = memory.data(80);
/** Per event of the moment: when it was last looked at. Stamps only grow, so nothing has to be wiped between two looks. */
const seenRoom = new Room();
let seen: usize = 0;
let look: i32 = 0;
let first: i32 = 0;
let end: i32 = 0;

/** Forgets all and looks at the events `from` to `to` (exclusive). */
export function beginMatching(from: i32, to: i32): void {
  first = from;
  end = to;
  const before = seenRoom.bytes;
  seen = seenRoom.reserve(((to - from) as usize) << 2);
  if (seenRoom.bytes !== before) memory.fill(seen, 0, seenRoom.bytes);
  forgetFills();
}

export function forgetFills(): void {
  fillI32(eventOfStep, MOST_STEPS, -1);
}

/** False if the step cannot be filled besides those taken already; then nothing changes. */
export function addStep(step: i32): bool {
  look += 1;
  return augment(step);
}

/** The event that fills a step that was added. */
export function eventOf(step: i32): i32 {
  return i32At(eventOfStep, step);
}

function augment(step: i32): bool {
  const bit: u32 = 1 << step;
  for (let event = first; event < end; event++) {
    if ((bitsOf(event) & bit) === 0 || i32At(seen, event - first) === look) continue;
    setI32(seen, event - first, look);
    const other = stepFilledBy(event);
    if (other >= 0 && !augment(other)) continue;
    setI32(eventOfStep, step, event);
    return true;
  }
  return false;
}

function stepFilledBy(event: i32): i32 {
  for (let step = 0; step < MOST_STEPS; step++) if (i32At(eventOfStep, step) === event) return step;
  return -1;
}

/** Whether the steps in `bits` can all be filled by the events `from` to `to` (exclusive). */
export function canFill(from: i32, to: i32, bits: u32): bool {
  if (to - from === 1) return (bits & (bits - 1)) === 0 && (bitsOf(from) & bits) === bits;
  beginMatching(from, to);
  for (let rest = bits; rest !== 0; rest &= rest - 1) if (!addStep(ctz(rest))) return false;
  return true;
}
