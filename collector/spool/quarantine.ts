import type { Disk } from './disk.ts';
import type { Damage } from './read-chunk.ts';
import { type Segment, segmentName } from './segments.ts';
import { writeWhole } from './write-whole.ts';

/** Keeps what cannot be read aside, for somebody to look at, and counts it. Counts are since this process started. */
export interface Quarantine {
  /** A torn last write is only counted; corrupt bytes are kept in a file of their own. */
  putAside(damage: Damage): Promise<void>;
  /** Keeps a whole segment that cannot be read from `from` on. */
  putSegmentAside(segment: Segment, from: number): Promise<void>;
  tornBytes(): number;
  corruptBytes(): number;
  /** Rows that corrupt ranges may have held: half their newlines. */
  corruptRows(): number;
  /** On disk, those of earlier processes included. */
  bytes(): number;
}

export const CORRUPT_SUFFIX = '.corrupt';

export type QuarantineOptions = { disk: Disk; now: () => number; log: (message: string) => void };

export async function openQuarantine({ disk, now, log }: QuarantineOptions): Promise<Quarantine> {
  let tornBytes = 0;
  let corruptBytes = 0;
  let corruptRows = 0;
  let bytesOnDisk = await measure(disk);

  // With the time, for segment numbers may come again once all that bore them is gone.
  const nameFor = (segment: number, from: number) => `${segment}-${from}-${now()}${CORRUPT_SUFFIX}`;

  return {
    async putAside({ segment, from, to, kind, bytes }) {
      if (kind === 'torn') {
        tornBytes += bytes.length;
        log(`Cut ${bytes.length} bytes of a torn last write off segment ${segment}: none were acknowledged`);
        return;
      }
      const name = nameFor(segment, from);
      await writeWhole(disk, name, bytes);
      corruptBytes += bytes.length;
      bytesOnDisk += bytes.length;
      corruptRows += Math.max(1, rowsIn(bytes));
      log(`Bytes ${from} to ${to} of segment ${segment} are corrupt: put aside as ${name}`);
    },
    async putSegmentAside({ number, bytes }, from) {
      const name = nameFor(number, from);
      await disk.rename(segmentName(number), name);
      corruptBytes += bytes - from;
      bytesOnDisk += bytes;
      corruptRows += 1;
      log(`Segment ${number} cannot be read from byte ${from} on: put aside as ${name}`);
    },
    tornBytes: () => tornBytes,
    corruptBytes: () => corruptBytes,
    corruptRows: () => corruptRows,
    bytes: () => bytesOnDisk,
  };
}

async function measure(disk: Disk): Promise<number> {
  const names = (await disk.list()).filter((name) => name.endsWith(CORRUPT_SUFFIX));
  const sizes = await Promise.all(names.map((name) => disk.sizeOf(name)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** By the ends of their lines. A header's bytes may hold the end of a line too, but hardly ever behind a brace. */
function rowsIn(bytes: Buffer): number {
  let rows = 0;
  for (let at = bytes.indexOf('}\n'); at >= 0; at = bytes.indexOf('}\n', at + 2)) rows += 1;
  return rows;
}
