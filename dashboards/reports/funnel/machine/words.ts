/**
 * Days as the engine hands them over, in words of 32 bits, so that half as much has to be gathered: the lowest five say what
 * a word is, the others bear a number. A day begins with two for the moment it counts from; an event is the ms since then
 * and the number of a pattern of bits; a sale is seven (day-words.ts of the report writes them).
 */
import { ENTRY } from './definition';
import { i64At, Room, setI64 } from './lists';

export let events: usize = 0;
export let eventCount: i32 = 0;
export let isSorted: bool = true;
/** Packed event, currency, amount, and so on. */
export let sales: usize = 0;
export let saleWords: i32 = 0;

const MOMENT: u32 = 31;
const SALE: u32 = 30;
const SALE_SIZE: i32 = 7;

const eventRoom = new Room();
const saleRoom = new Room();
const patterns: usize = memory.data(256);
let base: i64 = 0;
let lastEntry: i64 = 0;

/** `words`: the moment that times count from, the last at which one may enter, after it; how many patterns, and these. How many words. */
export function beginWords(words: usize): i32 {
  base = i64At(words, 0);
  lastEntry = i64At(words, 1);
  const count = i64At(words, 2) as i32;
  for (let code = 0; code < 32; code++)
    setI64(patterns, code, code > 0 && code <= count ? i64At(words, 2 + code) : 0);
  return 3 + count;
}

export function expand(at: usize, count: i32): void {
  events = eventRoom.reserve((count as usize) << 3);
  saleWords = 0;
  isSorted = true;
  let moment: i64 = 0;
  let before: i64 = 0;
  let out = events;
  for (let word = 0; word < count; ) {
    const code = codeAt(at, word);
    if (code < SALE) {
      const event = packed(moment + numberAt(at, word), code);
      if (event < before) isSorted = false;
      before = event;
      store<i64>(out, event);
      out += 8;
      word += 1;
    } else if (code === MOMENT) {
      moment = ((numberAt(at, word) << 27) | numberAt(at, word + 1)) - base;
      word += 2;
    } else {
      addSale(at, word, moment, count);
      word += SALE_SIZE;
    }
  }
  eventCount = ((out - events) >> 3) as i32;
}

function codeAt(at: usize, word: i32): u32 {
  return load<u32>(at + ((word as usize) << 2)) & 31;
}

function numberAt(at: usize, word: i32): i64 {
  return (load<u32>(at + ((word as usize) << 2)) >> 5) as i64;
}

/** What lies before the period stands at 0. */
function packed(time: i64, code: u32): i64 {
  const isEntry = time > 0 && time <= lastEntry;
  return (max<i64>(time, 0) << 24) | i64At(patterns, code as i32) | select<i64>(ENTRY as i64, 0, isEntry);
}

/** After the moment; pattern; amount in three, currency in two. */
function addSale(at: usize, word: i32, moment: i64, count: i32): void {
  if (saleWords === 0) sales = saleRoom.reserve((count as usize) << 3);
  const event = packed(moment + numberAt(at, word), numberAt(at, word + 1) as u32);
  setI64(sales, saleWords, event);
  setI64(sales, saleWords + 1, numberAt(at, word + 5) | (numberAt(at, word + 6) << 27));
  setI64(
    sales,
    saleWords + 2,
    numberAt(at, word + 2) | (numberAt(at, word + 3) << 27) | (numberAt(at, word + 4) << 54),
  );
  saleWords += 3;
}
