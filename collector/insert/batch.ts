import { randomInt } from 'node:crypto';
import type { Chunk } from '../spool/read-chunk.ts';
import { stampBatchId, toRowFacts } from '../spool/spool-row.ts';

/** A row on its way: what decides about it, and its JSON line with the batch id in it. */
export type BatchRow = {
  /** Site and event id together: what is unique. */
  key: string;
  siteId: string;
  eventId: string;
  /** `toYYYYMM` of its time: its partition. */
  month: number;
  time: number;
  line: Buffer;
};

/** What is inserted, verified and deleted as one. */
export type Batch = {
  batchId: string;
  rows: BatchRow[];
  /** Rows whose key an earlier row of the batch bears; the first wins. */
  repeats: BatchRow[];
};

const RANDOM_BITS = 22;

/**
 * A new UInt64 as decimal text: milliseconds, then random bits. Ids near in time are near in value, so that the minmax
 * index on `events.batch_id` finds a young batch without reading the old ones.
 */
export function createBatchId(now: number): string {
  return String((BigInt(now) << BigInt(RANDOM_BITS)) | BigInt(randomInt(2 ** RANDOM_BITS)));
}

/** Stamps the batch id into the chunk's lines, in place. */
export function toBatch(chunk: Chunk, batchId: string): Batch {
  const rows = new Map<string, BatchRow>();
  const repeats: BatchRow[] = [];
  for (const frame of chunk.frames) {
    const lines = stampBatchId(frame.lines, batchId);
    toRowFacts(frame.facts.toString('latin1')).forEach(({ siteId, eventId, time }, index) => {
      const key = toKey(siteId, eventId);
      // The frame's checksum vouches that there is a line for each of its facts.
      const line = lines[index] ?? Buffer.alloc(0);
      const row = { key, siteId, eventId, month: monthOf(time), time, line };
      if (rows.has(key)) repeats.push(row);
      else rows.set(key, row);
    });
  }
  return { batchId, rows: [...rows.values()], repeats };
}

/** What `toKey` was given: a site's id has no space in it. */
export function fromKey(key: string): Pick<BatchRow, 'siteId' | 'eventId'> {
  const space = key.indexOf(' ');
  return { siteId: key.slice(0, space), eventId: key.slice(space + 1) };
}

export function toKey(siteId: string, eventId: string): string {
  return `${siteId} ${eventId}`;
}

function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}
