import type { BatchRow } from './batch.ts';
import { type Blame, blameFor } from './row-refusal.ts';

export type RefusedRow = { row: BatchRow; error: string };

/** Which rows of a list: those from index `from` to `to`, without the last. */
export type Range = { from: number; to: number };

/**
 * Inserts what can be inserted of the rows that are wanted, by halves, and gives those that are refused alone, in order.
 * Rejects with what is not a row's fault. `insert` must put in all rows or none. The halves are halves of `rows`,
 * whatever is wanted of them: whoever tries again, and wants fewer or more, finds each row in the same ranges.
 */
export async function insertAllBut(
  rows: readonly BatchRow[],
  isWanted: (row: BatchRow) => boolean,
  insert: (some: readonly BatchRow[], range: Range) => Promise<void>,
  blame: Blame,
): Promise<RefusedRow[]> {
  const refused: RefusedRow[] = [];
  let lastError: unknown;

  async function insertRange(range: Range): Promise<void> {
    const wanted = rows.slice(range.from, range.to).filter(isWanted);
    const [first] = wanted;
    if (!first) return;
    try {
      await insert(wanted, range);
    } catch (error) {
      if (!isHeldAgainstRows(error, blame)) throw error;
      lastError = error;
      if (wanted.length === 1) {
        refused.push({ row: first, error: error instanceof Error ? error.message : String(error) });
        return;
      }
      const middle = range.from + Math.ceil((range.to - range.from) / 2);
      await insertRange({ from: range.from, to: middle });
      await insertRange({ from: middle, to: range.to });
    }
  }

  await insertRange({ from: 0, to: rows.length });
  // Nothing went in at all: the database is to blame after all.
  const isNothingIn = refused.length > 0 && refused.length === rows.filter(isWanted).length;
  if (blame === 'perhaps_row' && isNothingIn) throw lastError;
  return refused;
}

function isHeldAgainstRows(error: unknown, blame: Blame): boolean {
  if (blame === 'perhaps_row') return error instanceof Error && 'code' in error && error.code !== undefined;
  return blameFor(error, 1) === 'row';
}
