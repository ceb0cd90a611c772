/** The events of one millisecond form a set, called a moment. */
import { bitsOf, count, endOfMoment, timeOf } from './events';
import { i32At, Room, setI32 } from './lists';

export let momentCount: i32 = 0;

const firstRoom = new Room();
const bitsRoom = new Room();
let firsts: usize = 0;
let momentBits: usize = 0;

export function beginMoments(): void {
  firsts = firstRoom.reserve(((count as usize) + 1) << 2);
  momentBits = bitsRoom.reserve((count as usize) << 2);
  momentCount = 0;
  for (let event = 0; event < count; ) {
    const end = endOfMoment(event);
    let bits: u32 = 0;
    for (let one = event; one < end; one++) bits |= bitsOf(one);
    setI32(firsts, momentCount, event);
    setI32(momentBits, momentCount, bits as i32);
    momentCount += 1;
    event = end;
  }
  setI32(firsts, momentCount, count);
}

/** The moment's first event; that of the moment after it is its end. */
export function firstOf(moment: i32): i32 {
  return i32At(firsts, moment);
}

export function timeOfMoment(moment: i32): i64 {
  return timeOf(i32At(firsts, moment));
}

/** All bits that any of its events bears. */
export function bitsOfMoment(moment: i32): u32 {
  return i32At(momentBits, moment) as u32;
}

export function momentAt(time: i64): i32 {
  let low = 0;
  let high = momentCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOfMoment(middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
