import type { Storage } from '../storage/storage.ts';
import { type BatchRow, toKey } from './batch.ts';

/** ClickHouse takes 128 KiB per HTTP form field: so many ids, quoted and parted by commas, fit into one. */
const IDS_PER_PARAMETER = 3_000;

/** Which of the rows' ids have been received before, and under which batch. */
export async function findKnownIds(
  storage: Storage,
  rows: readonly BatchRow[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { sql, parameters } = idList(rows);
  const { rows: found } = await storage.query<{ site_id: string; event_id: string; batch_id: string }>(
    `SELECT site_id, toString(event_id) AS event_id, toString(batch_id) AS batch_id
     FROM event_ids
     WHERE site_id IN {sites:Array(String)} AND event_ids.event_id IN ${sql}
       AND (is_import OR received_time > now() - INTERVAL 35 DAY)
     ORDER BY received_time DESC`,
    { parameters, signal },
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
    `SELECT site_id, toString(event_id) AS event_id FROM events WHERE ${rowsCondition(rows).sql}`,
    { parameters: rowsCondition(rows).parameters, signal },
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
  const { sql, parameters } = rowsCondition(rows);
  await storage.command(`${WRITE_IDS} WHERE ${sql}`, { parameters });
}

const WRITE_IDS = `INSERT INTO event_ids (site_id, event_id, batch_id, received_time, is_import)
  SELECT site_id, event_id, batch_id, toDateTime(received_time, 'UTC'), sent_by = 'import' FROM events`;

/** A condition on `events` that only these rows fulfil; the times let it skip all other days. */
function rowsCondition(rows: readonly BatchRow[]) {
  const { sql, parameters } = idList(rows);
  const times = rows.map((row) => row.time);
  const from = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  return {
    sql: `site_id IN {sites:Array(String)} AND events.event_id IN ${sql}
      AND time BETWEEN fromUnixTimestamp64Milli({from_ms:Int64}) AND fromUnixTimestamp64Milli({to_ms:Int64})`,
    parameters: { ...parameters, from_ms: from, to_ms: to },
  };
}

/** The rows' ids and sites as parameters, and the SQL that names the ids. */
export function idList(rows: readonly BatchRow[]) {
  const parameters: Record<string, unknown> = { sites: [...new Set(rows.map((row) => row.siteId))] };
  const names: string[] = [];
  for (let from = 0; from < rows.length; from += IDS_PER_PARAMETER) {
    const name = `ids_${names.length}`;
    parameters[name] = rows.slice(from, from + IDS_PER_PARAMETER).map((row) => row.eventId);
    names.push(`{${name}:Array(UUID)}`);
  }
  return { sql: names.length === 1 ? `${names[0]}` : `arrayConcat(${names.join(', ')})`, parameters };
}
