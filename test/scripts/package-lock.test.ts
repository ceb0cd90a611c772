/** The lock installs on every platform from any registry. After a change of dependencies: node scripts/complete-lock.mjs */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

type Entry = {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
  os?: string[];
};

const text = readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8');
// Written by npm and scripts/complete-lock.mjs.
const { packages } = JSON.parse(text) as { packages: Record<string, Entry> };

function isLocked(from: string, name: string): boolean {
  const rooms = from.split('/node_modules/');
  const places = rooms.map((_, depth) => rooms.slice(0, depth + 1).join('/node_modules/'));
  return [...places.map((place) => `${place}/node_modules/${name}`), `node_modules/${name}`].some(
    (path) => path in packages,
  );
}

test('no platform package is missing: npm ci would refuse the lock', () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => path !== '' && !isLocked(path, name))
      .map((name) => `${path} → ${name}`),
  );

  expect(missing).toEqual([]);
});

test('no entry says from which host it came', () => {
  const withHost = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined);

  expect(withHost).toEqual([]);
  expect(text).not.toMatch(/registry\.|"https?:\/\/[^"]+\.tgz"/);
});

test('the engine is optional, and has its builds for Linux and macOS only', () => {
  const builds = Object.entries(packages).filter(([path]) => path.startsWith('node_modules/@chdb/lib-'));

  expect(builds.map(([path]) => path.replace('node_modules/@chdb/lib-', '')).sort()).toEqual([
    'darwin-arm64',
    'darwin-x64',
    'linux-arm64-gnu',
    'linux-x64-gnu',
  ]);
  expect(builds.every(([, entry]) => entry.os?.length === 1)).toBe(true);
});
