import { encodeFrame } from './frame.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { SpoolUnavailable } from './spool-error.ts';
import type { SpoolRows } from './spool-row.ts';

export type CommitterOptions = {
  writer: SegmentWriter;
  now: () => number;
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

export function createCommitter({ writer, now, onCommit, onFailure }: CommitterOptions): Committer {
  let waiting: Waiter[] = [];
  let waitingLength = 0;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      waitingLength = 0;
      try {
        await writer.write(toBytes(group, now()));
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
      writer.seal();
      return true;
    },
    async close() {
      while (running) await running;
      writer.seal();
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
