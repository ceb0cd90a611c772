/** Makes a data directory out of a backup. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StopError } from '../stop-error.ts';
import type { Storage } from '../storage/storage.ts';
import { DATABASE, IDS_FILE, MANIFEST, type Manifest, runBackup, SPOOL, TABLES_FILE } from './parts.ts';

/** Throws StopError if `source` is no backup. */
export function readManifest(source: string): Manifest {
  const file = join(source, MANIFEST);
  if (!existsSync(file)) {
    throw new StopError(
      `${source} holds no backup: expected a directory that \`npm run backup\` made, with ${MANIFEST} in it.`,
    );
  }
  // Our own file: the engine says what is wrong with one that was changed by hand.
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}

export type RestoreWorld = {
  /** Speaks to an engine that has no database of that name. */
  root: Storage;
  /** The same engine, in the database once it is there. */
  storage: Storage;
  spoolDirectory: string;
  engineBackups: string;
};

/**
 * Brings back tables and spool. What events imply (who a visitor turned out to be, which order came first, which ids are
 * known) is worked out again from the events that are there: the tables of a backup are not of one moment.
 */
export async function restore(world: RestoreWorld, source: string): Promise<void> {
  const { root, storage, engineBackups } = world;
  mkdirSync(engineBackups, { recursive: true, mode: 0o700 });
  try {
    for (const file of [TABLES_FILE, IDS_FILE]) cpSync(join(source, file), join(engineBackups, file));
    await runBackup(root, `RESTORE DATABASE ${DATABASE} FROM File('${TABLES_FILE}')`);
    await runBackup(root, `RESTORE TABLE ${DATABASE}.event_ids FROM File('${IDS_FILE}')`);
  } finally {
    for (const file of [IDS_FILE, TABLES_FILE]) rmSync(join(engineBackups, file), { force: true });
  }
  await storage.command(ADD_MISSING_IDS);
  await refillViews(storage);
  cpSync(join(source, SPOOL), world.spoolDirectory, { recursive: true });
}

const ADD_MISSING_IDS = `
INSERT INTO event_ids (site_id, event_id, batch_id, received_time, is_import)
SELECT site_id, event_id, batch_id, received_time, sent_by = 'import'
FROM events
WHERE (site_id, event_id) NOT IN (SELECT site_id, event_id FROM event_ids)`;

async function refillViews(storage: Storage): Promise<void> {
  const { rows: views } = await storage.query<{ target: string; as_select: string }>(
    `SELECT extract(create_table_query, ' TO [^ ]+\\\\.([a-z_0-9]+)') AS target, as_select
     FROM system.tables
     WHERE database = currentDatabase() AND engine = 'MaterializedView' AND match(as_select, '\\\\bevents\\\\b')`,
  );
  // Both come from our own schema, through ClickHouse's catalogue. Several views may fill one table.
  for (const target of new Set(views.map((view) => view.target)))
    await storage.command(`TRUNCATE TABLE \`${target}\``);
  for (const view of views) await storage.command(`INSERT INTO \`${view.target}\` ${view.as_select}`);
}
