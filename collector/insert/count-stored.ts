import type { Counters } from '../counters.ts';
import type { BatchRow } from './batch.ts';
import type { Stored } from './store-batch.ts';

/** Counts what became of a batch, per site. */
export function countStored(
  counters: Pick<Counters, 'store' | 'drop'>,
  { stored, duplicates, refused }: Stored,
): void {
  for (const [siteId, rows] of countBySite(stored)) counters.store(siteId, rows);
  for (const [siteId, rows] of countBySite(duplicates)) counters.drop(siteId, 'duplicate', rows);
  for (const [siteId, rows] of countBySite(refused.map(({ row }) => row)))
    counters.drop(siteId, 'dead_letter', rows);
}

function countBySite(rows: readonly BatchRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { siteId } of rows) counts.set(siteId, (counts.get(siteId) ?? 0) + 1);
  return counts;
}
