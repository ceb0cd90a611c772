/**
 * Settled days as they are stored. A word of 32 bits: the ms since the day began above 5 bits that say which of the day's
 * names it is, 0 for one that has no place among them. A long word of 64 bits: the ms since 1970 above the 22 bits of a
 * name's code. Here they are turned into events, and what nobody asks for is dropped (the report's day-words.ts writes
 * the question).
 */
import { ANY, ENTRY, order, stepBits } from './definition';
import { i64At, Room, setI64 } from './lists';

/** Whether the events written since `beginPerson` rise. */
export let isSorted: bool = true;
/** Whether any of them may open the funnel. */
export let mayEnter: bool = false;

const PLACE_BITS: i64 = 5;
const PLACES: i32 = 32;
const PLACE_MASK: u32 = 31;
/** Of an event. */
const TIME_SHIFT: i64 = 24;
/** Per list of names, the bits of each place. */
let placePatterns: usize = 0;
/** Per day since the first: when it began, after the base, and where its list's bits lie. */
let days: usize = 0;

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

let out: usize = 0;
let before: i64 = 0;
const eventsRoom = new Room();

/**
 * `words`: the moment that times count from; the last at which one may enter, after it; the bits of names that are not
 * asked for; how many are, and of each its code and its bits; how many lists of names, and of each the bits of its places;
 * how many days, and of each when it began, after the base, and its list. Returns how many words that is.
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
  const lists = 4 + 2 * count;
  placePatterns = words + (((lists as usize) + 1) << 3);
  const dayCount = lists + 1 + (i64At(words, lists) as i32) * PLACES;
  days = words + (((dayCount as usize) + 1) << 3);
  return dayCount + 1 + 2 * (i64At(words, dayCount) as i32);
}

/** Room for as many events as the next person may have at most. Returns where they will lie. */
export function beginPerson(most: i32): usize {
  isSorted = true;
  mayEnter = false;
  before = 0;
  out = eventsRoom.reserve((most as usize) << 3);
  return out;
}

/** Where the next event would be written. */
export function writtenTo(): usize {
  return out;
}

/**
 * Adds the events of a day, counted from the first. All of a day lie before the period, in it, or after it; in one
 * millisecond they may lie in another order than here.
 */
export function addDay(day: i32, words: usize, count: i32): void {
  const start = i64At(days, 2 * day);
  if (start <= 0) {
    addDayBefore(day, words, count);
    return;
  }
  const entry: i64 = start <= lastEntry ? (ENTRY as i64) : 0;
  const bitsOfPlaces = bitsOfPlacesOn(day);
  const end = words + ((count as usize) << 2);
  const first = (start << TIME_SHIFT) | entry;
  let to = out;
  let latest = before;
  let all: i64 = 0;
  let falls: i32 = 0;
  // Selected, not branched upon: nobody could foretell which names are asked for.
  for (let at = words; at < end; at += 4) {
    const word = load<u32>(at);
    const bits = load<i64>(bitsOfPlaces + (((word & PLACE_MASK) as usize) << 3));
    const event = first + (((word & ~PLACE_MASK) as i64) << (TIME_SHIFT - PLACE_BITS)) + bits;
    store<i64>(to, event);
    const isAsked = bits !== 0;
    falls |= (isAsked & (event < latest)) as i32;
    latest = select<i64>(event, latest, isAsked);
    to += select<usize>(8, 0, isAsked);
    all |= bits;
  }
  out = to;
  before = latest;
  if (falls !== 0) isSorted = false;
  if (entry !== 0 && (all & openers()) !== 0) mayEnter = true;
}

function addDayBefore(day: i32, words: usize, count: i32): void {
  const bitsOfPlaces = bitsOfPlacesOn(day);
  const end = words + ((count as usize) << 2);
  for (let at = words; at < end; at += 4) {
    const bits = load<i64>(bitsOfPlaces + (((load<u32>(at) & PLACE_MASK) as usize) << 3));
    if (bits !== 0) add(0, bits);
  }
}

function bitsOfPlacesOn(day: i32): usize {
  return placePatterns + (((i64At(days, 2 * day + 1) as usize) * (PLACES as usize)) << 3);
}

export function addLongWords(words: usize, count: i32): void {
  const end = words + ((count as usize) << 3);
  for (let at = words; at < end; at += 8) {
    const word = load<u64>(at);
    const bits = bitsOf((word as u32) & NAME_MASK);
    if (bits !== 0) add(((word >> NAME_BITS) as i64) - base, bits);
  }
}

function add(time: i64, bits: i64): void {
  const event = toEvent(time, bits);
  if (event < before) isSorted = false;
  before = event;
  if ((event & ENTRY) !== 0 && (bits & openers()) !== 0) mayEnter = true;
  store<i64>(out, event);
  out += 8;
}

/** The steps that one may enter by. */
function openers(): i64 {
  return order === ANY ? (stepBits as i64) : 1;
}

/** Of each sale the first of its three words, a long one; those of names that nobody asks for fit no event. */
export function toSales(at: usize, count: i32): void {
  for (let sale = 0; sale < count; sale += 3) {
    const word = i64At(at, sale) as u64;
    const bits = bitsOf((word as u32) & NAME_MASK);
    setI64(at, sale, bits === 0 ? -1 : toEvent(((word >> NAME_BITS) as i64) - base, bits));
  }
}

/** What lies before the period stands at 0. */
function toEvent(time: i64, bits: i64): i64 {
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
