import type { RecentDrops } from '../recent-drops.ts';
import { toEventRow } from '../spool/spool-row.ts';
import type { BatchRow } from './batch.ts';
import type { Stored } from './store-batch.ts';

const SHOWN_AT_MOST = 100;

/** Shows whoever watches a site what was acknowledged and is not in its table for all that: repeats and dead letters. */
export function noteUnstored(
  recentDrops: Pick<RecentDrops, 'note'>,
  { duplicates, refused }: Pick<Stored, 'duplicates' | 'refused'>,
): void {
  for (const row of duplicates.slice(-SHOWN_AT_MOST)) {
    note(recentDrops, row, 'duplicate', 'An event with this id was stored before');
  }
  for (const { row, error } of refused.slice(-SHOWN_AT_MOST)) note(recentDrops, row, 'dead_letter', error);
}

function note(
  recentDrops: Pick<RecentDrops, 'note'>,
  { siteId, eventId, line }: BatchRow,
  reason: 'duplicate' | 'dead_letter',
  message: string,
): void {
  const { kind, name, hostname, path } = toEventRow(line);
  const sent = { kind, name: name === kind ? '' : name, url: `https://${hostname || 'nowhere'}${path}` };
  recentDrops.note(siteId, [{ reason, message, eventId, sent }]);
}
