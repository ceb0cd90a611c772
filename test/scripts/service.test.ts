/** scripts/footfall.service: what systemd makes of it, and whether what it names is there and runs. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeDirectory } from '../remove-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const unit = readFileSync(join(ROOT, 'scripts/footfall.service'), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'footfall-service-'));
});
afterEach(() => removeDirectory(directory));

/** All that the unit says of a key, in its order. */
function saidOf(key: string): string[] {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');
}

test.skipIf(!hasSystemd)('systemd finds nothing wrong with it', () => {
  const file = join(directory, 'footfall.service');
  // Where Node lies here is not where it lies there.
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));

  const { stdout, stderr, status } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });

  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
});

test('its command starts Footfall with its environment and no other, and ends in order when systemd says so', async () => {
  const [node, ...words] = (saidOf('ExecStart')[0] ?? '').split(' ');
  const environment = Object.fromEntries(saidOf('Environment').map((one) => one.split(/=(.*)/s).slice(0, 2)));
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]);

  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { PATH: '/usr/bin:/bin', ...environment, FOOTFALL_DATA: directory, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await expect.poll(() => printed, { timeout: 40_000 }).toContain('data-site=');
  child.kill('SIGTERM');

  expect(await ended).toEqual([0, null]);
  expect(node).toBe('/usr/bin/node');
  expect(printed).toContain(environment.FOOTFALL_URL);
});

test('its data lies where it alone may write, and its set-up uses commands that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const home = saidOf('WorkingDirectory')[0];
  const commands = [...unit.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? '');

  expect(saidOf('Environment')).toContain(`FOOTFALL_DATA=/var/lib/${saidOf('StateDirectory')[0]}`);
  expect(unit).toContain(`git clone <this repository> ${home} && cd ${home}`);
  expect(unit).toContain(`useradd --system --home-dir ${home} ${saidOf('User')[0]}`);
  expect(commands).toEqual(['build']);
  for (const command of commands) expect(scripts).toHaveProperty(command);
});
