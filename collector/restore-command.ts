/** `FOOTFALL_DATA=<new directory> npm run restore -- <backup>`: then `npm start` with the same FOOTFALL_DATA. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DATABASE } from './backup/parts.ts';
import { readManifest, restore } from './backup/restore.ts';
import { sayError, UsageError } from './command.ts';
import { readConfig } from './config.ts';
import { openDataDirectory } from './data-directory.ts';
import { engineAddress, startEngine } from './engine/engine.ts';
import { StopError } from './stop-error.ts';
import { createClickHouse } from './storage/clickhouse.ts';

async function run(source: string | undefined): Promise<string> {
  if (!source)
    throw new UsageError('Expected a backup: FOOTFALL_DATA=<new directory> npm run restore -- <backup>');
  const config = readConfig(process.env);
  if (config.clickHouse) {
    throw new UsageError('Unset FOOTFALL_CLICKHOUSE_URL: a backup is restored into an embedded database.');
  }
  const path = resolve(source);
  const manifest = readManifest(path);
  refuseIfUsed(config.dataDirectory);
  const directory = await openDataDirectory(config.dataDirectory);
  try {
    const engine = await startEngine({ directory: directory.engine, memoryBytes: config.engineMemoryBytes });
    const root = createClickHouse(engineAddress(engine, 'owner', 'default'));
    const storage = createClickHouse(engineAddress(engine, 'owner', DATABASE));
    try {
      const engineBackups = join(directory.engine, 'backups');
      await restore({ root, storage, spoolDirectory: directory.spool, engineBackups }, path);
    } finally {
      await Promise.allSettled([root.close(), storage.close()]);
      await engine.stop();
    }
  } catch (error) {
    // It was empty when we came: half a restore must not pass for a whole one.
    for (const name of readdirSync(directory.path))
      rmSync(join(directory.path, name), { recursive: true, force: true });
    throw error;
  } finally {
    directory.lock.release();
  }
  return `Restored to ${directory.path} as of ${manifest.startedAt}: start it with FOOTFALL_DATA=${directory.path} npm start`;
}

function refuseIfUsed(path: string): void {
  if (!existsSync(path) || readdirSync(path).length === 0) return;
  throw new StopError(`${path} is not empty: name a new directory in FOOTFALL_DATA to restore into.`);
}

try {
  console.log(await run(process.argv[2]));
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}
