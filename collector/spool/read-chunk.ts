import type { Disk } from './disk.ts';
import { type Frame, findFrame, readFrame } from './frame.ts';
import { type Segment, segmentName } from './segments.ts';

/** Consecutive whole frames of one segment. */
export type Chunk = { segment: number; from: number; to: number; frames: Frame[] };

/**
 * Bytes that are no frame. `torn`: the last write of a process that died, never acknowledged. `corrupt`: the disk gave
 * back other bytes than were written.
 */
export type Damage = { segment: number; from: number; to: number; kind: 'torn' | 'corrupt'; bytes: Buffer };

export type Limits = { chunkBytes: number; chunkRows: number };

/** Reads frames from `from` on, up to the limits but at least one; or the damage that lies there; undefined at the end. */
export async function readChunk(
  disk: Disk,
  segment: Segment,
  from: number,
  limits: Limits,
): Promise<Chunk | Damage | undefined> {
  const available = segment.bytes - from;
  if (available <= 0) return undefined;
  const file = await disk.open(segmentName(segment.number));
  try {
    let bytes = await file.read(Math.min(available, limits.chunkBytes), from);
    const first = readFrame(bytes, 0);
    if (first.kind === 'partial' && bytes.length < available) {
      bytes = await file.read(Math.min(available, Math.max(first.bytes, limits.chunkBytes)), from);
    }
    const frames = takeFrames(bytes, limits.chunkRows);
    const last = frames.at(-1);
    if (last) return { segment: segment.number, from, to: from + last.to, frames };
    return toDamage(await file.read(available, from), segment.number, from);
  } finally {
    await file.close();
  }
}

function takeFrames(bytes: Buffer, maxRows: number): Frame[] {
  const frames: Frame[] = [];
  let rows = 0;
  let reading = readFrame(bytes, 0);
  while (reading.kind === 'frame') {
    if (rows > 0 && rows + reading.frame.rowCount > maxRows) break;
    frames.push(reading.frame);
    rows += reading.frame.rowCount;
    if (reading.frame.to === bytes.length) break;
    reading = readFrame(bytes, reading.frame.to);
  }
  return frames;
}

/** Measures the damage at the start of `bytes`: up to the next valid frame, or to the end. */
function toDamage(bytes: Buffer, segment: number, from: number): Damage {
  // Some file systems bring back zeros where a last write had not arrived.
  const mayBeTorn = readFrame(bytes, 0).kind === 'partial' || bytes.every((byte) => byte === 0);
  let next = findFrame(bytes, 1);
  while (next < bytes.length && readFrame(bytes, next).kind !== 'frame') next = findFrame(bytes, next + 1);
  const kind = mayBeTorn && next === bytes.length ? 'torn' : 'corrupt';
  return { segment, from, to: from + next, kind, bytes: bytes.subarray(0, next) };
}
