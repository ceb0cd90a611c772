/** Fills the memory of visits after a restart, from what the table knows of the last half hour. */

import type { PageViewRow, VisitRow, Visits } from './enrich/visits.ts';
import { SESSION_GAP_MS } from './enrich/visits.ts';
import type { Storage } from './storage/storage.ts';

const LATEST_VISITS = `
SELECT
  toString(visitor_id) AS visitor_id,
  toUnixTimestamp64Milli(min(time)) AS first_time,
  toUnixTimestamp64Milli(max(time)) AS last_time,
  toString(argMax(session_hint, time)) AS session_hint
FROM events
WHERE time >= fromUnixTimestamp64Milli({since:Int64}) AND toDate(time) >= toDate(fromUnixTimestamp64Milli({since:Int64}))
GROUP BY visitor_id
ORDER BY last_time DESC
LIMIT 30000`;

const LATEST_PAGE_VIEWS = `
SELECT toString(event_id) AS event_id, toString(visitor_id) AS visitor_id
FROM events
WHERE time >= fromUnixTimestamp64Milli({since:Int64}) AND toDate(time) >= toDate(fromUnixTimestamp64Milli({since:Int64}))
  AND kind = 'page_view' AND anonymous_id = '' AND sent_by = 'browser'
ORDER BY time DESC
LIMIT 30000`;

/** To be called once the spool's rest of the last run is inserted. Rejects with StorageError. */
export async function seedVisits(
  storage: Pick<Storage, 'query'>,
  visits: Visits,
  now: number,
): Promise<void> {
  const parameters = { since: now - SESSION_GAP_MS };
  const latest = await storage.query<VisitRow>(LATEST_VISITS, { parameters });
  const pageViews = await storage.query<PageViewRow>(LATEST_PAGE_VIEWS, { parameters });
  visits.seed(latest.rows, pageViews.rows);
}
