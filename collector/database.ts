/** Brings up the database, wherever it is, with the newest schema in it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerAddress } from './config.ts';
import { type Engine, engineAddress, startEngine } from './engine/engine.ts';
import type { EngineSecrets } from './engine/settings.ts';
import { applySchema } from './schema/apply.ts';
import { StopError } from './stop-error.ts';
import { type ClickHouseAddress, createClickHouse } from './storage/clickhouse.ts';
import { type Storage, StorageError } from './storage/storage.ts';

export type Database = {
  /** May do everything in Footfall's database. */
  storage: Storage;
  /** What reports use: read-only and limited. */
  reader: Storage;
  /** The child process, where the database is embedded. */
  engine: Engine | undefined;
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

/** Throws EngineError, SchemaError or StopError, each with a sentence for the operator. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { server, directory } = options;
  const engine = server ? undefined : await startEngine(options);
  if (engine) writeFileSync(join(directory, URL_FILE), engine.url);
  const owner = server ?? addressOf(engine, 'owner');
  const database = connect(owner, server ?? addressOf(engine, 'reader'), engine, async () => {
    rmSync(join(directory, URL_FILE), { force: true });
    await engine?.stop();
  });
  try {
    await createDatabase(owner);
    await applySchema(database.storage, SCHEMA);
    return database;
  } catch (error) {
    await database.close();
    throw server && error instanceof StorageError ? unreachable(server, error) : error;
  }
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
    reader: readerStorage,
    engine,
    async close() {
      await Promise.allSettled([storage.close(), readerStorage.close()]);
      await release();
    },
  };
}

function addressOf(
  engine: Pick<Engine, 'url' | 'secrets'> | undefined,
  as: 'owner' | 'reader',
): ClickHouseAddress {
  if (!engine) throw new Error('Expected a running engine');
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

function unreachable(server: ServerAddress, cause: StorageError): StopError {
  const reason = cause.message.split('\n')[0] || `code ${cause.code}`;
  return new StopError(
    `The ClickHouse at ${server.url} did not do as asked (${reason}): check FOOTFALL_CLICKHOUSE_URL, _USER and _PASSWORD.`,
    { cause },
  );
}
