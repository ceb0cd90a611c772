/**
 * Sorts a person's events: packed words, so the time counts first. They come as runs in order already (a day, a block of
 * the table), so runs are merged two by two until one is left.
 */
import { copyWords, i32At, Room, setI32 } from './lists';

const mergedRoom = new Room();
const endsRoom = new Room();

function wordAt(words: usize, index: i32): u64 {
  return load<u64>(words + ((index as usize) << 3));
}

function setWord(words: usize, index: i32, word: u64): void {
  store<u64>(words + ((index as usize) << 3), word);
}

export function sortEvents(words: usize, count: i32): void {
  let end = runEnd(words, 0, count);
  if (end >= count) return;
  const ends = endsRoom.reserve((count as usize) << 2);
  let runs = 0;
  for (let from = 0; from < count; from = end) {
    end = runEnd(words, from, count);
    setI32(ends, runs, end);
    runs += 1;
  }
  const merged = mergedRoom.reserve((count as usize) << 3);
  while (runs > 1) {
    runs = mergePairs(words, merged, ends, runs);
    copyWords(words, merged, count);
  }
}

/** Where the words that rise from `from` on end. */
function runEnd(words: usize, from: i32, count: i32): i32 {
  let end = from + 1;
  while (end < count && wordAt(words, end - 1) <= wordAt(words, end)) end += 1;
  return end;
}

/** How many runs are left. */
function mergePairs(words: usize, merged: usize, ends: usize, runs: i32): i32 {
  let left = 0;
  let from = 0;
  for (let run = 0; run < runs; run += 2) {
    const middle = i32At(ends, run);
    const end = run + 1 < runs ? i32At(ends, run + 1) : middle;
    merge(words, merged, from, middle, end);
    setI32(ends, left, end);
    left += 1;
    from = end;
  }
  return left;
}

function merge(words: usize, merged: usize, from: i32, middle: i32, end: i32): void {
  let one = from;
  let other = middle;
  for (let to = from; to < end; to++) {
    if (other >= end || (one < middle && wordAt(words, one) <= wordAt(words, other))) {
      setWord(merged, to, wordAt(words, one));
      one += 1;
    } else {
      setWord(merged, to, wordAt(words, other));
      other += 1;
    }
  }
}
