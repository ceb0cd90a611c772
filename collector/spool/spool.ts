import type { EventRow } from '../row.ts';
import { createCommitter } from './commit.ts';
import { type CursorRecord, openCursor } from './cursor.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import { CORRUPT_SUFFIX, createDrain, type Drain } from './drain.ts';
import { openSegments } from './segments.ts';
import { SpoolFull } from './spool-error.ts';
import { toSpoolRows } from './spool-row.ts';

/** Keeps rows on disk between the request and the insert, so that neither a crash nor a sleeping ClickHouse loses them. */
export interface Spool {
  /**
   * Resolves once the rows survive a crash (fdatasync). Rejects with SpoolFull or SpoolUnavailable; the door then
   * answers 503 with Retry-After, never 202. All rows of one call survive, or none is promised.
   */
  append(rows: readonly EventRow[]): Promise<void>;
  status(): SpoolStatus;
  /** Resolves after the commits under way. What is not inserted yet stays for the next start. */
  close(): Promise<void>;
}

export type SpoolStatus = {
  /** False while rows are refused or would be: the load balancer had better look elsewhere. */
  isReady: boolean;
  /** Segments, dead letters and quarantine together. */
  bytes: number;
  maxBytes: number;
  freeBytes: number;
  segments: number;
  /** How long the oldest row has waited for ClickHouse, in ms; 0 when none waits. */
  oldestAgeMs: number;
  deadLetterFiles: number;
  /** Bytes of torn last writes cut off, and of corrupt ranges put aside, since this process started. */
  tornBytes: number;
  corruptBytes: number;
};

export type SpoolOptions = {
  disk: Disk;
  now: () => number;
  /** Over this, appends are refused. */
  maxBytes?: number;
  /** With less than this free on the disk, appends are refused. */
  minFreeBytes?: number;
  segmentBytes?: number;
  log?: (message: string) => void;
};

/** The spool with the inserter's side of it. */
export type OpenSpool = Spool & {
  readonly drain: Drain;
  readonly deadLetters: DeadLetters;
  /** The batch an earlier process may have left half inserted. */
  readonly unfinished: CursorRecord | undefined;
  /** Rows up to the end of this segment may be stored already, for the cursor was damaged; 0: none. */
  readonly doubtfulUpTo: number;
};

const MIB = 1024 * 1024;
// What may wait in memory for a disk that does not keep up.
const MAX_WAITING_LENGTH = 32 * MIB;
const FREE_BYTES_MAX_AGE_MS = 1_000;
// For so long after a failed write the spool calls itself not ready; a request that comes all the same is tried.
const FAILURE_REST_MS = 1_000;

/** Opens the directory whatever a crash left in it: it never refuses to start over damage. */
export async function openSpool(options: SpoolOptions): Promise<OpenSpool> {
  const { disk, now, log = () => undefined } = options;
  const { maxBytes = 4096 * MIB, minFreeBytes = 256 * MIB, segmentBytes = 32 * MIB } = options;
  const cursor = await openCursor(disk);
  const segments = await openSegments(disk, cursor.last?.segment ?? 0);
  const doubtfulUpTo = cursor.isDamaged ? segments.nextNumber() - 1 : (cursor.last?.doubtfulUpTo ?? 0);
  if (cursor.isDamaged)
    log('The cursor of the spool is damaged: every waiting row is looked up before it is inserted');
  const deadLetters = await createDeadLetters(disk);
  // Ready means: with room for what the next requests may bring.
  const headroomBytes = Math.min(MIB, maxBytes / 10);
  let failedAt = Number.NEGATIVE_INFINITY;
  let freeBytes = await disk.freeBytes();
  let freeBytesAt = now();

  const committer = createCommitter({
    disk,
    segments,
    now,
    segmentBytes,
    onCommit: () => drain.wake(),
    onFailure(error) {
      failedAt = now();
      log(`The spool could not write: ${error instanceof Error ? error.message : String(error)}`);
    },
  });
  const quarantineBytes = await measureQuarantine(disk);
  const drain = createDrain({ disk, segments, cursor, committer, doubtfulUpTo, quarantineBytes, now, log });

  const bytes = () => segments.bytes() + deadLetters.bytes() + drain.quarantineBytes();
  const whyFull = (more: number) => {
    if (bytes() + committer.waitingLength() + more > maxBytes)
      return `it holds ${bytes()} of ${maxBytes} bytes`;
    if (freeBytes < minFreeBytes)
      return `the disk has ${freeBytes} bytes left, ${minFreeBytes} are kept free`;
    if (committer.waitingLength() > MAX_WAITING_LENGTH) return 'the disk does not keep up';
    return undefined;
  };
  const measureFreeBytes = async () => {
    if (now() - freeBytesAt < FREE_BYTES_MAX_AGE_MS) return;
    freeBytesAt = now();
    // Where it cannot be measured, the last figure stands: the write itself will tell.
    freeBytes = await disk.freeBytes().catch(() => freeBytes);
  };

  return {
    drain,
    deadLetters,
    unfinished: cursor.last,
    doubtfulUpTo,
    async append(rows) {
      if (rows.length === 0) return;
      await measureFreeBytes();
      const spoolRows = toSpoolRows(rows);
      const reason = whyFull(spoolRows.lines.length);
      if (reason) throw new SpoolFull(`The spool takes no more: ${reason}`);
      await committer.commit(spoolRows);
    },
    status() {
      void measureFreeBytes();
      return {
        isReady: whyFull(headroomBytes) === undefined && now() - failedAt >= FAILURE_REST_MS,
        bytes: bytes(),
        maxBytes,
        freeBytes,
        segments: segments.all().length,
        oldestAgeMs: drain.oldestAgeMs(),
        deadLetterFiles: deadLetters.files(),
        tornBytes: drain.tornBytes(),
        corruptBytes: drain.corruptBytes(),
      };
    },
    async close() {
      await committer.close();
      await drain.close();
    },
  };
}

async function measureQuarantine(disk: Disk): Promise<number> {
  const names = (await disk.list()).filter((name) => name.endsWith(CORRUPT_SUFFIX));
  const sizes = await Promise.all(names.map((name) => disk.sizeOf(name)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
