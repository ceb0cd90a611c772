/** scripts/install.mjs on a small package of its own, with the real npm. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

type LockEntry = { version: string; integrity?: string; dev?: boolean; optional?: boolean };
type Lock = { packages: Record<string, LockEntry> };

// Our own lock, as npm writes it.
const ourLock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'footfall-install-'));
  mkdirSync(join(clone, 'scripts'));
  for (const name of ['install.mjs', 'lock.mjs']) {
    copyFileSync(join(ROOT, 'scripts', name), join(clone, 'scripts', name));
  }
  writePackage();
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** One package of each sort, out of our own lock, so that nothing new is downloaded. */
function writePackage(more: Record<string, LockEntry> = {}): void {
  const entry = (name: string) => ourLock.packages[`node_modules/${name}`];
  const version = (name: string) => entry(name)?.version ?? '';
  const manifest = {
    name: 'small',
    version: '1.0.0',
    dependencies: { isbot: version('isbot') },
    devDependencies: { 'lru-cache': version('lru-cache') },
    optionalDependencies: { 'mmdb-lib': version('mmdb-lib') },
  };
  const packages = {
    '': manifest,
    'node_modules/isbot': entry('isbot'),
    'node_modules/lru-cache': { ...entry('lru-cache'), dev: true },
    'node_modules/mmdb-lib': { ...entry('mmdb-lib'), optional: true },
    ...more,
  };
  writeFileSync(join(clone, 'package.json'), JSON.stringify(manifest));
  const lock = { name: 'small', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(lock, undefined, 2));
}

async function install(env: Record<string, string> = {}): Promise<string> {
  const script = join(clone, 'scripts/install.mjs');
  const { stdout, stderr } = await run(process.execPath, [script], {
    cwd: clone,
    env: { ...process.env, ...env },
  });
  return stdout + stderr;
}

const has = (name: string) => existsSync(join(clone, 'node_modules', name, 'package.json'));

test('development and optional packages come too, whatever the outer npm was told', async () => {
  await install({
    npm_config_omit: 'dev optional',
    NODE_ENV: 'production',
    npm_config_ignore_scripts: 'true',
  });

  expect(['isbot', 'lru-cache', 'mmdb-lib'].filter(has)).toEqual(['isbot', 'lru-cache', 'mmdb-lib']);
});

test('the lock is left as it is, and a second run does nothing and says nothing', async () => {
  const before = readFileSync(join(clone, 'package-lock.json'), 'utf8');

  const first = await install();
  const second = await install();

  expect(first).toContain('Dependencies installed in');
  expect(second).toBe('');
  expect(readFileSync(join(clone, 'package-lock.json'), 'utf8')).toBe(before);
});

test('a changed lock brings what is new', async () => {
  await install();
  const added = ourLock.packages['node_modules/tldts-core'];
  writePackage(added && { 'node_modules/isbot/node_modules/tldts-core': added });

  const said = await install();

  expect(said).toContain('Dependencies installed in');
});

test('two runs at the same time do not collide: one installs, the other waits for it', async () => {
  const said = await Promise.all([install(), install()]);

  expect(said.filter((text) => text.includes('Dependencies installed in'))).toHaveLength(1);
  expect(has('isbot')).toBe(true);
});

test('a run that was killed leaves nothing that stops the next', async () => {
  mkdirSync(join(clone, '.build'));
  writeFileSync(join(clone, '.build/install.lock'), '999999999');

  expect(await install()).toContain('Dependencies installed in');
});
