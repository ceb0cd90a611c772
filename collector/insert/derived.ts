import type { Storage } from '../storage/storage.ts';

/**
 * Fills what the materialised views make of a batch once more. A view is filled after its table: an insert that was cut
 * off may have reached the one and not the other. Their targets keep least, greatest or newest values, so that a
 * second filling changes nothing.
 */
export async function fillViewsAgain(storage: Storage, batchId: string): Promise<void> {
  const { rows: views } = await storage.query<{ database: string; target: string; as_select: string }>(
    `SELECT database, extract(create_table_query, ' TO [^ ]+\\\\.([a-z_0-9]+)') AS target, as_select
     FROM system.tables
     WHERE database = currentDatabase() AND engine = 'MaterializedView' AND match(as_select, '\\\\bevents\\\\b')`,
  );
  for (const { database, target, as_select } of views) {
    // Both come from our own schema, through ClickHouse's catalogue.
    await storage.command(`INSERT INTO \`${target}\` ${as_select}`, {
      settings: { additional_table_filters: `{'${database}.events': 'batch_id = ${BigInt(batchId)}'}` },
    });
  }
}
