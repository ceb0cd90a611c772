import type { Disk, DiskFile } from './disk.ts';
import { encodeFrame } from './frame.ts';
import { type Segment, type Segments, segmentName } from './segments.ts';
import { SpoolUnavailable } from './spool-error.ts';
import type { SpoolRows } from './spool-row.ts';
import { writeFully } from './write-fully.ts';

export type CommitterOptions = {
  disk: Disk;
  segments: Segments;
  now: () => number;
  segmentBytes: number;
  /** Called after every commit that is on disk. */
  onCommit: () => void;
  onFailure: (error: unknown) => void;
};

/** Group commit: everything that waits goes to disk in one write and one sync, then all of it is answered. */
export interface Committer {
  /** Resolves once the rows survive a crash; rejects with SpoolUnavailable if they may not. */
  commit(rows: SpoolRows): Promise<void>;
  /** Characters that wait for the disk: about their bytes. */
  waitingLength(): number;
  /** Closes the open segment for good, so that it can be removed; false while a commit runs. */
  seal(): boolean;
  /** Resolves after the commits under way. */
  close(): Promise<void>;
}

type Waiter = { rows: SpoolRows; resolve: () => void; reject: (error: Error) => void };

/** Large groups become several frames, so that the inserter may take part of one. */
const FRAME_LENGTH = 512 * 1024;

export function createCommitter(options: CommitterOptions): Committer {
  const { disk, segments, now, segmentBytes, onCommit, onFailure } = options;
  let waiting: Waiter[] = [];
  let waitingLength = 0;
  let running: Promise<void> | undefined;
  let open: { segment: Segment; file: DiskFile } | undefined;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      waitingLength = 0;
      try {
        await write(toBytes(group, now()));
        for (const waiter of group) waiter.resolve();
        onCommit();
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const error = new SpoolUnavailable(`The spool could not write: ${reason}`, { cause });
        for (const waiter of group) waiter.reject(error);
        onFailure(cause);
      }
    }
    running = undefined;
  }

  async function write(bytes: Buffer): Promise<void> {
    if (open && open.segment.bytes > 0 && open.segment.bytes + bytes.length > segmentBytes) seal();
    open ??= await createSegment();
    const { segment, file } = open;
    try {
      await writeFully(file, bytes, segment.bytes);
    } catch (error) {
      // Back to the last commit, so that no half frame lies before the next one.
      await file.truncate(segment.bytes).catch(seal);
      throw error;
    }
    try {
      await file.sync();
    } catch (error) {
      // After a failed sync the kernel calls the pages clean although they are not on disk: never write here again.
      await file.truncate(segment.bytes).catch(() => undefined);
      seal();
      throw error;
    }
    segment.bytes += bytes.length;
  }

  async function createSegment() {
    const segment: Segment = { number: segments.nextNumber(), bytes: 0, isSealed: false };
    const file = await disk.create(segmentName(segment.number));
    // From here on the number is taken, whatever becomes of the file.
    segments.add(segment);
    try {
      await disk.syncDirectory();
    } catch (error) {
      segment.isSealed = true;
      await file.close();
      throw error;
    }
    return { segment, file };
  }

  function seal(): void {
    if (!open) return;
    open.segment.isSealed = true;
    // A close that fails loses nothing: all that counts is synced.
    open.file.close().catch(onFailure);
    open = undefined;
  }

  return {
    commit: (rows) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ rows, resolve, reject });
        waitingLength += rows.lines.length;
        running ??= run();
      }),
    waitingLength: () => waitingLength,
    seal() {
      if (running) return false;
      seal();
      return true;
    },
    async close() {
      while (running) await running;
      seal();
    },
  };
}

function toBytes(group: readonly Waiter[], writtenAt: number): Buffer {
  const frames: Buffer[] = [];
  let rows: SpoolRows = { rowCount: 0, facts: '', lines: '' };
  for (const { rows: next } of group) {
    if (rows.rowCount > 0 && rows.lines.length + next.lines.length > FRAME_LENGTH) {
      frames.push(encodeFrame(rows, writtenAt));
      rows = { rowCount: 0, facts: '', lines: '' };
    }
    rows = {
      rowCount: rows.rowCount + next.rowCount,
      facts: rows.facts + next.facts,
      lines: rows.lines + next.lines,
    };
  }
  frames.push(encodeFrame(rows, writtenAt));
  return frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);
}
