/** What a backup is made of, and how the engine is asked for its part. */
import { EMBEDDED_DATABASE } from '../database.ts';
import type { Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage.ts';

export const MANIFEST = 'footfall-backup.json';
export const SPOOL = 'spool';
export const TABLES_FILE = 'tables.tar';
export const IDS_FILE = 'event-ids.tar';

export type Manifest = {
  /** The version that wrote it. */
  footfall: string;
  /** Every event acknowledged before this moment is in it. ISO 8601. */
  startedAt: string;
};

export type BackupWorld = {
  version: string;
  now: () => Date;
  storage: Storage;
  spoolDirectory: string;
  /** Where the embedded engine may write and read backups. */
  engineBackups: string;
};

/** The database inside, by the name it has in every embedded engine. */
export const DATABASE = EMBEDDED_DATABASE;

const LOOK_EVERY_MS = 100;

/** Runs a BACKUP or RESTORE statement to its end, however long it takes: no HTTP time-out cuts it off. */
export async function runBackup(storage: Storage, statement: string): Promise<void> {
  const started = await storage.query<{ id: string }>(`${statement} ASYNC`);
  const id = started.rows[0]?.id;
  for (;;) {
    const { rows } = await storage.query<{ status: string; error: string }>(
      'SELECT toString(status) AS status, error FROM system.backups WHERE id = {id:String}',
      { parameters: { id } },
    );
    const { status = 'lost', error = 'the engine no longer knows of it' } = rows[0] ?? {};
    if (/^(BACKUP_CREATED|RESTORED)$/.test(status)) return;
    if (!/^(CREATING_BACKUP|RESTORING)$/.test(status))
      throw new StorageError(`${status}: ${error}`, undefined);
    await new Promise((resume) => setTimeout(resume, LOOK_EVERY_MS));
  }
}
