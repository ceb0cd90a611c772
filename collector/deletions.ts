/** Deletions reach what was acknowledged before them and is stored after them: they are written down, and looked up. */
import type { Batch } from './insert/batch.ts';
import { rebuildViews } from './insert/derived.ts';
import { toSiteId } from './protocol.ts';
import type { Storage } from './storage/storage.ts';
import { unsettle } from './unsettle.ts';

export type Deletion = {
  siteId: string;
  /** Events received up to then are meant; milliseconds since the epoch. */
  requestedAt: number;
  /** SQL on rows of `events`, with its parameters. Only our own: it is run as it stands. */
  condition: string;
  parameters: Record<string, unknown>;
};

/** Condition of a deletion that takes everything with it. */
export const EVERYTHING = 'true';

/** Resolves once it is on disk: before the first event is deleted, so that none can slip by. */
export async function recordDeletion(
  storage: Storage,
  { siteId, requestedAt, condition, parameters }: Deletion,
): Promise<void> {
  const row = {
    site_id: siteId,
    requested_time: requestedAt,
    condition,
    parameters: JSON.stringify(parameters),
  };
  await storage.insert('deletions', [row]);
}

/** Deletions of the batch's sites that are younger than its oldest event. To be asked once the batch is in `events`. */
export async function findLateDeletions(
  storage: Storage,
  batch: Pick<Batch, 'batchId' | 'rows'>,
  signal: AbortSignal,
): Promise<Deletion[]> {
  const sites = [...new Set(batch.rows.map(({ siteId }) => siteId))];
  const parameters = { sites, batch_id: batch.batchId };
  // Nearly always there are none, and the batch need not be looked at.
  const { rows: some } = await storage.query<{ of_any: number }>(
    'SELECT count() AS of_any FROM deletions WHERE site_id IN {sites:Array(String)}',
    { parameters, signal },
  );
  if (!some[0]?.of_any) return [];
  const { rows } = await storage.query<Omit<Deletion, 'parameters'> & { parameters: string }>(
    LATE_DELETIONS,
    { parameters: { ...parameters, everything: EVERYTHING }, signal },
  );
  // As `recordDeletion` wrote them.
  return rows.map((row) => ({ ...row, parameters: JSON.parse(row.parameters) as Record<string, unknown> }));
}

// While a site is gone, whatever comes of it is meant: its doors may have closed some seconds after.
const LATE_DELETIONS = `
SELECT
  site_id AS siteId, condition, parameters,
  condition = {everything:String} AND site_id IN (SELECT site_id FROM sites FINAL WHERE is_deleted) AS is_gone,
  toUnixTimestamp64Milli(if(is_gone, now64(3) + INTERVAL 1 DAY, requested_time)) AS requestedAt
FROM deletions
WHERE site_id IN {sites:Array(String)}
  AND (is_gone OR requested_time >= (SELECT min(received_time) FROM events WHERE batch_id = {batch_id:UInt64}))`;

/** Deletes what these deletions mean of a batch, and what was made of it. Resolves with how many events that were. */
export async function deleteLate(
  storage: Storage,
  batchId: string,
  deletions: readonly Deletion[],
): Promise<number> {
  let events = 0;
  for (const deletion of deletions) events += await carryOut(storage, batchId, deletion);
  for (const siteId of new Set(events > 0 ? deletions.map((deletion) => toSiteId(deletion.siteId)) : [])) {
    if (!siteId) continue;
    await rebuildViews(storage, siteId);
    await unsettle(storage, siteId);
  }
  return events;
}

async function carryOut(storage: Storage, batchId: string, deletion: Deletion): Promise<number> {
  const { siteId, requestedAt, condition } = deletion;
  const own = { late_batch: batchId, late_site: siteId, late_requested: requestedAt };
  const parameters = { ...deletion.parameters, ...own };
  const meant = `batch_id = {late_batch:UInt64} AND site_id = {late_site:String}
    AND received_time <= fromUnixTimestamp64Milli({late_requested:Int64}, 'UTC') AND (${condition})`;
  const { rows } = await storage.query<{ events: number }>(
    `SELECT count() AS events FROM events WHERE ${meant}`,
    { parameters },
  );
  const events = rows[0]?.events ?? 0;
  if (events === 0) return 0;
  const settings = { mutations_sync: 2 };
  await storage.command(`ALTER TABLE events DELETE WHERE ${meant}`, { parameters, settings });
  // Otherwise ids stay known, so that a repeat does not bring back what was deleted. Of a site that is gone nothing stays.
  if (condition === EVERYTHING) {
    await storage.command(
      'ALTER TABLE event_ids DELETE WHERE batch_id = {late_batch:UInt64} AND site_id = {late_site:String}',
      { parameters: own, settings },
    );
  }
  return events;
}
