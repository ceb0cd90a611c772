import { crc32 } from 'node:zlib';
import type { SpoolRows } from './spool-row.ts';

/**
 * A frame is what one commit (or a part of a large one) puts on disk:
 * marker (4 bytes), CRC-32 of all that follows (4), length of facts (4), length of lines (4), rows (4), written at (8, ms),
 * facts, lines. Little-endian.
 */
export type Frame = {
  /** Where it lies in the bytes that were scanned. */
  from: number;
  to: number;
  writtenAt: number;
  rowCount: number;
  facts: Buffer;
  lines: Buffer;
};

// Begins with a zero byte, which JSON text and facts never hold: after damage the next frame can be found. 1 is the version.
const MARKER = Buffer.from([0x00, 0xf0, 0x0f, 0x01]);
const MARKER_VALUE = MARKER.readUInt32LE(0);
export const FRAME_HEADER_BYTES = 28;

/** One frame of several appends' rows, copied once. */
export function encodeFrame(parts: readonly SpoolRows[], writtenAt: number): Buffer {
  let facts = '';
  let rowCount = 0;
  let linesBytes = 0;
  for (const part of parts) {
    facts += part.facts;
    rowCount += part.rowCount;
    linesBytes += part.lines.length;
  }
  // ASCII.
  const factsBytes = facts.length;
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + factsBytes + linesBytes);
  frame.writeUInt32LE(MARKER_VALUE, 0);
  frame.writeUInt32LE(factsBytes, 8);
  frame.writeUInt32LE(linesBytes, 12);
  frame.writeUInt32LE(rowCount, 16);
  frame.writeDoubleLE(writtenAt, 20);
  frame.write(facts, FRAME_HEADER_BYTES, 'latin1');
  let at = FRAME_HEADER_BYTES + factsBytes;
  for (const { lines } of parts) {
    frame.set(lines, at);
    at += lines.length;
  }
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
}

/**
 * What lies at `from`: a whole valid frame; `partial`, its beginning (how many bytes it takes altogether, as far as the
 * header says); or `invalid`, anything else.
 */
export type FrameReading =
  | { kind: 'frame'; frame: Frame }
  | { kind: 'partial'; bytes: number }
  | { kind: 'invalid' };

export function readFrame(bytes: Buffer, from: number): FrameReading {
  const available = bytes.length - from;
  if (available < FRAME_HEADER_BYTES) {
    const start = bytes.subarray(from, from + MARKER.length);
    const fits = start.equals(MARKER.subarray(0, start.length));
    return fits ? { kind: 'partial', bytes: FRAME_HEADER_BYTES } : { kind: 'invalid' };
  }
  if (bytes.readUInt32LE(from) !== MARKER_VALUE) return { kind: 'invalid' };
  const linesFrom = from + FRAME_HEADER_BYTES + bytes.readUInt32LE(from + 8);
  const to = linesFrom + bytes.readUInt32LE(from + 12);
  if (to > bytes.length) return { kind: 'partial', bytes: to - from };
  if (crc32(bytes.subarray(from + 8, to)) !== bytes.readUInt32LE(from + 4)) return { kind: 'invalid' };
  const frame = {
    from,
    to,
    rowCount: bytes.readUInt32LE(from + 16),
    writtenAt: bytes.readDoubleLE(from + 20),
    facts: bytes.subarray(from + FRAME_HEADER_BYTES, linesFrom),
    lines: bytes.subarray(linesFrom, to),
  };
  return { kind: 'frame', frame };
}

/** Where the next frame may begin after `from`; the length of `bytes` if nowhere. */
export function findFrame(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(MARKER, from);
  return found < 0 ? bytes.length : found;
}
