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
