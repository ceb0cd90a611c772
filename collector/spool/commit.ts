import { setTimeout as pause } from 'node:timers/promises';
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
  /** Between two commits, while several wait at once. */
  pauseMs: number;
};

/** Group commit: everything that waits goes to disk in one write and one sync, then all of it is answered. */
export interface Committer {
  /** Resolves once the rows survive a crash; rejects with SpoolUnavailable if they may not. */
  commit(rows: SpoolRows): Promise<void>;
  /** Bytes that wait for the disk. */
  waitingLength(): number;
  /** Closes the open segment for good, so that it can be removed; false while a commit runs. */
  seal(): boolean;
  /** Resolves after the commits under way. */
  close(): Promise<void>;
}

type Waiter = { rows: SpoolRows; resolve: () => void; reject: (error: Error) => void };

/** Large groups become several frames, so that the inserter may take part of one. */
const FRAME_LENGTH = 512 * 1024;

export function createCommitter({ writer, now, onCommit, onFailure, pauseMs }: CommitterOptions): Committer {
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
      // Who sends alone need not wait for others.
      if (pauseMs > 0 && group.length > 1) await pause(pauseMs);
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
  let parts: SpoolRows[] = [];
  let length = 0;
  for (const { rows } of group) {
    if (parts.length > 0 && length + rows.lines.length > FRAME_LENGTH) {
      frames.push(encodeFrame(parts, writtenAt));
      parts = [];
      length = 0;
    }
    parts.push(rows);
    length += rows.lines.length;
  }
  frames.push(encodeFrame(parts, writtenAt));
  return frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);
}
