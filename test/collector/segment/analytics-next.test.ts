import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type * as Segment from '@segment/analytics-next';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../browser/browser.ts';
import { openDoors } from '../doors.ts';

// Segment's own library for browsers, as npm brings it.
const LIBRARY = readFileSync(
  createRequire(import.meta.url).resolve('@segment/analytics-next/dist/umd/index.js'),
  'utf8',
);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A shop's page with the library in it, on another origin than the collector. */
async function openShop() {
  const page = '<!doctype html><title>Tea</title><script src="/analytics.js"></script>';
  const server = createServer((request, response) => {
    const isLibrary = request.url === '/analytics.js';
    response.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html');
    response.end(isLibrary ? LIBRARY : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port, so it is an AddressInfo.
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}` };
}

test('Segment’s library for browsers delivers, with nothing changed but key and host', async () => {
  const doors = await openDoors();
  doors.clock.now = Date.now();
  const shop = await openShop();
  const tab = await browser.newPage();
  const elsewhere: string[] = [];
  tab.on('request', (request) => {
    if (!/^https?:\/\/(127\.0\.0\.1|localhost):/.test(request.url())) elsewhere.push(request.url());
  });
  await tab.goto(`${shop.url}/tea?utm_source=newsletter&utm_medium=email`);

  await tab.evaluate(async (cdnURL) => {
    // The script's global is what the package exports.
    const { AnalyticsBrowser } = (window as unknown as { AnalyticsNext: typeof Segment }).AnalyticsNext;
    const analytics = AnalyticsBrowser.load({ writeKey: 'shop', cdnURL });
    await analytics.page();
    await analytics.identify('ann', { plan: 'pro' });
    await analytics.track('Order Completed', { order_id: 'A-1', revenue: 19.99, currency: 'EUR' });
    await analytics.group('acme', { seats: 5 });
    await analytics.screen('Basket', { items: 2 });
    await analytics.alias('ann-2', 'ann');
  }, `http://127.0.0.1:${doors.port}`);
  await expect.poll(() => doors.rows.length).toBe(6);

  expect(elsewhere).toEqual([]);
  expect(doors.failures).toEqual([]);
  const byKind = new Map(doors.rows.map((row) => [row.kind, row]));
  expect(byKind.get('page_view')).toMatchObject({
    sent_by: 'browser',
    hostname: 'localhost',
    path: '/tea',
    title: 'Tea',
    source: 'newsletter',
    channel: 'Email',
    browser: 'Chrome',
    device: 'desktop',
  });
  expect(byKind.get('custom')).toMatchObject({
    name: 'Order Completed',
    user_id: 'ann',
    order_id: 'A-1',
    revenue: '19.9900',
  });
  expect(byKind.get('identify')).toMatchObject({ user_id: 'ann', properties: { plan: 'pro' } });
  expect(byKind.get('screen')).toMatchObject({ name: 'Basket', sent_by: 'browser' });
  expect(byKind.get('group')).toMatchObject({ account_id: 'acme' });
  // This version sends the present user's id as both ids of an alias: nobody becomes somebody else.
  expect(byKind.get('alias')).toMatchObject({ user_id: 'ann' });
  expect(byKind.get('alias')?.target).toBeUndefined();
  expect(new Set(doors.rows.map((row) => row.visitor_id)).size).toBe(1);
  expect(byKind.get('page_view')?.anonymous_id).toMatch(/./);
  await tab.close();
  shop.server.close();
  await doors.close();
});
