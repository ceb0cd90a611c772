import { readCursor } from './cursor.ts';
import { DEAD_SUFFIX, REPLAY_SUFFIX, readDeadLetters } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import { CORRUPT_SUFFIX } from './quarantine.ts';
import { readChunk } from './read-chunk.ts';
import { parseSegmentName, segmentName } from './segments.ts';

/** What lies in a spool's directory, read off its files: also while a server works on them, or none does. */
export type SpoolContents = {
  segments: number;
  segmentBytes: number;
  /** Rows that no batch has begun with yet, and when the oldest of them was written (ms); 0 if there is none. */
  waitingRows: number;
  oldestWrittenAt: number;
  deadFiles: number;
  deadRows: number;
  replayFiles: number;
  corruptFiles: number;
  corruptBytes: number;
};

const LIMITS = { chunkBytes: 8 * 1024 * 1024, chunkRows: Number.POSITIVE_INFINITY };

export async function inspectSpool(disk: Disk): Promise<SpoolContents> {
  const names = await disk.list();
  const corrupt = names.filter((name) => name.endsWith(CORRUPT_SUFFIX));
  const dead = names.filter((name) => name.endsWith(DEAD_SUFFIX));
  const segments = names.map(parseSegmentName).filter((number) => number !== undefined);
  const waiting = await countWaiting(
    disk,
    segments.sort((a, b) => a - b),
  );
  return {
    segments: segments.length,
    segmentBytes: await sumSizes(
      disk,
      names.filter((name) => parseSegmentName(name) !== undefined),
    ),
    ...waiting,
    deadFiles: dead.length,
    deadRows: (await Promise.all(dead.map((name) => readDeadLetters(disk, name)))).flat().length,
    replayFiles: names.filter((name) => name.endsWith(REPLAY_SUFFIX)).length,
    corruptFiles: corrupt.length,
    corruptBytes: await sumSizes(disk, corrupt),
  };
}

async function countWaiting(disk: Disk, segments: readonly number[]) {
  const cursor = await readCursor(disk);
  let waitingRows = 0;
  let oldestWrittenAt = 0;
  for (const number of segments) {
    if (cursor && number < cursor.segment) continue;
    const segment = { number, bytes: await disk.sizeOf(segmentName(number)), isSealed: true };
    let from = cursor?.segment === number ? cursor.to : 0;
    for (;;) {
      const found = await readChunk(disk, segment, from, LIMITS);
      if (!found) break;
      from = found.to;
      if (!('frames' in found)) continue;
      oldestWrittenAt ||= found.frames[0]?.writtenAt ?? 0;
      for (const frame of found.frames) waitingRows += frame.rowCount;
    }
  }
  return { waitingRows, oldestWrittenAt };
}

async function sumSizes(disk: Disk, names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(names.map((name) => disk.sizeOf(name)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
