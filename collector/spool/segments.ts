import type { Disk } from './disk.ts';

/** One file of frames. `bytes`: how much of it is synced; nothing beyond is ever read while this process lives. */
export type Segment = { readonly number: number; bytes: number; isSealed: boolean };

/** The segments that exist, oldest first. Numbers only grow, also across restarts. */
export interface Segments {
  all(): Segment[];
  find(number: number): Segment | undefined;
  /** The first one after `number`. */
  after(number: number): Segment | undefined;
  bytes(): number;
  /** The number the next segment gets. */
  nextNumber(): number;
  add(segment: Segment): void;
  remove(number: number): Promise<void>;
}

const SUFFIX = '.segment';

export function segmentName(number: number): string {
  return `${String(number).padStart(10, '0')}${SUFFIX}`;
}

export function parseSegmentName(name: string): number | undefined {
  return /^\d{10}\.segment$/.test(name) ? Number(name.slice(0, -SUFFIX.length)) : undefined;
}

/**
 * Lists what an earlier process left. All of it is sealed: its last write may be torn, so nothing is ever appended to it.
 * `lastKnown` is the highest number the cursor speaks of, for its segment may be gone already.
 */
export async function openSegments(disk: Disk, lastKnown: number): Promise<Segments> {
  const segments = new Map<number, Segment>();
  const numbers = (await disk.list())
    .map(parseSegmentName)
    .filter((number) => number !== undefined)
    .sort((a, b) => a - b);
  for (const number of numbers) {
    segments.set(number, { number, bytes: await disk.sizeOf(segmentName(number)), isSealed: true });
  }
  let highest = Math.max(lastKnown, numbers.at(-1) ?? 0);

  return {
    all: () => [...segments.values()],
    find: (number) => segments.get(number),
    after: (number) => [...segments.values()].find((segment) => segment.number > number),
    bytes: () => [...segments.values()].reduce((sum, segment) => sum + segment.bytes, 0),
    nextNumber: () => highest + 1,
    add(segment) {
      highest = Math.max(highest, segment.number);
      segments.set(segment.number, segment);
    },
    async remove(number) {
      await disk.remove(segmentName(number));
      segments.delete(number);
    },
  };
}
