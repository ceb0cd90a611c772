import type { Chunk, Limits } from '../spool/read-chunk.ts';
import type { OpenSpool } from '../spool/spool.ts';
import type { Storage } from '../storage/storage.ts';
import { createBatchId, toBatch } from './batch.ts';
import type { Prepared } from './batch-store.ts';
import { findKnownIds } from './known-ids.ts';

export type ReadAheadOptions = {
  spool: Pick<OpenSpool, 'drain'>;
  storage: Storage;
  now: () => number;
  limits: Limits;
  signal: AbortSignal;
};

/**
 * Prepares the next batch while one is being inserted: reads it, and looks its ids up. It only reads: should the process
 * die, or the insert fail, nothing of it was begun. Resolves with undefined where there is none, or it did not work.
 */
export async function readAhead(chunk: Chunk, options: ReadAheadOptions): Promise<Prepared | undefined> {
  const { spool, storage, now, limits, signal } = options;
  const next = await spool.drain.ahead(chunk, limits);
  if (!next) return undefined;
  const batch = toBatch(next, createBatchId(now()));
  const known = await findKnownIds(storage, batch.rows, signal).catch(() => undefined);
  return { chunk: next, batch, ...(known && { known }) };
}

/** Looks up once more what the batch before it may have made known since. */
export async function lookAgain(
  ahead: Prepared,
  before: Prepared,
  { storage, signal }: Pick<ReadAheadOptions, 'storage' | 'signal'>,
): Promise<Prepared> {
  if (!ahead.known) return ahead;
  const keys = new Set(before.batch.rows.map(({ key }) => key));
  const shared = ahead.batch.rows.filter(({ key }) => keys.has(key));
  if (shared.length === 0) return ahead;
  const { known: _, ...unknown } = ahead;
  const found = await findKnownIds(storage, shared, signal).catch(() => undefined);
  return found ? { ...ahead, known: new Map([...ahead.known, ...found]) } : unknown;
}
