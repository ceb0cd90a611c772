/**
 * The earliest next event for each step. If that way keeps the order's, the `within`s' and the exclusions' rules it is
 * the chosen one, for none fills any step earlier. Most persons' is; for the others all attempts are walked.
 */
import {
  afters,
  befores,
  exclusionBit,
  exclusionBits,
  exclusionCount,
  OTHER,
  optionalBits,
  order,
  STRICT,
  windowMs,
  withins,
} from './definition';
import { bitsOf, count, firstAt, timeOf } from './events';
import { i32At, i64At, setI32 } from './lists';

/** Writes the events from `start` to step `furthest`. False where it cannot tell: a step may be left out, or events share a millisecond. */
export function follow(start: i64, furthest: i32, filled: usize): bool {
  if (optionalBits !== 0) return false;
  let event = firstAt(start);
  if (isCrowded(event)) return false;
  setI32(filled, 0, event);
  for (let step = 1; step <= furthest; step++) {
    const latest = timeOf(event) + i64At(withins, step);
    for (;;) {
      event += 1;
      if (event >= count || isCrowded(event) || timeOf(event) > latest) return false;
      if ((bitsOf(event) & (1 << step)) !== 0) break;
      if (isForbidden(event, step - 1)) return false;
    }
    setI32(filled, step, event);
  }
  return exclusionCount === 0 || isCleanAfter(event, furthest, start + windowMs);
}

function isCrowded(event: i32): bool {
  return event + 1 < count && timeOf(event + 1) === timeOf(event);
}

/** Whether the event may not lie between the step and the next. */
function isForbidden(event: i32, step: i32): bool {
  const bits = bitsOf(event);
  if (order === STRICT && (bits & OTHER) !== 0) return true;
  return (bits & exclusionBits) !== 0 && taints(bits, step);
}

function taints(bits: u32, step: i32): bool {
  for (let index = 0; index < exclusionCount; index++)
    if ((bits & exclusionBit(index)) !== 0 && i32At(afters, index) <= step && step < i32At(befores, index))
      return true;
  return false;
}

function isCleanAfter(last: i32, furthest: i32, end: i64): bool {
  for (let event = last + 1; event < count && timeOf(event) <= end; event++)
    if ((bitsOf(event) & exclusionBits) !== 0 && taints(bitsOf(event), furthest)) return false;
  return true;
}
