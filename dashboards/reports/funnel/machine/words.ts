/**
 * Settled days as they are stored: a word of 64 bits is the ms since 1970 above the 22 bits of a name's code. They are
 * turned into events where they lie, and what nobody asks for is dropped (the report's day-words.ts writes the question).
 */
import { ENTRY } from './definition';
import { i64At, setI64 } from './lists';

export let isSorted: bool = true;

const NAME_BITS: u64 = 22;
const NAME_MASK: u32 = 0x3fffff;
/** By the lowest 12 bits of a code, or the next free one after it: which of the names it is, from 1. */
const SLOT_MASK: u32 = 0xfff;
const slots: usize = memory.data(4096);
const MOST_NAMES: i32 = 255;
const codes: usize = memory.data(1024);
const patterns: usize = memory.data(2048);
let others: i64 = 0;
let base: i64 = 0;
let lastEntry: i64 = 0;

/**
 * `words`: the moment that times count from; the last at which one may enter, after it; the bits of names that are not
 * asked for; how many are, and of each its code and its bits. Returns how many words that is.
 */
export function beginWords(words: usize): i32 {
  base = i64At(words, 0);
  lastEntry = i64At(words, 1);
  others = i64At(words, 2);
  const count = min(i64At(words, 3) as i32, MOST_NAMES);
  memory.fill(slots, 0, 4096);
  for (let name = 1; name <= count; name++) {
    const code = i64At(words, 2 + 2 * name) as u32;
    let slot = code & SLOT_MASK;
    while (load<u8>(slots + slot) !== 0) slot = (slot + 1) & SLOT_MASK;
    store<u8>(slots + slot, name as u8);
    store<u32>(codes + ((name as usize) << 2), code);
    setI64(patterns, name, i64At(words, 3 + 2 * name));
  }
  return 4 + 2 * count;
}

/** Returns how many events are left of the words. */
export function toEvents(at: usize, count: i32): i32 {
  isSorted = true;
  const end = at + ((count as usize) << 3);
  let before: i64 = 0;
  let out = at;
  for (let word = at; word < end; word += 8) {
    const event = toEvent(load<u64>(word));
    if (event < 0) continue;
    if (event < before) isSorted = false;
    before = event;
    store<i64>(out, event);
    out += 8;
  }
  return ((out - at) >> 3) as i32;
}

/** Of each sale the first of its three words; those of names that nobody asks for fit no event. */
export function toSales(at: usize, count: i32): void {
  for (let sale = 0; sale < count; sale += 3) setI64(at, sale, toEvent(i64At(at, sale) as u64));
}

/** What lies before the period stands at 0. -1 if nobody asks for it. */
function toEvent(word: u64): i64 {
  const bits = bitsOf((word as u32) & NAME_MASK);
  if (bits === 0) return -1;
  const time = ((word >> NAME_BITS) as i64) - base;
  const isEntry = time > 0 && time <= lastEntry;
  return (max<i64>(time, 0) << 24) | bits | select<i64>(ENTRY as i64, 0, isEntry);
}

function bitsOf(code: u32): i64 {
  let slot = code & SLOT_MASK;
  let name = load<u8>(slots + slot) as usize;
  while (name !== 0) {
    if (load<u32>(codes + (name << 2)) === code) return load<i64>(patterns + (name << 3));
    slot = (slot + 1) & SLOT_MASK;
    name = load<u8>(slots + slot) as usize;
  }
  return others;
}
