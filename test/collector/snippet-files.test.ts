import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keepVersions, snippetRoutes } from '../../collector/snippet-files.ts';

const root = mkdtempSync(join(tmpdir(), 'footfall-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const kept = join(root, 'kept');

/** What a build leaves: the tag, the same under its versioned name, compressed, and a lazy file. */
function release(hash: string): string {
  const directory = join(root, hash);
  mkdirSync(directory);
  writeFileSync(join(directory, 'footfall.js'), hash);
  writeFileSync(join(directory, 'footfall-linking.js'), hash);
  writeFileSync(join(directory, `footfall-${hash}.js`), hash);
  writeFileSync(join(directory, `footfall-${hash}.js.br`), `br ${hash}`);
  return directory;
}

test('a versioned file outlives the upgrades, for ever; the others are the newest, for an hour', async () => {
  keepVersions(release('aaaaaaaaa1'), kept);
  const second = release('bbbbbbbbb2');
  keepVersions(second, kept);
  const app = snippetRoutes(second, kept);
  const ask = async (path: string, headers = {}) => {
    const answer = await app.request(path, { headers });
    return [
      answer.status,
      await answer.text(),
      /max-age=\d+/.exec(answer.headers.get('cache-control') ?? '')?.[0],
    ];
  };

  expect(await ask('/footfall-aaaaaaaaa1.js')).toEqual([200, 'aaaaaaaaa1', 'max-age=31536000']);
  expect(await ask('/footfall-aaaaaaaaa1.js', { 'accept-encoding': 'br' })).toEqual([
    200,
    'br aaaaaaaaa1',
    'max-age=31536000',
  ]);
  expect(await ask('/footfall-bbbbbbbbb2.js')).toEqual([200, 'bbbbbbbbb2', 'max-age=31536000']);
  expect(await ask('/footfall.js')).toEqual([200, 'bbbbbbbbb2', 'max-age=3600']);
  expect(await ask('/footfall-linking.js')).toEqual([200, 'bbbbbbbbb2', 'max-age=3600']);
});
