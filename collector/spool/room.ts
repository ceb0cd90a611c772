import type { Disk } from './disk.ts';

export type RoomOptions = {
  disk: Disk;
  now: () => number;
  /** Over this, appends are refused. */
  maxBytes: number;
  /** With less than this free on the disk, appends are refused. */
  minFreeBytes: number;
  /** What the spool has on disk. */
  usedBytes: () => number;
  /** What waits in memory for the disk. */
  waitingBytes: () => number;
};

/** Whether there is room for more rows, and if not, why. */
export interface Room {
  /** Whether the disk was asked within the last second. */
  isMeasured(): boolean;
  /** Asks the disk how much is free, at most once a second. Never rejects. */
  measure(): Promise<void>;
  freeBytes(): number;
  /** What stands in the way of so many bytes more; undefined if nothing does. */
  objection(moreBytes: number): string | undefined;
}

const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const MAX_AGE_MS = 1_000;

export async function openRoom(options: RoomOptions): Promise<Room> {
  const { disk, now, maxBytes, minFreeBytes, usedBytes, waitingBytes } = options;
  let freeBytes = await disk.freeBytes();
  let measuredAt = now();

  const isMeasured = () => now() - measuredAt < MAX_AGE_MS;

  return {
    isMeasured,
    async measure() {
      if (isMeasured()) return;
      measuredAt = now();
      // Where it cannot be measured, the last figure stands: the write itself will tell.
      freeBytes = await disk.freeBytes().catch(() => freeBytes);
    },
    freeBytes: () => freeBytes,
    objection(moreBytes) {
      const used = usedBytes();
      if (used + waitingBytes() + moreBytes > maxBytes) return `it holds ${used} of ${maxBytes} bytes`;
      if (freeBytes < minFreeBytes)
        return `the disk has ${freeBytes} bytes left, ${minFreeBytes} are kept free`;
      if (waitingBytes() > MAX_WAITING_BYTES) return 'the disk does not keep up';
      return undefined;
    },
  };
}
