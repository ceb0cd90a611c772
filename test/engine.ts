import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, engineAddress, startEngine } from '../collector/engine/engine.ts';
import { applySchema } from '../collector/schema/apply.ts';
import { createClickHouse } from '../collector/storage/clickhouse.ts';
import { createEndingReader } from '../collector/storage/ending-reader.ts';
import type { Storage } from '../collector/storage/storage.ts';
import { removeDirectory } from './remove-directory.ts';

export const SCHEMA_DIRECTORY = join(import.meta.dirname, '../collector/schema');
export const DATABASE = 'footfall';

/** A real ClickHouse of the test's own: empty tables of the newest schema, in a directory that goes with `stop`. */
export type TestEngine = {
  engine: Engine;
  /** May do everything. */
  storage: Storage;
  /** What reports use: read-only and limited. */
  reader: Storage;
  directory: string;
  stop(): Promise<void>;
};

/** Takes about a second; start one per test file (`beforeAll`) and use a site id per test. */
export async function startTestEngine(): Promise<TestEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'footfall-engine-'));
  const engine = await startEngine({ directory });
  const bootstrap = createClickHouse(engineAddress(engine, 'owner', 'default'));
  await bootstrap.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`);
  await bootstrap.close();
  const storage = createClickHouse(engineAddress(engine, 'owner', DATABASE));
  const reader = createEndingReader(createClickHouse(engineAddress(engine, 'reader', DATABASE)), storage);
  await applySchema(storage, SCHEMA_DIRECTORY);
  return {
    engine,
    storage,
    reader,
    directory,
    async stop() {
      await storage.close();
      await reader.close();
      await engine.stop();
      await removeDirectory(directory);
    },
  };
}
