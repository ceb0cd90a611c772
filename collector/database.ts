/** Brings up the database, wherever it is, with the newest schema in it. */
import { join } from 'node:path';
import type { ServerAddress } from './config.ts';
import { type Engine, engineAddress, startEngine } from './engine/engine.ts';
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

const EMBEDDED_DATABASE = 'footfall';
const SCHEMA = join(import.meta.dirname, 'schema');

/** Throws EngineError, SchemaError or StopError, each with a sentence for the operator. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const engine = options.server ? undefined : await startEngine(options);
  const owner = addressOf(options, engine, 'owner');
  const reader = addressOf(options, engine, 'reader');
  const storage = createClickHouse(owner);
  const readerStorage = createClickHouse(reader);
  const database: Database = {
    storage,
    reader: readerStorage,
    engine,
    async close() {
      await Promise.allSettled([storage.close(), readerStorage.close()]);
      await engine?.stop();
    },
  };
  try {
    await createDatabase(owner);
    await applySchema(storage, SCHEMA);
    return database;
  } catch (error) {
    await database.close();
    throw options.server && error instanceof StorageError ? unreachable(options.server, error) : error;
  }
}

function addressOf(
  { server }: DatabaseOptions,
  engine: Engine | undefined,
  as: 'owner' | 'reader',
): ClickHouseAddress {
  if (server) return server;
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
