import type { Disk, DiskFile } from '../../collector/spool/disk.ts';

/**
 * A disk that crashes like a real one: what was not synced may be gone, there in part, or there whole. A failed sync
 * forgets what it should have written, as Linux does.
 */
export type MemoryDisk = {
  /** The disk as a process sees it that starts now; a crash cuts it off. */
  mount(): Disk;
  /** Loses unsynced bytes and names; `random` gives numbers in [0, 1). What was mounted is dead afterwards. */
  crash(random: () => number): void;
  /** The next calls of this kind go wrong, in this order. */
  fail(call: 'write' | 'sync' | 'read', ...faults: Fault[]): void;
  /** With false, syncs answer but do nothing: what fdatasync is there for. */
  setSyncing(isSyncing: boolean): void;
  setFreeBytes(bytes: number): void;
  /** The bytes as a reader sees them now; changing them corrupts the file. */
  bytesOf(name: string): Buffer;
  corrupt(name: string, position: number): void;
};

/** `short`: half of the bytes are written, without an error. */
export type Fault = 'short' | 'ENOSPC' | 'EIO' | 'none';

type Change = { position: number; bytes: Buffer } | { length: number };
type Inode = { synced: Buffer; current: Buffer; unsynced: Change[] };

export function createMemoryDisk(): MemoryDisk {
  let names = new Map<string, Inode>();
  let syncedNames = new Map<string, Inode>();
  let life = 0;
  let isSyncing = true;
  let freeBytes = 1e12;
  const faults: Record<'write' | 'sync' | 'read', Fault[]> = { write: [], sync: [], read: [] };

  const alive = async <T>(bornIn: number, call: () => T): Promise<T> => {
    await null;
    if (bornIn !== life) throw new Error('The machine has crashed');
    return call();
  };
  const inodeOf = (name: string): Inode => {
    const inode = names.get(name);
    if (!inode) throw toError('ENOENT');
    return inode;
  };

  const toFile = (inode: Inode, bornIn: number): DiskFile => ({
    write: (bytes, position) =>
      alive(bornIn, () => {
        const fault = faults.write.shift() ?? 'none';
        if (fault === 'ENOSPC' || fault === 'EIO') throw toError(fault);
        const length = fault === 'short' ? Math.floor(bytes.length / 2) : bytes.length;
        change(inode, { position, bytes: Buffer.from(bytes.subarray(0, length)) });
        return length;
      }),
    read: (length, position) =>
      alive(bornIn, () => {
        const fault = faults.read.shift() ?? 'none';
        if (fault !== 'none') throw toError(fault);
        return Buffer.from(inode.current.subarray(position, position + length));
      }),
    sync: () =>
      alive(bornIn, () => {
        const fault = faults.sync.shift() ?? 'none';
        if (!isSyncing) return;
        if (fault === 'none') inode.synced = inode.unsynced.reduce(apply, inode.synced);
        inode.unsynced = [];
        if (fault !== 'none') throw toError(fault);
      }),
    truncate: (length) => alive(bornIn, () => change(inode, { length })),
    close: () => alive(bornIn, () => undefined),
  });

  const mountIn = (bornIn: number): Disk => ({
    list: () => alive(bornIn, () => [...names.keys()]),
    create: (name) =>
      alive(bornIn, () => {
        if (names.has(name)) throw toError('EEXIST');
        const inode = { synced: Buffer.alloc(0), current: Buffer.alloc(0), unsynced: [] };
        names.set(name, inode);
        return toFile(inode, bornIn);
      }),
    open: (name) => alive(bornIn, () => toFile(inodeOf(name), bornIn)),
    syncDirectory: () =>
      alive(bornIn, () => {
        if (isSyncing) syncedNames = new Map(names);
      }),
    rename: (from, to) =>
      alive(bornIn, () => {
        names.set(to, inodeOf(from));
        names.delete(from);
      }),
    remove: (name) =>
      alive(bornIn, () => {
        names.delete(name);
      }),
    sizeOf: (name) => alive(bornIn, () => inodeOf(name).current.length),
    freeBytes: () => alive(bornIn, () => freeBytes),
  });

  return {
    mount: () => mountIn(life),
    crash(random) {
      life += 1;
      for (const inode of new Set([...names.values(), ...syncedNames.values()])) loseUnsynced(inode, random);
      names = loseUnsyncedNames(names, syncedNames, random);
      syncedNames = new Map(names);
      faults.write = [];
      faults.sync = [];
      faults.read = [];
    },
    fail(call, ...next) {
      faults[call].push(...next);
    },
    setSyncing(is) {
      isSyncing = is;
    },
    setFreeBytes(bytes) {
      freeBytes = bytes;
    },
    bytesOf: (name) => inodeOf(name).current,
    corrupt(name, position) {
      const inode = inodeOf(name);
      for (const bytes of [inode.current, inode.synced]) {
        // The highest bit: no letter becomes the end of a line, by which rows are counted.
        if (position < bytes.length) bytes.writeUInt8(bytes.readUInt8(position) ^ 0x80, position);
      }
    },
  };
}

function change(inode: Inode, made: Change): void {
  inode.current = apply(inode.current, made);
  inode.unsynced.push(made);
}

function apply(content: Buffer, made: Change): Buffer {
  const length = 'length' in made ? made.length : Math.max(content.length, made.position + made.bytes.length);
  const changed = Buffer.alloc(length);
  content.copy(changed);
  if ('bytes' in made) made.bytes.copy(changed, made.position);
  return changed;
}

/** Some of the unsynced changes arrived, the last of them perhaps in part. */
function loseUnsynced(inode: Inode, random: () => number): void {
  const arrived = Math.floor(random() * (inode.unsynced.length + 1));
  inode.synced = inode.unsynced.slice(0, arrived).reduce(apply, inode.synced);
  const torn = inode.unsynced[arrived];
  if (torn && 'bytes' in torn) {
    const bytes = torn.bytes.subarray(0, Math.floor(random() * torn.bytes.length));
    if (bytes.length > 0) inode.synced = apply(inode.synced, { position: torn.position, bytes });
  }
  inode.current = Buffer.from(inode.synced);
  inode.unsynced = [];
}

/** Each creation, removal and rename since the last sync of the directory may have arrived or not. */
function loseUnsyncedNames(
  now: Map<string, Inode>,
  synced: Map<string, Inode>,
  random: () => number,
): Map<string, Inode> {
  const left = new Map<string, Inode>();
  for (const name of new Set([...synced.keys(), ...now.keys()])) {
    const inode = random() < 0.5 ? synced.get(name) : now.get(name);
    if (inode) left.set(name, inode);
  }
  return left;
}

function toError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: refused by the test's disk`), { code });
}
