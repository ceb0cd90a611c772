import type { EventRow } from '../row.ts';
import { createRowLines } from './row-lines.ts';

/** Rows as the spool keeps them: serialised once, with beside each what the inserter must know without parsing JSON. */
export type SpoolRows = {
  rowCount: number;
  /** One line a row: id, import flag, time, site. ASCII. */
  facts: string;
  /** One JSON object a line, ready for `INSERT … FORMAT JSONEachRow` once its batch id is stamped in. */
  lines: Buffer;
};

/** What the inserter must know of a row. `time` in milliseconds since the epoch. */
export type RowFacts = { eventId: string; isImport: boolean; time: number; siteId: string };

// Twenty digits hold any UInt64; ClickHouse reads leading zeros. Fixed width, so that a batch id is stamped in place.
const BATCH_ID_DIGITS = 20;
const LINE_START = '{"batch_id":"';
const UNSTAMPED = `${LINE_START}${'0'.repeat(BATCH_ID_DIGITS)}"`;

const UUID_LENGTH = 36;

export type ToSpoolRows = (rows: readonly EventRow[]) => SpoolRows;

export function createToSpoolRows(): ToSpoolRows {
  const rowLines = createRowLines();
  return (rows) => {
    let facts = '';
    for (const row of rows) {
      facts += `${row.event_id}${row.sent_by === 'import' ? '1' : '0'}${row.time} ${row.site_id}\n`;
    }
    return { rowCount: rows.length, facts, lines: rowLines.write(rows, UNSTAMPED) };
  };
}

/** Reads such facts. */
export function toRowFacts(facts: string): RowFacts[] {
  return facts
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const space = line.indexOf(' ');
      return {
        eventId: line.slice(0, UUID_LENGTH),
        isImport: line[UUID_LENGTH] === '1',
        time: Number(line.slice(UUID_LENGTH + 1, space)),
        siteId: line.slice(space + 1),
      };
    });
}

/** Writes the batch id (decimal) into every line of `lines`, in place, and gives the lines one by one. */
export function stampBatchId(lines: Buffer, batchId: string): Buffer[] {
  const digits = Buffer.from(batchId.padStart(BATCH_ID_DIGITS, '0'), 'latin1');
  const stamped: Buffer[] = [];
  let from = 0;
  while (from < lines.length) {
    const to = lines.indexOf(0x0a, from) + 1;
    digits.copy(lines, from + LINE_START.length);
    stamped.push(lines.subarray(from, to));
    from = to;
  }
  return stamped;
}

/** The row of one line, for people and for replay. */
export function toEventRow(line: Buffer): EventRow {
  // Our own serialisation of an EventRow, guarded by the frame's checksum.
  const { batch_id: _, ...row } = JSON.parse(line.toString()) as EventRow & { batch_id: string };
  return row;
}
