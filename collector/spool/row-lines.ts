/** Writes rows as lines of JSON, into a buffer that many share. */
import type { EventRow } from '../row.ts';

export interface RowLines {
  /** Each row a line that begins with `start`; the bytes stay as they are. */
  write(rows: readonly EventRow[], start: string): Buffer;
}

const SHARED_BYTES = 64 * 1024;
const MOST_BYTES_PER_UNIT = 3;
/** What JSON escapes, and whatever is not ASCII. */
const UNUSUAL = /[^ !#-[\]-~]/;

export function createRowLines(): RowLines {
  let bytes = Buffer.allocUnsafeSlow(SHARED_BYTES);
  let at = 0;

  return {
    write(rows, start) {
      let lines = '';
      for (const row of rows) lines += `${start}${toFields(row)}}\n`;
      const most = MOST_BYTES_PER_UNIT * lines.length;
      if (at + most > bytes.length) {
        bytes = Buffer.allocUnsafeSlow(Math.max(SHARED_BYTES, most));
        at = 0;
      }
      const from = at;
      at += bytes.write(lines, from, 'utf8');
      return bytes.subarray(from, at);
    },
  };
}

/** The bytes of `JSON.stringify`, for half its cost: nearly all texts need only their quotes (test/bench/ingest). */
function toFields(row: EventRow): string {
  let fields = '';
  for (const name in row) {
    // A row's own fields, which `for … in` names: nothing inherits from it.
    const value = row[name as keyof EventRow];
    if (value === undefined) continue;
    fields += `,"${name}":`;
    fields += typeof value === 'string' && !UNUSUAL.test(value) ? `"${value}"` : JSON.stringify(value);
  }
  return fields;
}
