import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepRetention } from '../../collector/retention.ts';
import { createSites } from '../../collector/sites.ts';
import type { TestEngine } from '../engine.ts';
import { startTestEngine } from '../engine.ts';
import { eventRow } from './rows.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 12);

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

test('events go when they are older than their site keeps them, and no others', async () => {
  const { storage } = engine;
  const site = (siteId: string, retentionDays: number) => {
    return { site_id: siteId, name: siteId, settings: JSON.stringify({ retentionDays }) };
  };
  await storage.insert('sites', [site('short', 30), site('long', 0)]);
  const ages = [0, 29, 30, 31, 400];
  const rows = ages.flatMap((days) =>
    ['short', 'long'].map((siteId) => ({ siteId, time: NOW - days * DAY })),
  );
  await storage.insert(
    'events',
    rows.map(({ siteId, time }) => eventRow({ site_id: siteId, time })),
  );
  const sites = await createSites({ storage, now: () => NOW });
  const retention = keepRetention({ storage, sites, now: () => NOW, log: () => undefined });

  await retention.enforce();

  const kept = await storage.query<{ site_id: string; age: number }>(
    `SELECT site_id, toInt32(dateDiff('day', time, fromUnixTimestamp64Milli({now:Int64}, 'UTC'))) AS age
     FROM events ORDER BY site_id, age`,
    { parameters: { now: NOW } },
  );
  expect(kept.rows.map(({ site_id, age }) => [site_id, age])).toEqual([
    ...ages.map((age) => ['long', age]),
    ['short', 0],
    ['short', 29],
    ['short', 30],
  ]);
  retention.close();
  sites.close();
});

test('who a visitor was, and what they ordered, goes with their last event', async () => {
  const { storage } = engine;
  await storage.insert('sites', [
    { site_id: 'shop', name: 'shop', settings: JSON.stringify({ retentionDays: 30 }) },
  ]);
  const named = (visitor: string, user: string, days: number) =>
    eventRow({
      site_id: 'shop',
      visitor_id: visitor,
      anonymous_id: `device-${visitor}`,
      user_id: user,
      time: NOW - days * DAY,
      order_id: `order-${user}-${days}`,
    });
  const nameless = eventRow({ site_id: 'shop', visitor_id: '2', anonymous_id: 'device-2', time: NOW });
  await storage.insert('events', [named('1', 'gone', 40), named('2', 'still-here', 40), nameless]);
  const sites = await createSites({ storage, now: () => NOW });
  const retention = keepRetention({ storage, sites, now: () => NOW, log: () => undefined });

  await retention.enforce();

  const { rows } = await storage.query<{ kept: string }>(
    `SELECT DISTINCT user_id AS kept FROM identity_moments WHERE site_id = 'shop' AND user_id != ''
     UNION ALL SELECT DISTINCT user_id FROM visitor_users WHERE site_id = 'shop'
     UNION ALL SELECT order_id FROM orders WHERE site_id = 'shop'`,
  );
  expect(rows.map(({ kept }) => kept)).toEqual(['still-here', 'still-here']);
  retention.close();
  sites.close();
});
