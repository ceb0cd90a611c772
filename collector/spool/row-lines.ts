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
  let isAscii = true;

  /** The bytes of `JSON.stringify`, for half its cost: nearly all texts need only their quotes (test/bench/ingest). */
  function toFields(row: EventRow): string {
    let fields = '';
    for (const name in row) {
      // A row's own fields, which `for … in` names: nothing inherits from it.
      const value = row[name as keyof EventRow];
      if (value === undefined) continue;
      fields += `,"${name}":`;
      if (typeof value === 'string' && !UNUSUAL.test(value)) fields += `"${value}"`;
      else if (Number.isFinite(value) || typeof value === 'boolean') fields += value;
      else {
        fields += JSON.stringify(value);
        isAscii = false;
      }
    }
    return fields;
  }

  return {
    write(rows, start) {
      let lines = '';
      isAscii = true;
      for (const row of rows) lines += `${start}${toFields(row)}}\n`;
      const mostBytes = isAscii ? lines.length : MOST_BYTES_PER_UNIT * lines.length;
      if (at + mostBytes > bytes.length) {
        bytes = Buffer.allocUnsafeSlow(Math.max(SHARED_BYTES, mostBytes));
        at = 0;
      }
      const from = at;
      at += bytes.write(lines, from, isAscii ? 'latin1' : 'utf8');
      return bytes.subarray(from, at);
    },
  };
}
