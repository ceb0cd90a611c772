/**
 * Writes rows as lines of JSON, byte by byte into a buffer that many share: the bytes are those of `JSON.stringify`, at
 * two fifths of its cost with the joining and encoding that follow it (test/bench/ingest).
 */
import type { EventRow } from '../row.ts';

export interface RowLines {
  /** Each row a line, behind `start`; the bytes stay as they are. */
  write(rows: readonly EventRow[], start: Uint8Array): Buffer;
}

const SHARED_BYTES = 64 * 1024;
// A character takes at most six bytes (\u001f), a number 24; then there are quotes, colon, comma, brace, line feed.
const BYTES_PER_CHARACTER = 6;
const ROOM_BESIDES = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSING_BRACE = 0x7d;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TILDE = 0x7e;

/** False if it holds what JSON escapes, or what is more than a byte in UTF-8. */
function addAscii(text: string, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH) return false;
    bytes[at + index] = code;
  }
  return true;
}

export function createRowLines(): RowLines {
  let bytes = Buffer.allocUnsafeSlow(SHARED_BYTES);
  let from = 0;
  let at = 0;

  /** Makes room for so many more; what is being written moves with it. */
  function ensure(more: number): void {
    if (at + more <= bytes.length) return;
    const written = bytes.subarray(from, at);
    bytes = Buffer.allocUnsafeSlow(Math.max(SHARED_BYTES, 2 * (written.length + more)));
    bytes.set(written, 0);
    at = written.length;
    from = 0;
  }

  function addText(text: string): void {
    ensure(BYTES_PER_CHARACTER * text.length + ROOM_BESIDES);
    const to = at + 1 + text.length;
    if (!addAscii(text, bytes, at + 1)) {
      addJson(text);
      return;
    }
    bytes[at] = QUOTE;
    bytes[to] = QUOTE;
    at = to + 1;
  }

  /** Text that needs no quotes, of ASCII. */
  function addPlain(text: string): void {
    addAscii(text, bytes, at);
    at += text.length;
  }

  /** Whatever is rarer. */
  function addJson(value: unknown): void {
    const json = JSON.stringify(value);
    ensure(3 * json.length + ROOM_BESIDES);
    at += bytes.write(json, at, 'utf8');
  }

  function addField(name: string, value: unknown): void {
    ensure(name.length + ROOM_BESIDES);
    bytes[at++] = QUOTE;
    addPlain(name);
    bytes[at++] = QUOTE;
    bytes[at++] = COLON;
    if (typeof value === 'string') addText(value);
    else if (Number.isFinite(value)) addPlain(String(value));
    else addJson(value);
  }

  function addRow(row: EventRow): void {
    let isFirst = true;
    for (const name in row) {
      // A row's own fields, which `for … in` names: nothing inherits from it.
      const value = row[name as keyof EventRow];
      if (value === undefined) continue;
      if (!isFirst) bytes[at++] = COMMA;
      isFirst = false;
      addField(name, value);
    }
    ensure(ROOM_BESIDES);
    bytes[at++] = CLOSING_BRACE;
    bytes[at++] = LINE_FEED;
  }

  return {
    write(rows, start) {
      from = at;
      for (const row of rows) {
        ensure(start.length + ROOM_BESIDES);
        bytes.set(start, at);
        at += start.length;
        addRow(row);
      }
      return bytes.subarray(from, at);
    },
  };
}
