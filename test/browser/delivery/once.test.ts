import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toEventId } from '../../../collector/enrich/event-id.ts';
import { readStored } from '../../faults/stored-events.ts';
import { startTestServer, type TestServer } from '../../server.ts';
import { launchBrowser } from '../browser.ts';
import { startNamingProxy } from '../journey/naming-proxy.ts';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startTestServer({ env: { FOOTFALL_DEMO: 'on' } });
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const patience = { timeout: 30_000, interval: 50 };

// The page that is left cannot wait for the answer, and the next one cannot know that it came.
test('a batch that a page sends on its way out, and the next page from the device, is stored once', async () => {
  const proxy = await startNamingProxy('203.0.113.40');
  const context = await browser.newContext({ proxy: { server: proxy.url, bypass: '<-loopback>' } });
  const page = await context.newPage();
  const taken = (name: string) =>
    proxy.taken
      .flatMap(({ events }) => events)
      .filter((event) => event.kind === 'custom' && event.name === name);
  await page.goto(`${server.url}/demo/`);
  await page.evaluate(() => {
    footfall.consent('granted');
    footfall.track('Ready');
  });
  await vi.waitFor(() => expect(taken('Ready')).toHaveLength(1), patience);
  proxy.cutsOff = true;
  // Time stands still from then on: the page would try again by itself after some seconds.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);
  await page.evaluate(() => footfall.track('Kept'));
  await page.clock.runFor(500);
  await page.waitForFunction(() => localStorage.getItem('footfall-unsent'));
  proxy.cutsOff = false;

  await page.goto(`${server.url}/demo/category/shoes`);
  await page.clock.resume();
  await vi.waitFor(() => expect(taken('Kept')).toHaveLength(2), patience);
  await page.evaluate(() => footfall.track('Last'));
  await vi.waitFor(() => expect(taken('Last')).toHaveLength(1), patience);
  await context.close();
  await proxy.stop();

  const [fromThePageLeft, fromTheNext] = taken('Kept');
  expect(fromTheNext).toEqual(fromThePageLeft);
  const stored = await readStored(server.dataDirectory, 'demo', toEventId(taken('Last')[0]?.id ?? ''));
  expect(stored.get(toEventId(fromThePageLeft?.id ?? ''))).toBe(1);
}, 120_000);
