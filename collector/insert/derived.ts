import type { SiteId } from '../protocol.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * Fills what the materialised views make of a batch once more. A view is filled after its table: an insert that was cut
 * off may have reached the one and not the other. Their targets keep least, greatest or newest values, so that a
 * second filling changes nothing; or they only vouch for what is stored elsewhere, which is then worked out anew.
 */
export async function fillViewsAgain(storage: Storage, batchId: string): Promise<void> {
  for (const view of await readViews(storage)) await fill(storage, view, `batch_id = ${BigInt(batchId)}`);
}

/**
 * Makes what the views hold of a site anew from its events, after some were deleted. What arrives meanwhile is filled in
 * twice, which changes nothing; until the last view is filled, reports may miss orders and identities.
 */
export async function rebuildViews(storage: Storage, siteId: SiteId): Promise<void> {
  for (const view of await readViews(storage)) {
    await storage.command('ALTER TABLE {target:Identifier} DELETE WHERE site_id = {site:String}', {
      parameters: { target: view.target, site: siteId },
      settings: { mutations_sync: 2 },
    });
    // A SiteId has no character that would have to be escaped.
    await fill(storage, view, `site_id = \\'${siteId}\\'`);
  }
}

type View = { database: string; target: string; as_select: string };

async function readViews(storage: Storage): Promise<View[]> {
  const { rows } = await storage.query<View>(
    `SELECT database, extract(create_table_query, ' TO [^ ]+\\\\.([a-z_0-9]+)') AS target, as_select
     FROM system.tables
     WHERE database = currentDatabase() AND engine = 'MaterializedView' AND match(as_select, '\\\\bevents\\\\b')`,
  );
  return rows;
}

async function fill(storage: Storage, { database, target, as_select }: View, filter: string): Promise<void> {
  // Both come from our own schema, through ClickHouse's catalogue.
  await storage.command(`INSERT INTO \`${target}\` ${as_select}`, {
    settings: { additional_table_filters: `{'${database}.events': '${filter}'}` },
  });
}
