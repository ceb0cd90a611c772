import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPlaceOf } from '../../../collector/enrich/country.ts';
import { batch, openDoors } from '../doors.ts';
import { toMmdb } from './write-mmdb.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'footfall-places-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function placesOf(name: string, networks: Parameters<typeof toMmdb>[0]) {
  const path = join(directory, name);
  writeFileSync(path, toMmdb(networks));
  return createPlaceOf(path);
}

const BONN = {
  country: { iso_code: 'DE' },
  subdivisions: [{ iso_code: 'NW', names: { en: 'North Rhine-Westphalia' } }],
  city: { names: { en: 'Bonn' } },
};
const LEEDS = { country_code: 'GB', state1: 'England', city: 'Leeds' };

test('a city database as MaxMind lays it out gives country, region and city', () => {
  const placeOf = placesOf('nested.mmdb', { '198.51.100.0/24': BONN });

  expect(placeOf('198.51.100.7')).toEqual({
    country: 'DE',
    region: 'North Rhine-Westphalia',
    city: 'Bonn',
  });
});

test('a flat one, with names at the top, gives the same', () => {
  const placeOf = placesOf('flat.mmdb', {
    '203.0.113.0/24': LEEDS,
    '203.0.114.0/24': { country_code: 'GB' },
  });

  expect(placeOf('203.0.113.200')).toEqual({ country: 'GB', region: 'England', city: 'Leeds' });
  expect(placeOf('203.0.114.1')).toEqual({ country: 'GB', region: '', city: '' });
});

test('two halves of one block of 256 addresses may lie in two places', () => {
  const placeOf = placesOf('halves.mmdb', { '203.0.113.0/25': LEEDS, '203.0.113.128/25': BONN });

  expect(['203.0.113.1', '203.0.113.129', '203.0.113.2'].map((address) => placeOf(address).city)).toEqual([
    'Leeds',
    'Bonn',
    'Leeds',
  ]);
});

test('an address that the file does not know is nowhere', () => {
  const placeOf = placesOf('unknown.mmdb', { '203.0.113.0/24': LEEDS });

  expect(['198.51.100.1', '', 'unix:', 'fe80::1'].map(placeOf)).toEqual(
    Array(4).fill({ country: '', region: '', city: '' }),
  );
});

test('region and city of a visitor come into the row, the address does not', async () => {
  const doors = await openDoors({ placeOf: placesOf('door.mmdb', { '81.2.69.0/24': LEEDS }) });

  await doors.post(batch());
  await doors.close();

  expect(doors.rows).toMatchObject([{ country: 'GB', region: 'England', city: 'Leeds' }]);
  expect(JSON.stringify(doors.rows)).not.toContain('81.2.69.142');
});
