/** The one directory that holds all there is: tables, spool, secrets. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { StopError } from './stop-error.ts';

export type DataDirectory = {
  path: string;
  /** The embedded engine's tables, configuration and passwords. */
  engine: string;
  spool: string;
  lock: DirectoryLock;
};

/** Creates it (mode 0700) if missing, and takes it for this process. Throws StopError, DirectoryTakenError. */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const paths = {
    engine: join(path, 'clickhouse'),
    spool: join(path, 'spool'),
  };
  try {
    const isNew = !existsSync(path);
    mkdirSync(path, { recursive: true });
    if (isNew) chmodSync(path, 0o700);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const lock = await lockDirectory(path);
    for (const directory of Object.values(paths)) mkdirSync(directory, { recursive: true, mode: 0o700 });
    return { path, ...paths, lock };
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new StopError(
      `Cannot write to the data directory ${path} (${'code' in error ? error.code : error.message}): ` +
        'make it writable for this user, or name another one in FOOTFALL_DATA.',
      { cause: error },
    );
  }
}

/** Leaves word of the server's public address for the commands that print links. */
export function writeAddress(directory: string, publicUrl: string): void {
  writeFileSync(join(directory, 'address'), publicUrl);
}

/** The address under which the server on this directory was last reached. */
export function readAddress(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, 'address'), 'utf8') || undefined;
  } catch {
    return undefined; // It never ran.
  }
}
