/**
 * The random daily salts that make a visitor out of an address and a user agent for one UTC day. Each lies in a file of
 * its own, synced before its first use, and is gone 48 hours after its day began: from then on nobody can recompute who
 * was who. Backups leave the directory out; nothing here is ever logged.
 */

import { hash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

export const DAY_MS = 86_400_000;

export interface Salts {
  /** The salt of a UTC day (days since the epoch): today's or yesterday's; undefined for any other day. */
  of(day: number): string | undefined;
  /** A salt for any day of the past, for imports; equal for equal days until the secret behind it is gone (48 h). */
  ofImported(day: number): string;
  /** Removes what is 48 hours old. To be called at least every hour: no event may come for days. */
  prune(): void;
}

export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

/** Creates `directory` (mode 0700) if it is missing. Several processes may share it: the first to write a day wins. */
export function createSalts(directory: string, now: () => number): Salts {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const known = new Map<string, string>();
  let importDay = 0;
  let importName = '';

  const load = (name: string): string => {
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    prune();
    const salt = readSalt(directory, name) ?? writeSalt(directory, name);
    known.set(name, salt);
    return salt;
  };

  const prune = () => {
    const oldest = dayOf(now()) - 1;
    for (const name of fs.readdirSync(directory)) if (dayIn(name) < oldest) fs.rmSync(join(directory, name));
    for (const name of known.keys()) if (dayIn(name) < oldest) known.delete(name);
  };

  return {
    of(day) {
      const today = dayOf(now());
      return day === today || day === today - 1 ? load(`day-${day}`) : undefined;
    },
    ofImported(day) {
      const today = dayOf(now());
      if (today !== importDay) {
        importDay = today;
        // One that was begun yesterday goes on, so that an import may run over midnight.
        importName = `import-${fs.existsSync(join(directory, `import-${today - 1}`)) ? today - 1 : today}`;
      }
      return hash('sha256', `${load(importName)}\n${day}`, 'hex');
    },
    prune,
  };
}

/** A crash's half-written draft is as old as its day; what is not ours counts as old. */
function dayIn(name: string): number {
  const match = /^(?:day|import)-(\d+)(?:\.\d+\.draft)?$/.exec(name);
  return match === null ? 0 : Number(match[1]);
}

function readSalt(directory: string, name: string): string | undefined {
  try {
    const salt = fs.readFileSync(join(directory, name), 'latin1');
    return /^[0-9a-f]{64}$/.test(salt) ? salt : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole and synced, or not at all: linking fails if another process was first, and then its salt is the one. */
function writeSalt(directory: string, name: string): string {
  const draft = join(directory, `${name}.${process.pid}.draft`);
  const salt = randomBytes(32).toString('hex');
  const file = fs.openSync(draft, 'w', 0o600);
  fs.writeSync(file, salt);
  fs.fsyncSync(file);
  fs.closeSync(file);
  try {
    fs.linkSync(draft, join(directory, name));
  } catch (error) {
    const first = readSalt(directory, name);
    if (first !== undefined) return first;
    if (!fs.existsSync(join(directory, name))) throw error;
    // It is there and is no salt: a disk fault. Nobody can have used it.
    fs.renameSync(draft, join(directory, name));
  } finally {
    fs.rmSync(draft, { force: true });
    syncDirectory(directory);
  }
  return salt;
}

function syncDirectory(directory: string): void {
  const handle = fs.openSync(directory, 'r');
  fs.fsyncSync(handle);
  fs.closeSync(handle);
}
