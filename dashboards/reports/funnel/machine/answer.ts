/** What the engine is handed back: a column of lists, of which the first row's holds all there is to say. */
import { HEADING, writeHeading } from './buffers';
import { Room } from './lists';

/** A handle to the answer as it was written last. */
export const output: usize = memory.data(8);
const outputRoom = new Room();

/** One list in the first row, nothing in the others. Returns where its words go. */
export function beginList(rows: u32, words: i32): usize {
  const answer = outputRoom.reserve(HEADING + (((rows as usize) + (words as usize)) << 3));
  const ends = answer + HEADING;
  const first = ends + ((rows as usize) << 3);
  for (let row: usize = 0; row < (rows as usize); row++) store<u64>(ends + (row << 3), words as u64);
  const end = first + ((words as usize) << 3);
  writeHeading(answer, rows, end);
  store<u32>(output, answer as u32);
  store<u32>(output, (end - answer) as u32, 4);
  return first;
}
