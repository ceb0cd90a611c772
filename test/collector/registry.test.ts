/** What the doors read from the tables: sites, keys, and who was here before a restart. Real ClickHouse. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVisits } from '../../collector/enrich/visits.ts';
import { createKeys, toSecretHash } from '../../collector/keys.ts';
import { seedVisits } from '../../collector/seed-visits.ts';
import { createSites } from '../../collector/sites.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import type { TestEngine } from '../engine.ts';
import { startTestEngine } from '../engine.ts';
import { batch, NOON, openDoors, pageView } from './doors.ts';

let engine: TestEngine;
let storage: Storage;
let directory: string;
beforeAll(async () => {
  engine = await startTestEngine();
  storage = engine.storage;
  directory = mkdtempSync(join(tmpdir(), 'footfall-registry-'));
});
afterAll(async () => {
  await engine.stop();
  rmSync(directory, { recursive: true });
});

const away: Pick<Storage, 'query'> = { query: () => Promise.reject(new Error('no answer')) };

async function saveSite(siteId: string, settings: object, version: number, isDeleted = false) {
  const row = { site_id: siteId, name: siteId, time_zone: 'UTC', settings: JSON.stringify(settings) };
  await storage.insert('sites', [{ ...row, updated_time: NOON + version, is_deleted: isDeleted }]);
}

test('a changed setting, a new site and a removed one act without a restart', async () => {
  await saveSite('changing', {}, 0);
  const sites = await createSites({ storage, now: Date.now, refreshEveryMs: 20 });
  expect(sites.find('changing')?.settings.consent).toBe('optional');

  await saveSite('changing', { consent: 'required' }, 1);
  await expect.poll(() => sites.find('changing')?.settings.consent).toBe('required');

  await saveSite('fresh', {}, 0);
  await expect.poll(() => sites.find('fresh')?.id).toBe('fresh');

  await saveSite('changing', {}, 2, true);
  await expect.poll(() => sites.find('changing')).toBeUndefined();
  sites.close();
});

test('sites are known from their copy while the database is away, also at the start', async () => {
  const copyPath = join(directory, 'sites.json');
  await saveSite('copied', { excludedPaths: ['/admin/*'] }, 0);
  (await createSites({ storage, now: Date.now, copyPath })).close();

  const sites = await createSites({ storage: away, now: Date.now, copyPath });

  expect(sites.find('copied')?.isExcludedPath('/admin/users')).toBe(true);
  await expect(sites.refresh()).rejects.toThrow('no answer');
  expect(sites.find('copied')?.id).toBe('copied');
  sites.close();
});

async function saveKey(secret: string, changes: object) {
  const row = {
    secret_hash: toSecretHash(secret),
    kind: 'api_key',
    user_id: '00000000-0000-0000-0000-000000000001',
    site_id: 'shop',
    scopes: ['import'],
    expires_time: NOON + 60_000,
  };
  await storage.insert('credentials', [{ ...row, updated_time: NOON, ...changes }]);
}

test('a key is found by its secret until it expires or is revoked', async () => {
  await saveKey('good', {});
  await saveKey('expired', { expires_time: NOON - 1 });
  await saveKey('revoked', {});
  await saveKey('revoked', { updated_time: NOON + 1, is_revoked: true });
  await saveKey('session', { kind: 'browser_session' });
  let now = NOON;
  const keys = createKeys({ storage, now: () => now });

  expect(await keys.find('good')).toMatchObject({ siteId: 'shop', scopes: ['import'] });
  expect(await keys.find('expired')).toBeUndefined();
  expect(await keys.find('revoked')).toBeUndefined();
  expect(await keys.find('session')).toBeUndefined();
  expect(await keys.find(`x' OR '1'='1`)).toBeUndefined();

  now = NOON + 60_001;
  expect(await keys.find('good')).toBeUndefined();
});

test('a key bears the role of whose name it is made in, and none once they are gone', async () => {
  const userId = '00000000-0000-4000-8000-00000000a11e';
  const user = { user_id: userId, email: 'ann@example.com', role: 'analyst', password_hash: '' };
  await storage.insert('users', [{ ...user, updated_time: NOON }]);
  await saveKey('of-ann', { user_id: userId });
  const keys = createKeys({ storage, now: () => NOON });
  expect(await keys.find('of-ann')).toEqual({ siteId: 'shop', scopes: ['import'], userId, role: 'analyst' });

  await storage.insert('users', [{ ...user, updated_time: NOON + 1, is_deleted: true }]);
  keys.forget();

  expect(await keys.find('of-ann')).toMatchObject({ userId, role: '' });
});

test('a key that is known works for some seconds while the database is away', async () => {
  await saveKey('remembered', {});
  let isAway = false;
  const flapping: Pick<Storage, 'query'> = {
    query: (sql, options) => (isAway ? away.query(sql, options) : storage.query(sql, options)),
  };
  let now = NOON;
  const keys = createKeys({ storage: flapping, now: () => now });
  await keys.find('remembered');

  isAway = true;
  now += 9_000;
  expect(await keys.find('remembered')).toBeDefined();
  now += 2_000;
  await expect(keys.find('remembered')).rejects.toThrow('no answer');
});

test('however many secrets are made up, the database is asked a few times a second and keys in use go on', async () => {
  await saveKey('in-use', {});
  let queries = 0;
  const counting: Pick<Storage, 'query'> = {
    query: (sql, options) => {
      queries += 1;
      return storage.query(sql, options);
    },
  };
  let now = NOON;
  const keys = createKeys({ storage: counting, now: () => now });

  const guesses = Array.from({ length: 5_000 }, (_, guess) => keys.find(`guess ${guess}`));
  expect(new Set(await Promise.all(guesses))).toEqual(new Set([undefined]));
  now += 1_000;
  await Promise.all([keys.find('guess'), keys.find('another guess')]);
  now += 100;

  expect(await keys.find('in-use')).toBeDefined();
  expect(queries).toBe(2);
});

test('a key made just now works within the second', async () => {
  let now = NOON;
  const keys = createKeys({ storage, now: () => now });
  expect(await keys.find('made-later')).toBeUndefined();

  await saveKey('made-later', {});
  now += 300;

  expect(await keys.find('made-later')).toBeDefined();
});

test('after a restart sessions go on, and consent still ties a visitor to the page seen before', async () => {
  const before = await openDoors();
  const seen = pageView();
  await before.post(batch([seen]));
  await storage.insert('events', before.rows);
  const visits = createVisits();
  await seedVisits(storage, visits, NOON + 60_000);

  const after = await openDoors({ visits, salts: before.world.salts });
  await after.post(batch([pageView({ at: NOON + 60_000 })]));
  const engagement = { ...pageView(), kind: 'engagement', pageView: seen.id, engagedMs: 1, scrollPercent: 0 };
  await after.post(batch([engagement], { anonymousId: 'device-1', consent: 'granted' }));

  const [first] = before.rows;
  const [second, consented] = after.rows;
  expect(second?.visitor_id).toBe(first?.visitor_id);
  expect(second?.session_hint).toBe(first?.session_hint);
  expect(consented?.cookieless_visitor_id).toBe(first?.visitor_id);
  await after.close();
  await before.close();
});
