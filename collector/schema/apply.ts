import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '../storage/storage.ts';

/** A data directory this version must not touch; the message is one sentence for the operator. */
export class SchemaError extends Error {
  override name = 'SchemaError';
}

/** One `NNN-name.sql` of collector/schema: statements end with a semicolon at the end of a line. */
type Migration = { version: number; name: string; statements: string[] };

/**
 * Brings the database to the newest schema: applies each file once, in the order of its number, and records it.
 * A file whose application was cut off is applied again, so its statements must bear that (`IF NOT EXISTS`, or the
 * runner's own: CREATE is made repeatable here). Throws SchemaError if the database was made by a newer version.
 */
export async function applySchema(
  storage: Storage,
  directory: string,
): Promise<{ from: number; to: number }> {
  const migrations = readMigrations(directory);
  await storage.command(CREATE_VERSIONS);
  const { rows } = await storage.query<{ version: number }>(
    'SELECT toUInt32(max(version)) AS version FROM schema_versions',
  );
  const from = rows[0]?.version ?? 0;
  const to = migrations.at(-1)?.version ?? 0;
  if (from > to) {
    throw new SchemaError(
      `The data was written by a newer Footfall (schema ${from}, this one knows ${to}): ` +
        'start that version or newer, or name another data directory.',
    );
  }
  for (const migration of migrations.filter((candidate) => candidate.version > from)) {
    for (const statement of migration.statements) await storage.command(repeatable(statement));
    await storage.insert('schema_versions', [{ version: migration.version, name: migration.name }]);
  }
  return { from, to };
}

const CREATE_VERSIONS = `
CREATE TABLE IF NOT EXISTS schema_versions
(
    version      UInt32,
    name         String,
    applied_time DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .filter((file) => /^\d{3}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: Number.parseInt(file, 10),
      name: file,
      statements: splitStatements(readFileSync(join(directory, file), 'utf8')),
    }));
}

function splitStatements(sql: string): string[] {
  return sql
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/--.*$/gm, '').trim() !== '');
}

function repeatable(statement: string): string {
  return statement.replace(
    /^CREATE (TABLE|MATERIALIZED VIEW|VIEW|DICTIONARY) (?!IF NOT EXISTS)/m,
    'CREATE $1 IF NOT EXISTS ',
  );
}
