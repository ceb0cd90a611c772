/** scripts/run.mjs under npm, as people start and stop it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeDirectory } from '../remove-directory.ts';

const ROOT = join(import.meta.dirname, '../..');

let dataDirectory: string;

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'footfall-run-'));
});
afterEach(() => removeDirectory(dataDirectory));

test('a SIGTERM that only npm gets ends the server and its engine too', async () => {
  const env = { ...process.env, FOOTFALL_DATA: dataDirectory, PORT: '0' };
  const npm = spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  npm.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await expect.poll(() => printed, { timeout: 40_000 }).toContain('data-site=');
  const url = /is up at (http\S+)/.exec(printed)?.[1] ?? '';

  npm.kill('SIGTERM');
  await once(npm, 'exit');

  await expect.poll(() => existsSync(join(dataDirectory, 'lock')), { timeout: 20_000 }).toBe(false);
  await expect(fetch(`${url}/health/live`)).rejects.toThrow();
});
