import type { Committer } from './commit.ts';
import type { Cursor, CursorRecord } from './cursor.ts';
import type { Disk } from './disk.ts';
import type { Frame } from './frame.ts';
import { type Chunk, type Damage, type Limits, readChunk } from './read-chunk.ts';
import { type Segment, type Segments, segmentName } from './segments.ts';
import { writeWhole } from './write-whole.ts';

/** The inserter's side of the spool: one reader, one batch at a time, oldest first. */
export interface Drain {
  /** The next frames that are on disk and not finished yet; undefined when there are none. Does not advance. */
  next(limits: Limits): Promise<Chunk | undefined>;
  /** Reads a batch begun by an earlier process again, without what is damaged; undefined if its segment is gone. */
  again(record: CursorRecord): Promise<Chunk | undefined>;
  /** Writes down, durably, that this batch is about to be inserted under this id. */
  begin(chunk: Chunk, batchId: string): Promise<void>;
  /** Everything in the chunk is stored or accounted for: go past it, and delete what has been read to its end. */
  finish(chunk: Chunk): Promise<void>;
  /** Gives up a segment that is read to its end though not full, so that stored rows do not linger on the disk. */
  sweep(): Promise<void>;
  /** Resolves at the next commit, or at once if there was one since `next` last looked. */
  committed(): Promise<void>;
  wake(): void;
  oldestAgeMs(): number;
  tornBytes(): number;
  corruptBytes(): number;
  quarantineBytes(): number;
  /** Rows that corrupt ranges may have held, since this process started: half their newlines. */
  corruptRows(): number;
  close(): Promise<void>;
}

export type DrainOptions = {
  disk: Disk;
  segments: Segments;
  cursor: Cursor;
  committer: Committer;
  /** Written into every cursor record. */
  doubtfulUpTo: number;
  /** What earlier processes put aside. */
  quarantineBytes: number;
  now: () => number;
  log: (message: string) => void;
};

export const CORRUPT_SUFFIX = '.corrupt';

/** After so many reads that the disk refused, a segment is given up. */
const READ_PATIENCE = 20;

/** An open segment that is read to its end is given up once it holds this much. */
const SWEEP_BYTES = 1024 * 1024;

export function createDrain(options: DrainOptions): Drain {
  const { disk, segments, cursor, committer, doubtfulUpTo, now, log } = options;
  // Nothing before this is wanted any more. An unfinished batch is read again from its start.
  let position = { segment: cursor.last?.segment ?? 0, from: cursor.last?.from ?? 0 };
  let sequence = cursor.last?.sequence ?? 0;
  let oldestWrittenAt: number | undefined;
  let failedReads = 0;
  let tornBytes = 0;
  let corruptBytes = 0;
  let corruptRows = 0;
  let { quarantineBytes } = options;
  let commits = 0;
  let commitsSeen = 0;
  let wakeSleeper: (() => void) | undefined;

  async function next(limits: Limits): Promise<Chunk | undefined> {
    commitsSeen = commits;
    for (;;) {
      const segment = await currentSegment();
      if (!segment) return undefined;
      const from = segment.number === position.segment ? position.from : 0;
      // As it is now: while we read, a commit may add to it and the next one seal it.
      const { isSealed } = segment;
      const found = await readOrGiveUp(segment, from, limits);
      if (found && 'frames' in found) {
        oldestWrittenAt = found.frames[0]?.writtenAt;
        return found;
      }
      if (found) await putAside(found);
      else if (!isSealed) {
        oldestWrittenAt = undefined;
        return undefined;
      }
      position = { segment: segment.number, from: found?.to ?? segment.bytes };
    }
  }

  /** A segment that cannot be read time and again must not hold up all that come after it. */
  async function readOrGiveUp(
    segment: Segment,
    from: number,
    limits: Limits,
  ): Promise<Chunk | Damage | undefined> {
    try {
      const found = await readChunk(disk, segment, from, limits);
      failedReads = 0;
      return found;
    } catch (error) {
      failedReads += 1;
      const isUnreadable = error instanceof Error && 'code' in error && error.code === 'EIO';
      if (!isUnreadable || failedReads < READ_PATIENCE || !segment.isSealed) throw error;
      failedReads = 0;
      const name = `${segment.number}-${from}-${now()}${CORRUPT_SUFFIX}`;
      await disk.rename(segmentName(segment.number), name);
      await segments.remove(segment.number);
      corruptBytes += segment.bytes - from;
      quarantineBytes += segment.bytes;
      corruptRows += 1;
      log(`Segment ${segment.number} cannot be read from byte ${from} on: put aside as ${name}`);
      return undefined;
    }
  }

  /** The segment to read from; removes those before it, and itself once it is sealed and read to its end. */
  async function currentSegment(): Promise<Segment | undefined> {
    for (const segment of segments.all()) {
      if (segment.number < position.segment) await segments.remove(segment.number);
      else if (segment.number === position.segment && segment.isSealed && position.from >= segment.bytes)
        await segments.remove(segment.number);
      else return segment;
    }
    oldestWrittenAt = undefined;
    return undefined;
  }

  async function putAside(damage: Damage): Promise<void> {
    const { segment, from, to, kind, bytes } = damage;
    if (kind === 'torn') {
      tornBytes += bytes.length;
      log(
        `Cut ${bytes.length} bytes of a torn last write off segment ${segment}: nobody was told they were safe`,
      );
      return;
    }
    const name = `${segment}-${from}-${now()}${CORRUPT_SUFFIX}`;
    await writeWhole(disk, name, bytes);
    corruptBytes += bytes.length;
    quarantineBytes += bytes.length;
    corruptRows += Math.max(1, Math.ceil(bytes.filter((byte) => byte === 0x0a).length / 2));
    log(`Bytes ${from} to ${to} of segment ${segment} are corrupt: put aside as ${name}`);
  }

  return {
    next,
    async again(record) {
      const segment = segments.find(record.segment);
      if (!segment) return undefined;
      const upTo = { ...segment, bytes: Math.min(segment.bytes, record.to) };
      const limits = { chunkBytes: record.to - record.from, chunkRows: Number.POSITIVE_INFINITY };
      const frames: Frame[] = [];
      let to = record.from;
      for (
        let found = await readChunk(disk, upTo, to, limits);
        found;
        found = await readChunk(disk, upTo, to, limits)
      ) {
        if ('frames' in found) frames.push(...found.frames);
        else await putAside(found);
        to = found.to;
      }
      oldestWrittenAt = frames[0]?.writtenAt;
      return { segment: record.segment, from: record.from, to, frames };
    },
    async begin({ segment, from, to }, batchId) {
      // A failed write is repeated in the same slot: the other one still holds the batch before.
      await cursor.write({ sequence: sequence + 1, segment, from, to, batchId, doubtfulUpTo });
      sequence += 1;
    },
    async finish(chunk) {
      position = { segment: chunk.segment, from: chunk.to };
      oldestWrittenAt = undefined;
      const segment = segments.find(chunk.segment);
      if (segment && !segment.isSealed && segment.bytes >= SWEEP_BYTES && segment.bytes === chunk.to)
        committer.seal();
      await currentSegment();
    },
    async sweep() {
      const segment = segments.find(position.segment);
      if (!segment || position.from < segment.bytes || segments.after(segment.number)) return;
      if (committer.seal()) await currentSegment();
    },
    committed: () =>
      new Promise((resolve) => {
        if (commits !== commitsSeen) resolve();
        else wakeSleeper = resolve;
      }),
    wake() {
      commits += 1;
      wakeSleeper?.();
      wakeSleeper = undefined;
    },
    oldestAgeMs: () => (oldestWrittenAt === undefined ? 0 : Math.max(0, now() - oldestWrittenAt)),
    tornBytes: () => tornBytes,
    corruptBytes: () => corruptBytes,
    quarantineBytes: () => quarantineBytes,
    corruptRows: () => corruptRows,
    close: () => cursor.close(),
  };
}
