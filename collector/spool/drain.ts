import type { Committer } from './commit.ts';
import type { Cursor, CursorRecord } from './cursor.ts';
import type { Disk } from './disk.ts';
import type { Frame } from './frame.ts';
import type { Quarantine } from './quarantine.ts';
import { type Chunk, type Damage, type Limits, readChunk } from './read-chunk.ts';
import type { Segment, Segments } from './segments.ts';

/** The inserter's side of the spool: one reader, one batch at a time, oldest first. */
export interface Drain {
  /** The next frames that are on disk and not finished yet; undefined when there are none. Does not advance. */
  next(limits: Limits): Promise<Chunk | undefined>;
  /** What `next` will give once this chunk is finished, read while that is on its way; undefined where it cannot be told. */
  ahead(chunk: Chunk, limits: Limits): Promise<Chunk | undefined>;
  /** Reads a batch begun by an earlier process again, without what is damaged; undefined if its segment is gone. */
  again(record: CursorRecord): Promise<Chunk | undefined>;
  /** Writes down, durably, that this batch is about to be inserted under this id. */
  begin(chunk: Chunk, batchId: string): Promise<void>;
  /** Everything in the chunk is stored or accounted for: go past it, and delete what has been read to its end. */
  finish(chunk: Chunk): Promise<void>;
  /** Gives up a segment that is read to its end though not full, so that stored rows do not linger on the disk. */
  sweep(): Promise<void>;
  /** When the oldest row that is not finished was written (ms), as far as the reader has seen. */
  oldestWrittenAt(): number | undefined;
}

export type DrainOptions = {
  disk: Disk;
  segments: Segments;
  cursor: Cursor;
  committer: Pick<Committer, 'seal'>;
  quarantine: Quarantine;
  /** Written into every cursor record. */
  doubtfulUpTo: number;
};

/** An open segment that is read to its end is given up once it holds this much. */
const SWEEP_BYTES = 1024 * 1024;
/** After so many reads that the disk refused, a segment is given up: it must not hold up all that come after it. */
const READ_PATIENCE = 20;

export function createDrain(options: DrainOptions): Drain {
  const { disk, segments, cursor, committer, quarantine, doubtfulUpTo } = options;
  // Nothing before this is wanted any more. An unfinished batch is read again from its start.
  let position = { segment: cursor.last?.segment ?? 0, from: cursor.last?.from ?? 0 };
  let sequence = cursor.last?.sequence ?? 0;
  let oldestWrittenAt: number | undefined;
  let failedReads = 0;

  /** The segment to read from; removes those before it, and itself once it is sealed and read to its end. */
  async function currentSegment(): Promise<Segment | undefined> {
    for (const segment of segments.all()) {
      const isRead = segment.number === position.segment && position.from >= segment.bytes;
      if (segment.number >= position.segment && !(isRead && segment.isSealed)) return segment;
      await segments.remove(segment.number);
    }
    return undefined;
  }

  async function read(segment: Segment, from: number, limits: Limits): Promise<Chunk | Damage | undefined> {
    try {
      const found = await readChunk(disk, segment, from, limits);
      failedReads = 0;
      return found;
    } catch (error) {
      failedReads += 1;
      const isUnreadable = error instanceof Error && 'code' in error && error.code === 'EIO';
      if (!isUnreadable || failedReads < READ_PATIENCE || !segment.isSealed) throw error;
      failedReads = 0;
      await quarantine.putSegmentAside(segment, from);
      await segments.remove(segment.number);
      return undefined;
    }
  }

  async function next(limits: Limits): Promise<Chunk | undefined> {
    oldestWrittenAt = undefined;
    for (let segment = await currentSegment(); segment; segment = await currentSegment()) {
      const from = segment.number === position.segment ? position.from : 0;
      // As it is now: while we read, a commit may add to it and the next one seal it.
      const { isSealed } = segment;
      const found = await read(segment, from, limits);
      if (found && 'frames' in found) {
        oldestWrittenAt = found.frames[0]?.writtenAt;
        return found;
      }
      if (found) await quarantine.putAside(found);
      else if (!isSealed) return undefined;
      position = { segment: segment.number, from: found?.to ?? segment.bytes };
    }
    return undefined;
  }

  async function ahead(chunk: Chunk, limits: Limits): Promise<Chunk | undefined> {
    const same = segments.find(chunk.segment);
    const isThere = same !== undefined && same.bytes > chunk.to;
    const segment = isThere ? same : segments.after(chunk.segment);
    if (!segment) return undefined;
    // Damage and a disk that refuses are `next`'s to deal with.
    const found = await readChunk(disk, segment, isThere ? chunk.to : 0, limits).catch(() => undefined);
    return found && 'frames' in found ? found : undefined;
  }

  async function again(record: CursorRecord): Promise<Chunk | undefined> {
    const segment = segments.find(record.segment);
    if (!segment) return undefined;
    const upTo = { ...segment, bytes: Math.min(segment.bytes, record.to) };
    const limits = { chunkBytes: record.to - record.from, chunkRows: Number.POSITIVE_INFINITY };
    const frames: Frame[] = [];
    let to = record.from;
    for (let found = await read(upTo, to, limits); found; found = await read(upTo, to, limits)) {
      if ('frames' in found) frames.push(...found.frames);
      else await quarantine.putAside(found);
      to = found.to;
    }
    oldestWrittenAt = frames[0]?.writtenAt;
    return { segment: record.segment, from: record.from, to, frames };
  }

  return {
    next,
    ahead,
    again,
    async begin({ segment, from, to, frames }, batchId) {
      oldestWrittenAt = frames[0]?.writtenAt;
      // A failed write is repeated in the same slot: the other one still holds the batch before.
      await cursor.write({ sequence: sequence + 1, segment, from, to, batchId, doubtfulUpTo });
      sequence += 1;
    },
    async finish(chunk) {
      position = { segment: chunk.segment, from: chunk.to };
      oldestWrittenAt = undefined;
      const segment = segments.find(chunk.segment);
      const isReadToEnd = segment?.bytes === chunk.to && !segment.isSealed;
      if (isReadToEnd && segment.bytes >= SWEEP_BYTES) committer.seal();
      await currentSegment();
    },
    async sweep() {
      const segment = segments.find(position.segment);
      if (!segment || position.from < segment.bytes || segments.after(segment.number)) return;
      if (committer.seal()) await currentSegment();
    },
    oldestWrittenAt: () => oldestWrittenAt,
  };
}
