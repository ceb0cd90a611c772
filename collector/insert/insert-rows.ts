import { randomUUID } from 'node:crypto';
import { type Storage, StorageError } from '../storage/storage.ts';
import type { Batch, BatchRow } from './batch.ts';
import { insertAllBut, type Range, type RefusedRow } from './bisect.ts';
import { fillViewsAgain } from './derived.ts';
import { findStored } from './known-ids.ts';
import type { Blame } from './row-refusal.ts';

export type InsertOptions = {
  storage: Storage;
  /** An attempt before this one may have stored some of it, or may still be on its way. */
  isRepeated: boolean;
  /** What the attempt before gives reason to look for. */
  blame: Blame;
  signal: AbortSignal;
};

/** A block of an insert may touch so many months; more are refused by ClickHouse. */
const MONTHS_PER_INSERT = 100;
const VERIFICATIONS = 3;
const ABREAST_ROWS = 20_000;

/** Puts the wanted rows of a batch into `events`, each once, and gives those that the database refuses. */
export async function insertRows(
  batch: Batch,
  isWanted: (row: BatchRow) => boolean,
  options: InsertOptions,
): Promise<RefusedRow[]> {
  const refused: RefusedRow[] = [];
  for (const [index, rows] of byMonths(batch.rows).entries()) {
    const parts = abreast(rows).map((some, half) => ({
      batchId: batch.batchId,
      name: `${batch.batchId}.${index}.${half}`,
      rows: some,
    }));
    refused.push(...(await allOver(parts.map((part) => insertPart(part, isWanted, options)))).flat());
  }
  return refused;
}

/** What goes in at the same time: of large batches the two halves, for one insert does not keep two cores busy. */
function abreast(rows: readonly BatchRow[]): (readonly BatchRow[])[] {
  if (rows.length < ABREAST_ROWS) return [rows];
  const middle = Math.ceil(rows.length / 2);
  return [rows.slice(0, middle), rows.slice(middle)];
}

/** Like `Promise.all`, but rejects only when all have come to an end: none runs on beside its own repetition. */
async function allOver<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/** `name` is the same whenever the batch is tried. */
type Part = { batchId: string; name: string; rows: readonly BatchRow[] };

async function insertPart(
  part: Part,
  isWanted: (row: BatchRow) => boolean,
  options: InsertOptions,
): Promise<RefusedRow[]> {
  // A cut-off insert may be on its way, where nobody can end it. Its token comes again here with the rows that it bears,
  // so that of the two one is dropped.
  const tokenOf = ({ from, to }: Range) => `${part.name}.${from}-${to}`;
  if (!options.isRepeated) return insertOrBisect(part, isWanted, tokenOf, options);

  let refused: RefusedRow[] = [];
  for (let round = 0; round < VERIFICATIONS; round += 1) {
    const stored = await findStored(options.storage, part.batchId, options.signal);
    const dead = new Set(refused.map(({ row }) => row.key));
    const isMissing = (row: BatchRow) => isWanted(row) && !stored.has(row.key) && !dead.has(row.key);
    if (!part.rows.some(isMissing)) {
      if (part.rows.some(isWanted)) await fillViewsAgain(options.storage, part.batchId);
      return refused;
    }
    // A token is logged before the part is there: in the next round, only what is seen is believed.
    const more = await insertOrBisect(part, isMissing, round === 0 ? tokenOf : () => randomUUID(), options);
    refused = [...refused, ...more];
  }
  throw new StorageError(`Rows of batch ${part.batchId} were inserted and are not there`, undefined);
}

async function insertOrBisect(
  { batchId, rows }: Part,
  isWanted: (row: BatchRow) => boolean,
  tokenOf: (range: Range) => string,
  { storage, blame, signal }: InsertOptions,
): Promise<RefusedRow[]> {
  const insert = (some: readonly BatchRow[], range: Range) =>
    storage.insertRaw('events', Buffer.concat(some.map((row) => row.line)), {
      queryId: `${queryPrefix(batchId)}${randomUUID()}`,
      deduplicationToken: tokenOf(range),
      signal,
    });
  return insertAllBut(rows, isWanted, insert, blame === 'perhaps_row' ? blame : 'row');
}

/** An insert that was cut off may still run; only when it is over does a count mean anything. */
export async function endEarlierInserts(storage: Storage, batchId: string): Promise<void> {
  const parameters = { prefix: queryPrefix(batchId) };
  const { rows } = await storage.query(
    'SELECT query_id FROM system.processes WHERE startsWith(query_id, {prefix:String})',
    { parameters },
  );
  if (rows.length > 0)
    await storage.command('KILL QUERY WHERE startsWith(query_id, {prefix:String}) SYNC', { parameters });
}

function queryPrefix(batchId: string): string {
  return `footfall-batch-${batchId}-`;
}

/** Parts of at most a hundred months, each of them a block of its own. Almost always there is one. */
function byMonths(rows: readonly BatchRow[]): (readonly BatchRow[])[] {
  const months = [...new Set(rows.map((row) => row.month))].sort((a, b) => a - b);
  if (months.length <= MONTHS_PER_INSERT) return [rows];
  const partOf = new Map(months.map((month, index) => [month, Math.floor(index / MONTHS_PER_INSERT)]));
  const parts: BatchRow[][] = Array.from({ length: Math.ceil(months.length / MONTHS_PER_INSERT) }, () => []);
  for (const row of rows) parts[partOf.get(row.month) ?? 0]?.push(row);
  return parts;
}
