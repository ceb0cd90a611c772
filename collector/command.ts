/** What every command beside the server needs: the settings, and the database whether the server runs or not. */

import { join } from 'node:path';
import { type Config, ConfigError, readConfig } from './config.ts';
import { openDataDirectory } from './data-directory.ts';
import { type Database, joinDatabase, openDatabase } from './database.ts';
import { DirectoryTakenError, holderOf } from './directory-lock.ts';
import { EngineError } from './engine/engine.ts';
import { SchemaError } from './schema/apply.ts';
import { StopError } from './stop-error.ts';

export type CommandWorld = { config: Config; database: Database; arguments: readonly string[] };

/** Thrown by a command that was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const SENTENCES = [UsageError, ConfigError, StopError, DirectoryTakenError, EngineError, SchemaError];

/** The message of an error that is meant for the operator; of others, all there is to know. */
export function sayError(error: unknown): void {
  console.error(
    error instanceof Error && SENTENCES.some((kind) => error instanceof kind) ? error.message : error,
  );
}

/** Runs a command with the world it needs, prints the line it returns, and sets the exit code. */
export async function runCommand(
  environment: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
  work: (world: CommandWorld) => Promise<string>,
): Promise<void> {
  try {
    const config = readConfig(environment);
    const { database, close } = await reachDatabase(config);
    try {
      console.log(await work({ config, database, arguments: words }));
    } finally {
      await close();
    }
  } catch (error) {
    sayError(error);
    process.exitCode = 1;
  }
}

/** Joins the running server's engine; where none runs, takes the directory and starts one for the moment. */
async function reachDatabase(config: Config): Promise<{ database: Database; close: () => Promise<void> }> {
  const engineDirectory = join(config.dataDirectory, 'clickhouse');
  if (!config.clickHouse && holderOf(config.dataDirectory) !== undefined) {
    const database = joinDatabase(engineDirectory);
    return { database, close: () => database.close() };
  }
  const directory = config.clickHouse ? undefined : await openDataDirectory(config.dataDirectory);
  const database = await openDatabase({
    server: config.clickHouse,
    directory: engineDirectory,
    memoryBytes: config.engineMemoryBytes,
    onRestart: (reason) => console.error(`The database is being restarted: ${reason}`),
  }).catch((error: unknown) => {
    directory?.lock.release();
    throw error;
  });
  const close = async () => {
    await database.close();
    directory?.lock.release();
  };
  await database.prepare().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { database, close };
}
