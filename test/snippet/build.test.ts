import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSnippet } from '../../snippet/build.mjs';

const built = mkdtempSync(join(tmpdir(), 'footfall-build-'));
const { byteBudgets } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const read = (name: string) => readFileSync(join(built, name), 'utf8');

beforeAll(() => buildSnippet(built));
afterAll(() => rmSync(built, { recursive: true, force: true }));

test.each(Object.keys(byteBudgets).filter((name) => !name.startsWith('npm')))(
  '%s keeps its budget',
  (name) => {
    const { length } = brotliCompressSync(read(name), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });

    expect(length).toBeLessThanOrEqual(byteBudgets[name]);
  },
);

test('the versioned file is the tag, named after its content, with its integrity beside it', () => {
  const { file, integrity } = JSON.parse(read('footfall.version.json'));

  expect(read(file)).toBe(read('footfall.js'));
  expect(file).toContain(createHash('sha256').update(read(file)).digest('hex').slice(0, 10));
  expect(read(`${file}.sri`)).toBe(integrity);
  expect(integrity).toBe(`sha384-${createHash('sha384').update(read(file)).digest('base64')}`);
});

test('two builds of the same sources are the same files', async () => {
  const again = mkdtempSync(join(tmpdir(), 'footfall-build-'));
  await buildSnippet(again);
  const files = readdirSync(built);

  expect(readdirSync(again)).toEqual(files);
  for (const name of files)
    expect(readFileSync(join(again, name)).equals(readFileSync(join(built, name)))).toBe(true);
  rmSync(again, { recursive: true, force: true });
});

test('no file ever prevents or holds up what an act does in the page', () => {
  const scripts = readdirSync(built).filter((name) => name.endsWith('.js'));

  expect(scripts).toContain('footfall.js');
  for (const name of scripts)
    expect(read(name)).not.toMatch(/preventDefault|stop(Immediate)?Propagation|returnValue/);
});

test('the tag asks for no time zone, locale or storage while it is evaluated, and leaves no listener for unload', () => {
  expect(read('footfall.js')).not.toMatch(/Intl|toLocale|["']?(before)?unload["']?[,)]/);
});
