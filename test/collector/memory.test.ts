import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { enrich } from '../../collector/enrich/enrich.ts';
import { toBrowserSender } from '../../collector/enrich/sender.ts';
import { createRateLimit } from '../../collector/rate-limit.ts';
import { CHROME, NOON, openDoors, pageView } from './doors.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const MEGABYTE = 1024 * 1024;
// More than any of the memories holds. A million take a minute: FOOTFALL_TEST_VISITORS=1000000.
const VISITORS = Number(process.env.FOOTFALL_TEST_VISITORS ?? 45_000);

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('memory is bounded, however many addresses, browsers, pages and visitors come', async () => {
  const rateLimit = createRateLimit({ now: () => NOON, perAddress: 100, perSite: 1e9 });
  const doors = await openDoors({ rateLimit });
  const site = doors.world.sites.find('shop');
  if (site === undefined) throw new Error('There is no site');
  let visitor = 0;
  let stored = 0;
  const visit = () => {
    visitor += 1;
    const address = `${1 + ((visitor >> 16) % 220)}.${(visitor >> 8) & 255}.${visitor & 255}.${visitor % 251}`;
    const connection = {
      address,
      userAgent: `${CHROME} Visitor/${visitor}`,
      acceptLanguage: 'en',
      hasPrivacySignal: false,
      originHostname: '',
    };
    const event = pageView({
      url: `https://shop.example/${visitor}?utm_campaign=${visitor}`,
      referrer: `https://site-${visitor}.example/`,
    });
    const facts = { version: 1, site: 'shop', sentAt: NOON } as const;
    const sender = toBrowserSender(facts, site, connection, NOON, doors.world);
    stored += enrich([{ index: 0, event }], sender, doors.world).rows.length;
    doors.world.rateLimit.take('shop', address, 1);
  };

  visit();
  const atFirst = heapBytes();
  for (let count = 0; count < VISITORS; count += 1) visit();
  const whenFull = heapBytes();
  for (let count = 0; count < VISITORS / 3; count += 1) visit();
  const afterwards = heapBytes();

  expect(stored).toBe(visitor);
  expect((whenFull - atFirst) / MEGABYTE).toBeLessThan(50);
  expect((afterwards - whenFull) / MEGABYTE).toBeLessThan(10);
  await doors.close();
}, 600_000);
