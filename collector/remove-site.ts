/** Removes a site and everything that is known of it. */
import { EVERYTHING } from './deletions.ts';
import type { Storage } from './storage/storage.ts';

/**
 * Marks the site as deleted first, so that the doors refuse it from the next look at the table on, then deletes its
 * rows from every table that has a `site_id`. Resolves once they are gone from every answer. What waits in a spool is
 * deleted when it comes out of it.
 */
export async function removeSite(storage: Storage, siteId: string): Promise<void> {
  const parameters = { site: siteId };
  await storage.command(MARK_DELETED, { parameters });
  await storage.command(RECORD_DELETION, { parameters: { ...parameters, condition: EVERYTHING } });
  const { rows } = await storage.query<{ table: string }>(TABLES_WITH_SITES);
  for (const { table } of rows) {
    await storage.command('ALTER TABLE {table:Identifier} DELETE WHERE site_id = {site:String}', {
      parameters: { ...parameters, table },
      settings: { mutations_sync: 2 },
    });
  }
}

const MARK_DELETED = `
INSERT INTO sites (* EXCEPT (updated_time, is_deleted), updated_time, is_deleted)
SELECT * EXCEPT (updated_time, is_deleted), now64(3), true FROM sites FINAL WHERE site_id = {site:String}`;

const RECORD_DELETION = `
INSERT INTO deletions (site_id, requested_time, condition, parameters)
SELECT {site:String}, now64(3), {condition:String}, '{}'`;

/**
 * The site's own row stays, marked: it is what tells the doors. So does what was written down about who did what, and
 * that all of it is deleted.
 */
const TABLES_WITH_SITES = `
SELECT DISTINCT columns.table AS table
FROM system.columns AS columns
INNER JOIN system.tables AS tables ON tables.database = columns.database AND tables.name = columns.table
WHERE columns.database = currentDatabase() AND columns.name = 'site_id' AND columns.table NOT IN ('sites', 'audit_log', 'deletions')
  AND tables.engine LIKE '%MergeTree'`;
