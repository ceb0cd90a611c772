/**
 * Adds up what was decided of a block of persons, so that little has to leave the module: counts and sums per step, and of
 * what medians are taken from, lists. In the words of engine-figures.ts.
 */
import { stepCount, windowMs } from './definition';
import { fillI64, i32At, i64At, MOST_STEPS, Stack, setI64 } from './lists';

/** Persons that an exclusion takes out; then per step: furthest, of these still open, filled, ms from the previous, ms from the first. */
const COUNTS: i32 = 1 + 5 * MOST_STEPS;
const FURTHEST: i32 = 1;
const OPEN: i32 = FURTHEST + MOST_STEPS;
const FILLED: i32 = OPEN + MOST_STEPS;
const GAP_SUM: i32 = FILLED + MOST_STEPS;
const TOTAL_SUM: i32 = GAP_SUM + MOST_STEPS;
const counts: usize = memory.data(808);

/** Per step the ms from the previous one, then per step those from the first, then the entries and what was paid. */
const LISTS: i32 = 2 * MOST_STEPS + 4;
const ENTRIES: i32 = 2 * MOST_STEPS;
const PAID_STEPS: i32 = ENTRIES + 1;
const PAID_CURRENCIES: i32 = ENTRIES + 2;
const PAID_AMOUNTS: i32 = ENTRIES + 3;
const lists = new StaticArray<Stack>(LISTS);
for (let list = 0; list < LISTS; list++) lists[list] = new Stack();

let now: i64 = 0;
let wantsEntries: bool = false;

/** `words`: now, in ms after what packed times count from; whether to list the entries. */
export function beginTally(words: usize): void {
  now = i64At(words, 0);
  wantsEntries = i64At(words, 1) !== 0;
  fillI64(counts, COUNTS, 0);
  for (let list = 0; list < LISTS; list++) lists[list].count = 0;
}

export function addExcluded(): void {
  add(0, 1);
}

/** `places`: which event was filled at each step (`any`: the first, second, …), -1 for none. */
export function addAttempt(events: usize, places: usize, furthest: i32): void {
  const start = timeAt(events, places, 0);
  const hasConverted = furthest === stepCount - 1;
  const isOpen = isOpenAt(events, places, furthest);
  add(FURTHEST + furthest, 1);
  if (isOpen) add(OPEN + furthest, 1);
  add(FILLED, 1);
  let previous = start;
  for (let step = 1; step <= furthest; step++) {
    if (i32At(places, step) < 0) continue;
    const time = timeAt(events, places, step);
    add(FILLED + step, 1);
    add(GAP_SUM + step, time - previous);
    add(TOTAL_SUM + step, time - start);
    lists[step].push(time - previous);
    // From the first to the second step they are the same.
    if (step > 1) lists[MOST_STEPS + step].push(time - start);
    previous = time;
  }
  if (wantsEntries) lists[ENTRIES].push((start << 2) | (hasConverted ? 2 : 0) | (isOpen ? 1 : 0));
}

/** Not at the last step, and the window is not over. */
export function isOpenAt(events: usize, places: usize, furthest: i32): bool {
  return furthest < stepCount - 1 && now < timeAt(events, places, 0) + windowMs;
}

/** What the filled steps brought. `sales`: packed event, currency, amount, and so on. */
export function addSales(events: usize, places: usize, sales: usize, count: i32): void {
  for (let step = 0; step < stepCount; step++) {
    const sale = saleOf(step, events, places, sales, count);
    if (sale < 0) continue;
    lists[PAID_STEPS].push((step + 1) as i64);
    lists[PAID_CURRENCIES].push(i64At(sales, sale + 1));
    lists[PAID_AMOUNTS].push(i64At(sales, sale + 2));
  }
}

/**
 * The sale that filled a step; -1 for none. Events that agree in time and bits are one to the machine: the least of their
 * sales is the first such step's, the next the second's, so that none counts twice.
 */
export function saleOf(step: i32, events: usize, places: usize, sales: usize, count: i32): i32 {
  if (i32At(places, step) < 0) return -1;
  const packed = i64At(events, i32At(places, step));
  let after = -1;
  for (let before = 0; before < step; before++)
    if (i32At(places, before) >= 0 && i64At(events, i32At(places, before)) === packed)
      after = nextSale(sales, count, packed, after);
  return nextSale(sales, count, packed, after);
}

/** The least sale of the event that is more than the one at `after`; -1 for none. */
function nextSale(sales: usize, count: i32, packed: i64, after: i32): i32 {
  let least = -1;
  for (let sale = 0; sale < count; sale += 3) {
    if (i64At(sales, sale) !== packed || (after >= 0 && !isLess(sales, after, sale))) continue;
    if (least < 0 || isLess(sales, sale, least)) least = sale;
  }
  return least;
}

/** By currency, in the alphabet's order; then by amount; then by place. */
function isLess(sales: usize, one: i32, other: i32): bool {
  const currency = bswap<u64>(i64At(sales, one + 1) as u64);
  const otherCurrency = bswap<u64>(i64At(sales, other + 1) as u64);
  if (currency !== otherCurrency) return currency < otherCurrency;
  const amount = i64At(sales, one + 2);
  const otherAmount = i64At(sales, other + 2);
  return amount === otherAmount ? one < other : amount < otherAmount;
}

/** Of the event at a place. */
export function timeAt(events: usize, places: usize, place: i32): i64 {
  return (load<u64>(events + ((i32At(places, place) as usize) << 3)) >> 24) as i64;
}

function add(place: i32, value: i64): void {
  setI64(counts, place, i64At(counts, place) + value);
}

/** How many words `writeTally` writes. */
export function tallyWords(): i32 {
  let words = COUNTS + 2 * LISTS;
  for (let list = 0; list < LISTS; list++) words += lists[list].count;
  return words;
}

/** The counts; where each list begins (from 1) and how long it is; the lists. */
export function writeTally(at: usize): void {
  memory.copy(at, counts, (COUNTS as usize) << 3);
  let next = COUNTS + 2 * LISTS;
  for (let list = 0; list < LISTS; list++) {
    const count = lists[list].count;
    setI64(at, COUNTS + 2 * list, next + 1);
    setI64(at, COUNTS + 2 * list + 1, count);
    memory.copy(at + ((next as usize) << 3), lists[list].at, (count as usize) << 3);
    next += count;
  }
}
