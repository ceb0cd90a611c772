/**
 * The module's doors: `funnel` and `funnelOfDays` decide a block of persons inside the engine, `decideEvents` one for Node.
 * The engine's way of handing over (`ABI BUFFERED_V1`): a handle to where the bytes lie and how many they are.
 */

import { beginList, output } from './answer';
import { beginBucket, gatherEvents, gatheredSales, gatherSales, readBuckets } from './bucket';
import { Arrays, readArrays } from './buffers';
import { decide, filled, furthest, isExcluded } from './decide';
import { readDefinition } from './definition';
import { i64At, Room } from './lists';
import { personCount } from './persons';
import { beginPlaces, placesNow } from './places';
import { sortEvents } from './sort';
import { addAttempt, addExcluded, addSales, beginTally, tallyWords, writeTally } from './tally';
import {
  beginVerdicts,
  copyEvents,
  tellAttempt,
  tellExcluded,
  tellSales,
  verdictWords,
  writeVerdicts,
} from './verdicts';
import * as words from './words';

const input: usize = memory.data(8);
const inputRoom = new Room();
const questions = new Arrays(0, 0);
const events = new Arrays(0, 0);
const codes = new Arrays(0, 0);
const sales = new Arrays(0, 0);

/** Room for what is to be decided next; the one before is forgotten. */
export function clickhouse_create_buffer(size: u32): usize {
  store<u32>(input, inputRoom.reserve(max(size as usize, 8)) as u32);
  store<u32>(input, size, 4);
  return input;
}

export function clickhouse_destroy_buffer(_handle: usize): void {}

/**
 * Columns in: the question, in the first row alone (now, whether entries are wanted, the definition), a person's events in
 * any order, their sales (packed event, currency, amount, and so on). Out: what tally.ts says of all of them in the first
 * row, nothing in the others.
 */
export function funnel(handle: usize, rows: u32): usize {
  if (rows === 0) return writeAnswer(0);
  const block = load<u32>(handle) as usize;
  readArrays(block, 1, events);
  readArrays(block, 2, sales);
  readQuestion(block, false);
  for (let row: i32 = 0; row < (rows as i32); row++) {
    const firstSale = sales.start(row);
    const start = events.start(row);
    sortEvents(events.at(start), events.end(row) - start);
    decideOne(events.at(start), events.end(row) - start, sales.at(firstSale), sales.end(row) - firstSale);
  }
  return writeAnswer(rows);
}

/**
 * The same of days in words (words.ts), a row per bucket of persons. The question says how to read them before the
 * definition. Of each row of a day: whose it is; its day, the length of its sales and of its words (`Head`); the words; how
 * many long words it has, where any are handed over, and these; the sales, their events as long words.
 */
export function funnelOfDays(handle: usize, rows: u32): usize {
  if (rows === 0) return writeAnswer(0);
  const block = load<u32>(handle) as usize;
  readBuckets(block);
  readQuestion(block, true);
  for (let row: i32 = 0; row < (rows as i32); row++) decideBucket(row);
  return writeAnswer(rows);
}

/**
 * As `funnel`, but tells each person's attempt instead of adding them up (verdicts.ts). The second word of the question: whether
 * codes are told by step, also in any order. Of each event besides a code, in the same order.
 */
export function funnelVerdicts(handle: usize, rows: u32): usize {
  if (rows === 0) return writeAnswer(0);
  const block = load<u32>(handle) as usize;
  readArrays(block, 1, events);
  readArrays(block, 2, codes);
  readArrays(block, 3, sales);
  readQuestion(block, false);
  const isByStep = i64At(questions.at(0), 1) !== 0;
  beginVerdicts();
  for (let row: i32 = 0; row < (rows as i32); row++) tellOne(row, isByStep);
  writeVerdicts(beginList(rows, verdictWords()));
  return output;
}

function tellOne(row: i32, isByStep: bool): void {
  const start = events.start(row);
  const count = events.end(row) - start;
  const at = copyEvents(events.at(start), count);
  sortEvents(at, count);
  decide(at, count);
  if (furthest < 0) return;
  if (isExcluded) {
    tellExcluded();
    return;
  }
  beginPlaces();
  const bearers = isByStep ? filled : placesNow();
  const told = tellAttempt(
    at,
    furthest,
    placesNow(),
    bearers,
    events.at(start),
    codes.at(codes.start(row)),
    count,
  );
  const firstSale = sales.start(row);
  const saleWords = sales.end(row) - firstSale;
  if (saleWords > 0) tellSales(told, at, placesNow(), sales.at(firstSale), saleWords);
}

function readQuestion(block: usize, isOfDays: bool): void {
  readArrays(block, 0, questions);
  const count = questions.end(0);
  // Whoever asks without saying what gets no answer.
  if (count < 7) unreachable();
  beginTally(questions.at(0));
  const read = 2 + (isOfDays ? words.beginWords(questions.at(2)) : 0);
  readDefinition(questions.at(read), count - read);
}

function decideBucket(bucket: i32): void {
  beginBucket(bucket);
  for (let person = 0; person < personCount; person++) {
    const at = gatherEvents(person);
    const count = ((words.writtenTo() - at) >> 3) as i32;
    if (!words.mayEnter) continue;
    if (!words.isSorted) sortEvents(at, count);
    if (!hasCounted(at, count)) continue;
    const saleWords = gatherSales(person);
    if (saleWords > 0) addSales(at, placesNow(), gatheredSales, saleWords);
  }
}

function decideOne(at: usize, count: i32, sales: usize, saleWords: i32): void {
  if (hasCounted(at, count) && saleWords > 0) addSales(at, placesNow(), sales, saleWords);
}

/** Decides a person and adds them up; false for who never entered or was excluded. */
function hasCounted(at: usize, count: i32): bool {
  decide(at, count);
  if (furthest < 0) return false;
  if (isExcluded) {
    addExcluded();
    return false;
  }
  beginPlaces();
  addAttempt(at, placesNow(), furthest);
  return true;
}

function writeAnswer(rows: u32): usize {
  const first = beginList(rows, rows === 0 ? 0 : tallyWords());
  if (rows > 0) writeTally(first);
  return output;
}

/** For Node: where to write the definition's words, and then each person's events. */
export function roomFor(words: u32): usize {
  return inputRoom.reserve((words as usize) << 3);
}

export function define(words: usize, count: i32): void {
  readDefinition(words, count);
}

/** The furthest step, with 32 added if the person is excluded; -1 for who never entered. */
export function decideEvents(at: usize, count: i32): i32 {
  decide(at, count);
  return furthest < 0 ? -1 : furthest | (isExcluded ? 32 : 0);
}

/** The event that filled each step, as 32-bit numbers; -1 where none did. */
export function filledAt(): usize {
  return filled;
}

/** Nothing here throws; what would ends the query. */
export function abort(_message: usize, _file: usize, _line: u32, _column: u32): void {
  unreachable();
}
