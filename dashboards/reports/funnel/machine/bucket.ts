/** A bucket of persons as the engine hands it over: one list after the other, each with all its rows; and what is one person's of it. */
import { Arrays, readArrays } from './buffers';
import { copyWords, i32At, i64At, Room, setI32 } from './lists';
import { beginPersons, firstRowOf, nextRow } from './persons';
import * as words from './words';

/** A head: the day, counted from the first that is read, above the length of the sales above that of the words. */
const WORD_BITS: u64 = 26;
const SALE_BITS: u64 = 24;
const WORD_MASK: u64 = (1 << 26) - 1;
const SALE_MASK: u64 = (1 << 24) - 1;

/** What the sales of a person are gathered in. */
export let gatheredSales: usize = 0;

const salesRoom = new Room();
/** Per row, where its words, its long words and its sales begin. */
const wordRoom = new Room();
const longRoom = new Room();
const saleRoom = new Room();
let wordStarts: usize = 0;
let longStarts: usize = 0;
let saleStarts: usize = 0;
let heads: usize = 0;
let longCounts: usize = 0;
let dayWords: usize = 0;
let longWords: usize = 0;
let sales: usize = 0;

const subjectLists = new Arrays(0, 0);
const headLists = new Arrays(0, 0);
const wordLists = new Arrays(0, 0);
const longCountLists = new Arrays(0, 0);
const longLists = new Arrays(0, 0);
const saleLists = new Arrays(0, 0);

/** The columns after the question: see `funnelOfDays` of main.ts. */
export function readBuckets(block: usize): void {
  readArrays(block, 1, subjectLists);
  readArrays(block, 2, headLists);
  readArrays(block, 3, wordLists);
  readArrays(block, 4, longCountLists);
  readArrays(block, 5, longLists);
  readArrays(block, 6, saleLists);
}

export function beginBucket(bucket: i32): void {
  const first = subjectLists.start(bucket);
  const rows = subjectLists.end(bucket) - first;
  heads = headLists.at(headLists.start(bucket));
  dayWords = wordLists.values + ((wordLists.start(bucket) as usize) << 2);
  longWords = longLists.at(longLists.start(bucket));
  sales = saleLists.at(saleLists.start(bucket));
  const firstCount = longCountLists.start(bucket);
  longCounts = longCountLists.end(bucket) > firstCount ? longCountLists.at(firstCount) : 0;
  placeRows(rows);
  beginPersons(subjectLists.at(first), heads, rows);
}

function placeRows(rows: i32): void {
  wordStarts = wordRoom.reserve((rows as usize) << 2);
  longStarts = longRoom.reserve((rows as usize) << 2);
  saleStarts = saleRoom.reserve((rows as usize) << 2);
  let word = 0;
  let long = 0;
  let sale = 0;
  for (let row = 0; row < rows; row++) {
    setI32(wordStarts, row, word);
    setI32(longStarts, row, long);
    setI32(saleStarts, row, sale);
    word += wordsIn(row);
    long += longsIn(row);
    sale += salesIn(row);
  }
}

function wordsIn(row: i32): i32 {
  return ((i64At(heads, row) as u64) & WORD_MASK) as i32;
}

function salesIn(row: i32): i32 {
  return (((i64At(heads, row) as u64) >> WORD_BITS) & SALE_MASK) as i32;
}

function dayOf(row: i32): i32 {
  return ((i64At(heads, row) as u64) >> (WORD_BITS + SALE_BITS)) as i32;
}

function longsIn(row: i32): i32 {
  return longCounts === 0 ? 0 : (i64At(longCounts, row) as i32);
}

/** Returns where the person's events lie; they end at `writtenTo`. */
export function gatherEvents(person: i32): usize {
  let most = 0;
  for (let row = firstRowOf(person); row >= 0; row = nextRow(row)) most += wordsIn(row) + longsIn(row);
  const at = words.beginPerson(most);
  for (let row = firstRowOf(person); row >= 0; row = nextRow(row)) {
    if (wordsIn(row) > 0)
      words.addDay(dayOf(row), dayWords + ((i32At(wordStarts, row) as usize) << 2), wordsIn(row));
    if (longsIn(row) > 0)
      words.addLongWords(longWords + ((i32At(longStarts, row) as usize) << 3), longsIn(row));
  }
  return at;
}

/** Returns how many words lie at `gatheredSales`, as addSales takes them. */
export function gatherSales(person: i32): i32 {
  let count = 0;
  for (let row = firstRowOf(person); row >= 0; row = nextRow(row)) count += salesIn(row);
  if (count === 0) return 0;
  gatheredSales = salesRoom.reserve((count as usize) << 3);
  let to = gatheredSales;
  for (let row = firstRowOf(person); row >= 0; row = nextRow(row)) {
    copyWords(to, sales + ((i32At(saleStarts, row) as usize) << 3), salesIn(row));
    to += (salesIn(row) as usize) << 3;
  }
  words.toSales(gatheredSales, count);
  return count;
}
