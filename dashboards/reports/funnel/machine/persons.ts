/**
 * Which rows of a bucket are whose. The engine gathers what visitors did by a part of their number only, so that it keeps
 * few long lists instead of very many short ones; here a bucket's rows are put together by person.
 */
import { i32At, Room, setI32 } from './lists';

export let personCount: i32 = 0;

const slotRoom = new Room();
const firstRoom = new Room();
const lastRoom = new Room();
const nextRoom = new Room();
let firsts: usize = 0;
let nexts: usize = 0;

/** `subjects`: whose each row is; `ranks`: in which order a person's rows are to come, most of which lie in it. */
export function beginPersons(subjects: usize, ranks: usize, rows: i32): void {
  let mask: u32 = 15;
  while (mask < (rows as u32) * 2) mask = (mask << 1) | 1;
  const slots = slotRoom.reserve(((mask as usize) + 1) << 2);
  memory.fill(slots, 0, ((mask as usize) + 1) << 2);
  firsts = firstRoom.reserve((rows as usize) << 2);
  nexts = nextRoom.reserve((rows as usize) << 2);
  const lasts = lastRoom.reserve((rows as usize) << 2);
  personCount = 0;
  for (let row = 0; row < rows; row++) {
    setI32(nexts, row, -1);
    const subject = wordAt(subjects, row);
    let slot = mix(subject) & mask;
    let person = i32At(slots, slot) - 1;
    while (person >= 0 && wordAt(subjects, i32At(firsts, person)) !== subject) {
      slot = (slot + 1) & mask;
      person = i32At(slots, slot) - 1;
    }
    if (person < 0) {
      person = personCount;
      personCount += 1;
      setI32(slots, slot, personCount);
      setI32(firsts, person, row);
      setI32(lasts, person, row);
    } else {
      const last = i32At(lasts, person);
      if (wordAt(ranks, last) > wordAt(ranks, row) && insert(ranks, person, row)) continue;
      setI32(nexts, last, row);
      setI32(lasts, person, row);
    }
  }
}

/** The first row of a person. */
export function firstRowOf(person: i32): i32 {
  return i32At(firsts, person);
}

/** The row after it of the same person; -1 after the last. */
export function nextRow(row: i32): i32 {
  return i32At(nexts, row);
}

/** Further back than that a row is not put: its events are sorted in then. */
const LONGEST_WALK: i32 = 64;

/** Before the first row of a higher rank, of which there is one. False where that is too far away. */
function insert(ranks: usize, person: i32, row: i32): bool {
  const rank = wordAt(ranks, row);
  let after = i32At(firsts, person);
  if (wordAt(ranks, after) > rank) {
    setI32(nexts, row, after);
    setI32(firsts, person, row);
    return true;
  }
  for (let walk = 0; walk < LONGEST_WALK; walk++) {
    const next = i32At(nexts, after);
    if (wordAt(ranks, next) > rank) {
      setI32(nexts, row, next);
      setI32(nexts, after, row);
      return true;
    }
    after = next;
  }
  return false;
}

function wordAt(words: usize, row: i32): u64 {
  return load<u64>(words + ((row as usize) << 3));
}

/** All of a bucket agree in their lowest bits. */
function mix(subject: u64): u32 {
  const mixed = (subject >> 10) * 0x9e3779b97f4b;
  return (mixed ^ (mixed >> 29)) as u32;
}
