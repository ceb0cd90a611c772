/**
 * Preloaded into a real server (`NODE_OPTIONS=--import`): what is written to the spool reaches the disk only when it is
 * synced. A kill -9 leaves the page cache alive; this is a page cache that dies with the process, as in a power cut.
 * With FOOTFALL_TEST_SYNC=off a sync answers and does nothing, as if fdatasync had been taken out.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const real = {
  open: fs.open,
  close: fs.close,
  write: fs.write,
  read: fs.read,
  fdatasync: fs.fdatasync,
  ftruncate: fs.ftruncate,
};
const isSyncing = process.env.FOOTFALL_TEST_SYNC !== 'off';

/** Path → the file as a running machine sees it, and the writes that are not on disk. */
const pages = new Map();
const openFiles = new Map();

function isOurs(path) {
  return /\/spool\/(\d+\.segment|cursor)$/.test(String(path));
}

fs.open = (path, flags, ...rest) => {
  const callback = rest.pop();
  real.open(path, flags, ...rest, (error, descriptor) => {
    if (!error && isOurs(path)) {
      if (!pages.has(path)) pages.set(path, { content: fs.readFileSync(path), unsynced: [] });
      openFiles.set(descriptor, pages.get(path));
    }
    callback(error, descriptor);
  });
};

fs.close = (descriptor, callback) => {
  openFiles.delete(descriptor);
  real.close(descriptor, callback);
};

fs.write = (descriptor, bytes, offset, length, position, callback) => {
  const file = openFiles.get(descriptor);
  if (!file) return real.write(descriptor, bytes, offset, length, position, callback);
  const part = Buffer.from(bytes.subarray(offset, offset + length));
  const grown = Buffer.alloc(Math.max(file.content.length, position + length));
  file.content.copy(grown);
  part.copy(grown, position);
  file.content = grown;
  file.unsynced.push({ part, position });
  setImmediate(callback, null, length);
};

fs.read = (descriptor, bytes, offset, length, position, callback) => {
  const file = openFiles.get(descriptor);
  if (!file) return real.read(descriptor, bytes, offset, length, position, callback);
  const got = file.content.copy(bytes, offset, position, Math.min(position + length, file.content.length));
  setImmediate(callback, null, got);
};

fs.ftruncate = (descriptor, length, callback) => {
  const file = openFiles.get(descriptor);
  if (file) file.content = file.content.subarray(0, length);
  real.ftruncate(descriptor, length, callback);
};

fs.fdatasync = (descriptor, callback) => {
  const file = openFiles.get(descriptor);
  if (!file) return real.fdatasync(descriptor, callback);
  if (!isSyncing) return setImmediate(callback, null);
  for (const { part, position } of file.unsynced) fs.writeSync(descriptor, part, 0, part.length, position);
  file.unsynced = [];
  real.fdatasync(descriptor, callback);
};

syncBuiltinESMExports();
