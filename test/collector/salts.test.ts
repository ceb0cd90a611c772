import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSalts, DAY_MS, dayOf } from '../../collector/salts.ts';

let directory: string;
let now = Date.UTC(2026, 10, 22, 23, 59);
const today = dayOf(now);
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'footfall-salts-')), 'salts');
  now = Date.UTC(2026, 10, 22, 23, 59);
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

const open = () => createSalts(directory, () => now);

test('a day has one random salt, the same after a restart and in another process', () => {
  const one = open();
  const another = open();

  const salt = one.of(today);

  expect(salt).toMatch(/^[0-9a-f]{64}$/);
  expect(another.of(today)).toBe(salt);
  expect(open().of(today)).toBe(salt);
  expect(one.of(today - 1)).not.toBe(salt);
});

test('a salt is on disk before it is used, readable by its owner alone', () => {
  const salt = open().of(today);

  expect(readFileSync(join(directory, `day-${today}`), 'latin1')).toBe(salt);
  expect(statSync(join(directory, `day-${today}`)).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual([`day-${today}`]);
});

test('48 hours after its day began a salt is gone, from memory and from disk', () => {
  const salts = open();
  const salt = salts.of(today) ?? '';

  now += DAY_MS;
  expect(salts.of(today)).toBe(salt);

  now += DAY_MS;
  salts.prune();
  expect(salts.of(today)).toBeUndefined();
  expect(readdirSync(directory).filter((name) => name.endsWith(String(today)))).toEqual([]);
});

test('neither the future nor the past beyond yesterday has a salt', () => {
  expect(open().of(today + 1)).toBeUndefined();
  expect(open().of(today - 2)).toBeUndefined();
});

test('a damaged salt is replaced, for nobody can have used it', () => {
  open();
  writeFileSync(join(directory, `day-${today}`), 'torn');

  const salt = open().of(today);

  expect(salt).toMatch(/^[0-9a-f]{64}$/);
  expect(open().of(today)).toBe(salt);
});

test('imports have a salt per day of the past, which holds over a midnight and ends after 48 hours', () => {
  const salts = open();
  const salt = salts.ofImported(today - 80);

  expect(salts.ofImported(today - 79)).not.toBe(salt);
  now += DAY_MS;
  expect(salts.ofImported(today - 80)).toBe(salt);
  expect(open().ofImported(today - 80)).toBe(salt);
  now += DAY_MS;
  expect(salts.ofImported(today - 80)).not.toBe(salt);
});
