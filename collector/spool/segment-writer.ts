import type { Disk, DiskFile } from './disk.ts';
import { type Segment, type Segments, segmentName } from './segments.ts';
import { writeFully } from './write-fully.ts';

export type SegmentWriterOptions = {
  disk: Disk;
  segments: Segments;
  segmentBytes: number;
  onFailure: (error: unknown) => void;
};

/** Appends to the newest segment, and opens another where that is full or not to be trusted. One call at a time. */
export interface SegmentWriter {
  /** Resolves once the bytes survive a crash. If it rejects, nothing of them is ever read by this process. */
  write(bytes: Buffer): Promise<void>;
  /** Closes the open segment for good. */
  seal(): void;
}

export function createSegmentWriter(options: SegmentWriterOptions): SegmentWriter {
  const { disk, segments, segmentBytes, onFailure } = options;
  let open: { segment: Segment; file: DiskFile } | undefined;

  function seal(): void {
    if (!open) return;
    open.segment.isSealed = true;
    // A close that fails loses nothing: all that counts is synced.
    open.file.close().catch(onFailure);
    open = undefined;
  }

  return {
    async write(bytes) {
      if (open && open.segment.bytes > 0 && open.segment.bytes + bytes.length > segmentBytes) seal();
      open ??= await createSegment(disk, segments);
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
    },
    seal,
  };
}

async function createSegment(disk: Disk, segments: Segments) {
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
