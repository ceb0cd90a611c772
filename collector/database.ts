/** Brings up the database, wherever it is, with the newest schema in it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerAddress } from './config.ts';
import { type Engine, engineAddress, startEngine } from './engine/engine.ts';
import type { EngineSecrets } from './engine/settings.ts';
import { applySchema } from './schema/apply.ts';
import { StopError } from './stop-error.ts';
import { type ClickHouseAddress, createClickHouse } from './storage/clickhouse.ts';
import { createEndingReader } from './storage/ending-reader.ts';
import { type Storage, StorageError } from './storage/storage.ts';

export type Database = {
  /** May do everything in Footfall's database. */
  storage: Storage;
  /** What reports use: read-only and limited. Its queries end with whoever waits for them. */
  reader: Storage;
  /** The child process, where the database is embedded. */
  engine: Engine | undefined;
  /**
   * Creates the database if it is missing and brings it to the newest schema. Throws DatabaseAwayError where a server
   * cannot be reached, StopError where it refuses, SchemaError where its data is of a newer version.
   */
  prepare(): Promise<void>;
  /** Never throws. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** undefined: embedded, in `directory`. */
  server: ServerAddress | undefined;
  directory: string;
  memoryBytes: number;
  onRestart: (reason: string) => void;
};

/** Beside the tables while the engine runs: where it listens. */
const URL_FILE = 'url';
export const EMBEDDED_DATABASE = 'footfall';
const SCHEMA = join(import.meta.dirname, 'schema');

/** The server is not there, or not yet. */
export class DatabaseAwayError extends StopError {
  override name = 'DatabaseAwayError';
}

/** Starts the embedded engine; a server is not asked yet. Throws EngineError with a sentence for the operator. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { server, directory } = options;
  if (server) return connect(server, { ...server, ...server.reader }, undefined, async () => {});
  const engine = await startEngine(options);
  writeFileSync(join(directory, URL_FILE), engine.url);
  return connect(addressOf(engine, 'owner'), addressOf(engine, 'reader'), engine, async () => {
    rmSync(join(directory, URL_FILE), { force: true });
    await engine.stop();
  });
}

/** The embedded database of a Footfall that runs right now on the same directory: for commands beside the server. */
export function joinDatabase(directory: string): Database {
  const url = readFileSync(join(directory, URL_FILE), 'utf8');
  // Our own file, written by startEngine.
  const secrets = JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8')) as EngineSecrets;
  const running = { url, secrets };
  return connect(addressOf(running, 'owner'), addressOf(running, 'reader'), undefined, async () => {});
}

function connect(
  owner: ClickHouseAddress,
  reader: ClickHouseAddress,
  engine: Engine | undefined,
  release: () => Promise<void>,
): Database {
  const storage = createClickHouse(owner);
  const readerStorage = createClickHouse(reader);
  return {
    storage,
    reader: createEndingReader(readerStorage, storage),
    engine,
    async prepare() {
      try {
        await createDatabase(owner);
        await applySchema(storage, SCHEMA);
      } catch (error) {
        throw error instanceof StorageError ? explain(owner.url, error) : error;
      }
    },
    async close() {
      await Promise.allSettled([storage.close(), readerStorage.close()]);
      await release();
    },
  };
}

function addressOf(engine: Pick<Engine, 'url' | 'secrets'>, as: 'owner' | 'reader'): ClickHouseAddress {
  return engineAddress(engine, as, EMBEDDED_DATABASE);
}

async function createDatabase(address: ClickHouseAddress): Promise<void> {
  const bootstrap = createClickHouse({ ...address, database: 'default' });
  try {
    await bootstrap.command('CREATE DATABASE IF NOT EXISTS {name:Identifier}', {
      parameters: { name: address.database },
    });
  } finally {
    await bootstrap.close();
  }
}

/** An error without a code is no answer at all. */
function explain(url: string, cause: StorageError): StopError {
  const reason = cause.message.split('\n')[0] || `code ${cause.code}`;
  const check = 'check FOOTFALL_CLICKHOUSE_URL, _USER and _PASSWORD.';
  if (cause.code === undefined) {
    return new DatabaseAwayError(`The ClickHouse at ${url} cannot be reached (${reason}): ${check}`, {
      cause,
    });
  }
  return new StopError(`The ClickHouse at ${url} did not do as asked (${reason}): ${check}`, { cause });
}
