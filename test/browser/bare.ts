/**
 * Chromium as a visitor has it, without a debugger: for prerendering, which never happens while one is attached, and for
 * tabs that really hide each other. The page drives itself; what it did is known by what the collector received.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDirectory } from '../remove-directory.ts';
import { findBrowser } from './browser.ts';

const SWITCHES = [
  '--headless=new',
  '--no-first-run',
  '--disable-gpu',
  '--disable-popup-blocking',
  '--disable-background-networking',
  '--disable-component-update',
  // Also where memory is short, as in a container.
  '--disable-dev-shm-usage',
  '--enable-features=Prerender2MemoryControls:memory_threshold_in_mb/0',
];

/** Opens `url`, waits for `done`, ends the browser. */
export async function browseBare(url: string, done: () => Promise<unknown>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'footfall-profile-'));
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // Debian's launcher is a shell script: its own process group, so that all of it ends.
  const child = spawn(findBrowser(), [...SWITCHES, ...root, `--user-data-dir=${profile}`, url], {
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await done();
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
    await removeDirectory(profile);
  }
}
