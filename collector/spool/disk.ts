import { close, fdatasync, fsync, ftruncate, open, read, write } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The part of a file system that the spool needs: one flat directory. Errors are Node's (`code: 'ENOSPC'`, …). */
export interface Disk {
  /** Names of the files, in no order. */
  list(): Promise<string[]>;
  /** Creates the file; fails with EEXIST where there is one. Durable only after `syncDirectory`. */
  create(name: string): Promise<DiskFile>;
  /** Opens a file that exists for reading and writing. */
  open(name: string): Promise<DiskFile>;
  /** Makes creations and renames survive a crash. */
  syncDirectory(): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes the file; no error where there is none. */
  remove(name: string): Promise<void>;
  sizeOf(name: string): Promise<number>;
  freeBytes(): Promise<number>;
}

export interface DiskFile {
  /** May write less than it was given, as POSIX allows: the answer says how much. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Fewer bytes than asked for: the file ends there. */
  read(length: number, position: number): Promise<Buffer>;
  /** After it, what was written survives a crash (fdatasync). */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The real one: a directory of the operating system, created if it is missing. */
export async function openDisk(path: string): Promise<Disk> {
  const directory = resolve(path);
  await mkdir(directory, { recursive: true });
  // A new directory is only a name in its parent: without this a power cut may take it with all that is in it.
  for (const parent of [dirname(directory), dirname(dirname(directory))]) {
    // The parents may be others', and readable for nobody.
    await syncDirectory(parent).catch(() => undefined);
  }
  const pathOf = (name: string) => join(directory, name);

  return {
    list: () => readdir(directory),
    create: async (name) => toDiskFile(await openFile(pathOf(name), 'wx+', 0o600)),
    open: async (name) => toDiskFile(await openFile(pathOf(name), 'r+')),
    syncDirectory: () => syncDirectory(directory),
    rename: (from, to) => rename(pathOf(from), pathOf(to)),
    remove: (name) => rm(pathOf(name), { force: true }),
    sizeOf: async (name) => (await stat(pathOf(name))).size,
    async freeBytes() {
      const { bavail, bsize } = await statfs(directory);
      return bavail * bsize;
    },
  };
}

// Descriptors and callbacks, not FileHandle: half the time per call, and one commit is two calls.
const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
const syncData = promisify(fdatasync);
const truncateFile = promisify(ftruncate);

async function syncDirectory(path: string): Promise<void> {
  const descriptor = await openFile(path, 'r');
  await syncFile(descriptor).finally(() => closeFile(descriptor));
}

function toDiskFile(descriptor: number): DiskFile {
  return {
    write: (bytes, position) =>
      new Promise((resolve, reject) =>
        write(descriptor, bytes, 0, bytes.length, position, (error, written) =>
          error ? reject(error) : resolve(written),
        ),
      ),
    read: (length, position) => readFully(descriptor, length, position),
    sync: () => syncData(descriptor),
    truncate: (length) => truncateFile(descriptor, length),
    close: () => closeFile(descriptor),
  };
}

async function readFully(descriptor: number, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const got = await new Promise<number>((resolve, reject) =>
      read(descriptor, bytes, filled, length - filled, position + filled, (error, bytesRead) =>
        error ? reject(error) : resolve(bytesRead),
      ),
    );
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}
