import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeSite } from '../../../collector/remove-site.ts';
import { readAudit, recordAudit } from '../../../dashboards/api/audit.ts';
import { createAccounts } from '../../../dashboards/api/sign-in/accounts.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';

let engine: TestEngine;
let nowMs = Date.UTC(2026, 10, 20);
const now = () => nowMs;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

test('an act is written down with whose it was, newest first, page by page', async () => {
  const { storage } = engine;
  const { userId } = await createAccounts({ storage, now }).create('ada@example.com', 'admin');
  await recordAudit(
    { storage, now },
    { siteId: 'shop', userId, action: 'key_made', subject: 'nightly export' },
  );
  nowMs += 1_000;
  await recordAudit(
    { storage, now },
    {
      siteId: 'shop',
      userId,
      isByKey: true,
      action: 'events_deleted',
      subject: '/old',
      details: { events: 3 },
    },
  );
  await recordAudit({ storage, now }, { siteId: '', action: 'sign_in_failed', subject: 'eve@example.com' });

  const shop = await readAudit(storage, { siteId: 'shop' });
  const older = await readAudit(storage, { siteId: 'shop', beforeMs: nowMs });
  const all = await readAudit(storage, {});

  expect(shop).toMatchObject([
    {
      action: 'events_deleted',
      email: 'ada@example.com',
      is_by_key: true,
      details: { events: 3 },
      time_ms: nowMs,
    },
    { action: 'key_made', subject: 'nightly export', is_by_key: false, details: {} },
  ]);
  expect(older.map(({ action }) => action)).toEqual(['key_made']);
  expect(all).toHaveLength(3);
  expect(all.find(({ site_id: site }) => site === '')).toMatchObject({ user_id: '', email: '' });
});

test('what was done to a site is still known when the site is gone', async () => {
  const { storage } = engine;
  await storage.insert('sites', [{ site_id: 'gone', name: 'Gone', settings: '{}' }]);
  await recordAudit({ storage, now }, { siteId: 'gone', action: 'site_removed', subject: 'Gone' });

  await removeSite(storage, 'gone');

  expect(await readAudit(storage, { siteId: 'gone' })).toMatchObject([{ action: 'site_removed' }]);
});
