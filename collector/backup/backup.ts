/** Copies everything that must survive the machine, while events go on arriving. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StopError } from '../stop-error.ts';
import type { Storage } from '../storage/storage.ts';
import {
  type BackupWorld,
  DATABASE,
  IDS_FILE,
  MANIFEST,
  type Manifest,
  runBackup,
  SPOOL,
  TABLES_FILE,
} from './parts.ts';

/**
 * Writes a directory that holds every event acknowledged before the call, and sites, users, goals and saved items;
 * salts and engine passwords are not in it. Throws StopError if `target` exists.
 *
 * The order makes it whole without stopping anything. First the spool: what is acknowledged lies there or in the
 * tables already. Then the ids, then the events: an id without its event would make the spool's copy of that event
 * count as a repeat, and lose it; an event without its id is mended by the restore.
 */
export async function backUp(world: BackupWorld, target: string): Promise<Manifest> {
  if (existsSync(target))
    throw new StopError(`${target} exists already: name a new directory for the backup.`);
  const draft = `${target}.unfinished`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const manifest: Manifest = {
    footfall: world.version,
    startedAt: world.now().toISOString(),
  };
  copySpool(world.spoolDirectory, join(draft, SPOOL));
  await saveTables(world, draft);
  writeFileSync(join(draft, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
  renameSync(draft, target);
  return manifest;
}

/** Files are only appended to or removed; one that goes meanwhile is in the tables. The cursor means nothing elsewhere. */
function copySpool(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  if (!existsSync(from)) return;
  for (const name of readdirSync(from)) {
    if (name === 'cursor') continue;
    try {
      cpSync(join(from, name), join(to, name));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

/** The engine may write into its own directory only; from there the files go to the target. */
async function saveTables({ storage, engineBackups }: BackupWorld, draft: string): Promise<void> {
  mkdirSync(engineBackups, { recursive: true, mode: 0o700 });
  try {
    await save(storage, `BACKUP TABLE ${DATABASE}.event_ids`, IDS_FILE);
    await save(storage, `BACKUP DATABASE ${DATABASE} EXCEPT TABLES ${DATABASE}.event_ids`, TABLES_FILE);
    for (const file of [IDS_FILE, TABLES_FILE]) {
      cpSync(join(engineBackups, file), join(draft, file));
    }
  } finally {
    for (const file of [IDS_FILE, TABLES_FILE]) rmSync(join(engineBackups, file), { force: true });
  }
}

function save(storage: Storage, statement: string, file: string): Promise<void> {
  return runBackup(storage, `${statement} TO File('${file}')`);
}
