import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE_MS = 2_000;

/**
 * An engine whose parent was killed ends by itself, but a long query delays it, and until then the tables are locked.
 * Waits for it, then ends it. Only a process whose command line names this very directory is touched: the pid may
 * long belong to somebody else.
 */
export async function endPreviousEngine(directory: string): Promise<void> {
  const file = join(directory, 'pid');
  const pid = readPid(file);
  if (pid === undefined) return;
  const deadline = Date.now() + PATIENCE_MS;
  let killed = false;
  while (isOurs(pid, directory)) {
    if (!killed && Date.now() > deadline) {
      process.kill(pid, 'SIGKILL');
      killed = true;
    }
    await new Promise((resume) => setTimeout(resume, 20));
  }
  rmSync(file, { force: true });
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined; // No engine ran here before.
  }
}

function isOurs(pid: number, directory: string): boolean {
  try {
    const commandLine =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return commandLine.includes(`--path=${join(directory, 'tables')}`);
  } catch {
    return false; // No such process.
  }
}
