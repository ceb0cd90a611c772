import type { EventRow } from '../row.ts';
import { createCommitter } from './commit.ts';
import { type CommitBell, createCommitBell } from './commit-bell.ts';
import { type CursorRecord, openCursor } from './cursor.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import { createDrain, type Drain } from './drain.ts';
import { openQuarantine, type Quarantine } from './quarantine.ts';
import { openRoom } from './room.ts';
import { createSegmentWriter } from './segment-writer.ts';
import { openSegments } from './segments.ts';
import { SpoolFull } from './spool-error.ts';
import { createToSpoolRows } from './spool-row.ts';

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
  /**
   * While several wait at once, so long a pause lies between two commits: fewer and larger ones, which cost less CPU and
   * spare the disk. 0, the default: no pause.
   */
  commitPauseMs?: number;
  log?: (message: string) => void;
};

/** The spool with the inserter's side of it. */
export type OpenSpool = Spool & {
  readonly drain: Drain;
  readonly bell: CommitBell;
  readonly deadLetters: DeadLetters;
  readonly quarantine: Quarantine;
  /** The batch an earlier process may have left half inserted. */
  readonly unfinished: CursorRecord | undefined;
  /** Rows up to the end of this segment may be stored already, for the cursor was damaged; 0: none. */
  readonly doubtfulUpTo: number;
};

const MIB = 1024 * 1024;
// For so long after a failed write the spool calls itself not ready; a request that comes all the same is tried.
const FAILURE_REST_MS = 1_000;

/** Opens the directory whatever a crash left in it: it never refuses to start over damage. */
export async function openSpool(options: SpoolOptions): Promise<OpenSpool> {
  const { disk, now, log = () => undefined } = options;
  const { maxBytes = 4096 * MIB, minFreeBytes = 256 * MIB, segmentBytes = 32 * MIB } = options;
  const { commitPauseMs: pauseMs = 0 } = options;
  const toSpoolRows = createToSpoolRows();
  const cursor = await openCursor(disk);
  const segments = await openSegments(disk, cursor.last?.segment ?? 0);
  const doubtfulUpTo = cursor.isDamaged ? segments.nextNumber() - 1 : (cursor.last?.doubtfulUpTo ?? 0);
  if (cursor.isDamaged)
    log('The cursor of the spool is damaged: rows are looked up before they are inserted');
  const deadLetters = await createDeadLetters(disk);
  const quarantine = await openQuarantine({ disk, now, log });
  const bell = createCommitBell();
  let failedAt = Number.NEGATIVE_INFINITY;
  const onFailure = (error: unknown) => {
    failedAt = now();
    log(`The spool could not write: ${error instanceof Error ? error.message : String(error)}`);
  };
  const writer = createSegmentWriter({ disk, segments, segmentBytes, onFailure });
  const committer = createCommitter({ writer, now, onCommit: bell.ring, onFailure, pauseMs });
  const drain = createDrain({ disk, segments, cursor, committer, quarantine, doubtfulUpTo });
  const usedBytes = () => segments.bytes() + deadLetters.bytes() + quarantine.bytes();
  const waitingBytes = committer.waitingLength;
  const room = await openRoom({ disk, now, maxBytes, minFreeBytes, usedBytes, waitingBytes });
  // Ready means: with room for what the next requests may bring.
  const headroomBytes = Math.min(MIB, maxBytes / 10);

  function append(rows: readonly EventRow[]): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    return room.isMeasured() ? commit(rows) : room.measure().then(() => commit(rows));
  }

  function commit(rows: readonly EventRow[]): Promise<void> {
    const spoolRows = toSpoolRows(rows);
    const objection = room.objection(spoolRows.lines.length);
    if (objection) return Promise.reject(new SpoolFull(`The spool takes no more: ${objection}`));
    return committer.commit(spoolRows);
  }

  function status(): SpoolStatus {
    void room.measure();
    return {
      isReady: room.objection(headroomBytes) === undefined && now() - failedAt >= FAILURE_REST_MS,
      bytes: usedBytes(),
      maxBytes,
      freeBytes: room.freeBytes(),
      segments: segments.all().length,
      oldestAgeMs: Math.max(0, now() - (drain.oldestWrittenAt() ?? now())),
      deadLetterFiles: deadLetters.files(),
      tornBytes: quarantine.tornBytes(),
      corruptBytes: quarantine.corruptBytes(),
    };
  }

  async function close(): Promise<void> {
    await committer.close();
    await cursor.close();
  }

  return {
    append,
    status,
    close,
    drain,
    bell,
    deadLetters,
    quarantine,
    unfinished: cursor.last,
    doubtfulUpTo,
  };
}
