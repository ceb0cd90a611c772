/** scripts/build.mjs on a small clone of its own: what is stale is built, and nothing else. */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'footfall-build-'));
  for (const folder of ['scripts', 'dashboards/start', 'snippet'])
    mkdirSync(join(clone, folder), { recursive: true });
  for (const name of ['build.mjs', 'lock.mjs', 'run.mjs']) {
    copyFileSync(join(ROOT, 'scripts', name), join(clone, 'scripts', name));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, 'package-lock.json'), '{}');
  writeFileSync(join(clone, 'dashboards/start/answer.sql'), 'SELECT 42');
  writeFileSync(
    join(clone, 'dashboards/start/main.ts'),
    `import { readFileSync } from 'node:fs';
    const sql: string = readFileSync(new URL('./answer.sql', import.meta.url), 'utf8');
    console.log(sql, process.argv.slice(2).join('+'));`,
  );
  writeFileSync(
    join(clone, 'snippet/build.mjs'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
    export async function buildSnippet(directory) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(directory + '/footfall.js', 'track();'.repeat(100));
    }`,
  );
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

async function node(script: string, ...words: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(clone, 'scripts', script), ...words], { cwd: clone });
  return stdout;
}

test('the second build does nothing, and a changed source builds only its part', async () => {
  const first = await node('build.mjs');
  const second = await node('build.mjs');
  writeFileSync(join(clone, 'dashboards/start/main.ts'), 'console.log(7)');
  const third = await node('build.mjs');

  expect(first.match(/Built the \w+/g)).toEqual(['Built the server', 'Built the snippet']);
  expect(second).toBe('');
  expect(third.match(/Built the \w+/g)).toEqual(['Built the server']);
});

test('a program runs from its bundle, with its words, and finds the files beside its source', async () => {
  const said = await node('run.mjs', 'main', 'one', 'two');

  expect(said).toContain('SELECT 42 one+two');
});

test('what browsers download lies there compressed, and what is gone from the sources is gone', async () => {
  await node('build.mjs');
  const compressed = readFileSync(join(clone, '.build/snippet/footfall.js.br'));
  writeFileSync(join(clone, '.build/snippet/old.js'), '');
  writeFileSync(join(clone, 'snippet/more.ts'), '');
  await node('build.mjs');

  expect(compressed.length).toBeLessThan(100);
  expect(existsSync(join(clone, '.build/snippet/old.js'))).toBe(false);
});

test('a part that does not build leaves what was built before; it is an error where asked for, or with nothing before', async () => {
  await node('build.mjs');
  const before = readFileSync(join(clone, '.build/server/main.js'), 'utf8');
  writeFileSync(join(clone, 'dashboards/start/main.ts'), 'const = ;');

  const said = await node('build.mjs');
  await expect(node('build.mjs', '--strict')).rejects.toThrow('The server does not build');

  expect(said).toContain('Going on with the server as it was built before.');
  expect(readFileSync(join(clone, '.build/server/main.js'), 'utf8')).toBe(before);
  rmSync(join(clone, '.build/server'), { recursive: true });
  await expect(node('build.mjs')).rejects.toThrow('The server does not build');
});

test('several builds at once do not disturb each other', async () => {
  const said = await Promise.all([node('build.mjs'), node('build.mjs'), node('build.mjs')]);

  expect(said.filter((text) => text.includes('Built the server'))).toHaveLength(1);
  expect(await node('run.mjs', 'main')).toContain('SELECT 42');
});
