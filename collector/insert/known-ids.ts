import type { Storage } from '../storage/storage.ts';
import { type BatchRow, toKey } from './batch.ts';

/** Which of the rows' ids have been received before, and under which batch. */
export async function findKnownIds(
  storage: Storage,
  rows: readonly BatchRow[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { rows: found } = await storage.query<{ site_id: string; event_id: string; batch_id: string }>(
    `SELECT site_id, toString(event_id) AS event_id, toString(batch_id) AS batch_id
     FROM event_ids
     WHERE site_id IN {sites:Array(String)} AND UUIDToNum(event_ids.event_id) IN ${ID_NUMBERS}
       AND (is_import OR received_time > now() - INTERVAL 35 DAY)
     ORDER BY received_time DESC`,
    { ...idTable(rows), signal },
  );
  // The earliest last: it is the one that stays.
  return new Map(found.map((row) => [toKey(row.site_id, row.event_id), row.batch_id]));
}

/** The keys of the batch's rows that are in `events`. */
export async function findStored(
  storage: Storage,
  batchId: string,
  signal: AbortSignal,
): Promise<Set<string>> {
  const { rows } = await storage.query<{ site_id: string; event_id: string }>(
    `SELECT site_id, toString(event_id) AS event_id FROM events WHERE batch_id = {batch_id:UInt64}`,
    { parameters: { batch_id: batchId }, signal },
  );
  return new Set(rows.map((row) => toKey(row.site_id, row.event_id)));
}

/** The keys of these very rows that are in `events`, whatever batch brought them. */
export async function findStoredRows(
  storage: Storage,
  rows: readonly BatchRow[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const { rows: found } = await storage.query<{ site_id: string; event_id: string }>(
    `SELECT site_id, toString(event_id) AS event_id FROM events WHERE ${ARE_THESE_ROWS}`,
    { ...rowTable(rows), signal },
  );
  return new Set(found.map((row) => toKey(row.site_id, row.event_id)));
}

/** Makes the batch's stored rows known, from what is in `events`. Doing it twice does no harm. */
export async function writeKnownIds(storage: Storage, batchId: string): Promise<void> {
  await storage.command(`${WRITE_IDS} WHERE batch_id = {batch_id:UInt64}`, {
    parameters: { batch_id: batchId },
  });
}

/** Makes these rows known, whatever batch brought them into `events`. */
export async function writeKnownIdsOf(storage: Storage, rows: readonly BatchRow[]): Promise<void> {
  await storage.command(`${WRITE_IDS} WHERE ${ARE_THESE_ROWS}`, rowTable(rows));
}

/** Makes these rows known, which these batches have brought: `batchOf` by the rows' keys. */
export async function writeKnownIdsIn(
  storage: Storage,
  rows: readonly BatchRow[],
  batchOf: ReadonlyMap<string, string>,
): Promise<void> {
  const batches = new Set(rows.map(({ key }) => batchOf.get(key)));
  const { tables, parameters } = idTable(rows);
  await storage.command(
    `${WRITE_IDS} WHERE batch_id IN arrayMap(id -> toUInt64(id), {batches:Array(String)})
     AND site_id IN {sites:Array(String)} AND events.event_id IN ids`,
    { tables, parameters: { ...parameters, batches: [...batches] } },
  );
}

/**
 * Makes those of the events that fulfil a condition known that came within the last day: their batch may be about to do
 * so, and will not find them. The condition is our own SQL.
 */
export async function writeNewIds(
  storage: Storage,
  condition: string,
  parameters: Record<string, unknown>,
  now: number,
): Promise<void> {
  const isNew = `received_time > fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC') - INTERVAL 1 DAY`;
  await storage.command(`${WRITE_IDS} WHERE ${isNew} AND (${condition})`, {
    parameters: { ...parameters, now_ms: now },
  });
}

const WRITE_IDS = `INSERT INTO event_ids (site_id, event_id, batch_id, received_time, is_import)
  SELECT site_id, event_id, batch_id, toDateTime(received_time, 'UTC'), sent_by = 'import' FROM events`;

/** The times let it skip all other days. */
const ARE_THESE_ROWS = `site_id IN {sites:Array(String)} AND events.event_id IN ids
  AND time BETWEEN fromUnixTimestamp64Milli({from_ms:Int64}) AND fromUnixTimestamp64Milli({to_ms:Int64})`;

function rowTable(rows: readonly BatchRow[]) {
  const { tables, parameters } = idTable(rows);
  const times = rows.map((row) => row.time);
  const from = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  return { tables, parameters: { ...parameters, from_ms: from, to_ms: to } };
}

/** Of `idTable`, in the order in which `event_ids` and `event_claims` keep them: so only where they lie is read. */
export const ID_NUMBERS = '(SELECT UUIDToNum(ids.event_id) FROM ids)';

/** The rows' ids as the table `ids`, and their sites. */
export function idTable(rows: readonly Pick<BatchRow, 'siteId' | 'eventId'>[]) {
  let lines = '';
  const sites = new Set<string>();
  for (const { siteId, eventId } of rows) {
    lines += `${eventId}\n`;
    sites.add(siteId);
  }
  return { parameters: { sites: [...sites] }, tables: { ids: { columns: 'event_id UUID', lines } } };
}
