import type { BatchRow } from './batch.ts';
import { type Blame, blameFor } from './row-refusal.ts';

export type RefusedRow = { row: BatchRow; error: string };

/**
 * Inserts what can be inserted, by halves, and gives the rows that are refused alone, in order. Rejects with what is
 * not a row's fault. `insert` must put in all rows or none.
 */
export async function insertAllBut(
  rows: readonly BatchRow[],
  insert: (rows: readonly BatchRow[]) => Promise<void>,
  blame: Blame,
): Promise<RefusedRow[]> {
  const refused: RefusedRow[] = [];
  let lastError: unknown;

  async function insertPart(part: readonly BatchRow[]): Promise<void> {
    try {
      await insert(part);
    } catch (error) {
      if (blame === 'row' && blameFor(error, 1) !== 'row') throw error;
      if (blame === 'perhaps_row' && !(error instanceof Error && 'code' in error && error.code !== undefined))
        throw error;
      lastError = error;
      const [first] = part;
      if (part.length === 1 && first) {
        refused.push({ row: first, error: error instanceof Error ? error.message : String(error) });
        return;
      }
      const middle = Math.ceil(part.length / 2);
      await insertPart(part.slice(0, middle));
      await insertPart(part.slice(middle));
    }
  }

  await insertPart(rows);
  // Nothing went in at all: the database is to blame after all.
  if (blame === 'perhaps_row' && refused.length === rows.length) throw lastError;
  return refused;
}
