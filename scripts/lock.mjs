/** One at a time: work that two runs in the same clone must not do at once. Plain Node. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Runs `work` while holding `file`, which bears the holder's process id; a holder that died is passed over. `onWait`
 * is told once whom we wait for. Throws what `work` throws.
 */
export async function withLock(file, work, onWait = () => {}) {
  mkdirSync(dirname(file), { recursive: true });
  // Linked into place whole, so that nobody reads a lock without its process id.
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    for (let waits = 0; !tryLink(mine, file); waits += 1) {
      const holder = readHolder(file);
      if (holder !== undefined && !isRunning(holder)) rmSync(file, { force: true });
      else {
        if (waits === 0) onWait(holder);
        await new Promise((resume) => setTimeout(resume, 100));
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryLink(mine, file) {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined; // Released between our two looks.
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
