/**
 * The module's two doors: `funnel` decides a block of persons inside the engine, `decideEvents` one person for Node.
 * The engine's way of handing over (`ABI BUFFERED_V1`): a handle to where the bytes lie and how many they are.
 */

import { Arrays, HEADING, readArrays, writeHeading } from './buffers';
import { decide, filled, furthest, isExcluded } from './decide';
import { ANY, order, readDefinition, stepCount } from './definition';
import { i32At, Room, setI32 } from './lists';

const input: usize = memory.data(8);
const output: usize = memory.data(8);
const inputRoom = new Room();
const outputRoom = new Room();
const placed: usize = memory.data(80);
const definitions = new Arrays(0, 0);
const events = new Arrays(0, 0);

/** Room for what is to be decided next; the one before is forgotten. */
export function clickhouse_create_buffer(size: u32): usize {
  store<u32>(input, inputRoom.reserve(max(size as usize, 8)) as u32);
  store<u32>(input, size, 4);
  return input;
}

export function clickhouse_destroy_buffer(_handle: usize): void {}

/**
 * Columns in: the definition (the same in every row), the sorted events. Out: nothing for who never entered; otherwise
 * how far (from 1; with 32 added if an exclusion takes the person out), then the event at each place, 0 for none. Places
 * are steps; in any order they are in the order of time.
 */
export function funnel(handle: usize, rows: u32): usize {
  const block = load<u32>(handle) as usize;
  readArrays(block, 0, definitions);
  readArrays(block, 1, events);
  readDefinition(definitions.at(0), definitions.end(0));
  const answer = outputRoom.reserve(HEADING + (rows as usize) * (((stepCount as usize) + 2) << 3));
  const ends = answer + HEADING;
  const first = ends + ((rows as usize) << 3);
  let next = first;
  for (let row: i32 = 0; row < (rows as i32); row++) {
    const start = events.start(row);
    decide(events.at(start), events.end(row) - start);
    if (furthest >= 0) next = writeVerdict(next, events.at(start));
    store<u64>(ends + ((row as usize) << 3), ((next - first) >> 3) as u64);
  }
  writeHeading(answer, rows, next);
  store<u32>(output, answer as u32);
  store<u32>(output, (next - answer) as u32, 4);
  return output;
}

function writeVerdict(at: usize, events: usize): usize {
  store<u64>(at, ((furthest + 1) | (isExcluded ? 32 : 0)) as u64);
  if (order === ANY) placeByTime();
  for (let place = 0; place < stepCount; place++) {
    const event = i32At(order === ANY ? placed : filled, place);
    store<u64>(at + ((place as usize) << 3), event < 0 ? 0 : load<u64>(events + ((event as usize) << 3)), 8);
  }
  return at + (((stepCount as usize) + 1) << 3);
}

/** Events are sorted, so their numbers tell which came first. */
function placeByTime(): void {
  let count = 0;
  for (let step = 0; step < stepCount; step++) {
    const event = i32At(filled, step);
    if (event < 0) continue;
    let place = count;
    for (; place > 0 && i32At(placed, place - 1) > event; place--)
      setI32(placed, place, i32At(placed, place - 1));
    setI32(placed, place, event);
    count += 1;
  }
  for (; count < stepCount; count++) setI32(placed, count, -1);
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
