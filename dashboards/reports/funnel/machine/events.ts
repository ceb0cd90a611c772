/** One person's relevant events, sorted: each 64 bits, the time above 24 bits that say what the event fits. */
import { ANY, ENTRY, exclusionBits, isFirstTime, order, stepBits } from './definition';
import { Room } from './lists';

export let count: i32 = 0;
/** All bits that any event bears, as they are decided by. */
export let allBits: u32 = 0;

let packed: usize = 0;
let cleaned: usize = 0;
const room = new Room();

export function timeOf(event: i32): i64 {
  return (load<u64>(packed + ((event as usize) << 3)) >> 24) as i64;
}

export function bitsOf(event: i32): u32 {
  return load<u32>(cleaned + ((event as usize) << 2));
}

function packedOf(event: i32): u64 {
  return load<u64>(packed + ((event as usize) << 3));
}

/** An event that is both step and exclusion counts as step; what may not open the funnel cannot be its first step. */
export function beginEvents(at: usize, size: i32): void {
  packed = at;
  count = size;
  cleaned = room.reserve((size as usize) << 2);
  allBits = 0;
  const openers: u32 = order === ANY ? stepBits : 1;
  let opened: i64 = -1;
  for (let event = 0; event < size; event++) {
    let bits = (packedOf(event) as u32) & 0xffffff;
    if (isFirstTime && (bits & openers) !== 0) {
      if (opened < 0) opened = timeOf(event);
      if (opened < timeOf(event)) bits &= ~ENTRY;
    }
    if ((bits & stepBits) !== 0) bits &= ~exclusionBits;
    if (order !== ANY && (bits & ENTRY) === 0) bits &= ~1;
    store<u32>(cleaned + ((event as usize) << 2), bits);
    allBits |= bits;
  }
}

/** The event after the last of the same millisecond. */
export function endOfMoment(first: i32): i32 {
  const time = timeOf(first);
  let end = first + 1;
  while (end < count && timeOf(end) === time) end += 1;
  return end;
}

/** The first event at or after a time. */
export function firstAt(time: i64): i32 {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
