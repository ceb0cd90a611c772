/** One process per data directory: two would write over each other's spool. */
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Somebody else works in the directory; the message is one sentence for the operator. */
export class DirectoryTakenError extends Error {
  override name = 'DirectoryTakenError';
}

export interface DirectoryLock {
  /** Never throws. A process that dies without it leaves a lock that the next one recognises as stale. */
  release(): void;
}

/** Who holds it. `startedAt` tells a process from a later one with the same id (in a container it is always 1 or 7). */
type Holder = { pid: number; startedAt: string };

/** Longer than any process takes between finding a lock stale and replacing it. */
const SETTLE_MS = 100;

/** Throws DirectoryTakenError while another living process holds the directory. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const file = join(directory, 'lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) ?? '' } satisfies Holder);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    await takeOver(file, draft, mine, directory);
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release() {
      if (readText(file) === mine) rmSync(file, { force: true });
    },
  };
}

/** Replaces a dead process's lock. Of several that try at once, the last to write wins; the others find it living. */
async function takeOver(file: string, draft: string, mine: string, directory: string): Promise<void> {
  refuseIfAlive(file, directory);
  renameSync(draft, file);
  await new Promise((resume) => setTimeout(resume, SETTLE_MS));
  if (readText(file) === mine) return;
  refuseIfAlive(file, directory);
  writeFileSync(file, mine); // Whoever came after us has died meanwhile.
}

function refuseIfAlive(file: string, directory: string): void {
  const holder = parseHolder(readText(file));
  if (holder === undefined || startOf(holder.pid) !== holder.startedAt) return;
  throw new DirectoryTakenError(
    `Footfall is already running on ${directory} (process ${holder.pid}): ` +
      'stop that one first, or name another directory in FOOTFALL_DATA.',
  );
}

/** The process that works in the directory now, undefined if none does. */
export function holderOf(directory: string): number | undefined {
  const holder = parseHolder(readText(join(directory, 'lock')));
  return holder && startOf(holder.pid) === holder.startedAt ? holder.pid : undefined;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isHolder = typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value;
    if (!isHolder || typeof value.pid !== 'number' || typeof value.startedAt !== 'string') return undefined;
    return { pid: value.pid, startedAt: value.startedAt };
  } catch {
    return undefined; // Torn by a crash of the machine: nobody holds it.
  }
}

/** When a process began, in whatever way the system tells it; undefined if there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return fields[0] === 'Z' ? undefined : fields[19]; // proc(5): starttime, in clock ticks since the boot
    }
    if (process.platform === 'win32') {
      process.kill(pid, 0);
      return '';
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined; // No such process.
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // Released between two looks.
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
