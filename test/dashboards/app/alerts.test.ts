import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinDatabase } from '../../../collector/database.ts';
import { launchBrowser } from '../../browser/browser.ts';
import { startTestServer, type TestServer } from '../../server.ts';
import { createOpen, violations } from './open-app.ts';

// The operator's banner: a site that has fallen silent, which the server finds out as it starts.

const DAY_MS = 86_400_000;
let server: TestServer;
let browser: Browser;
let cookie: string;

beforeAll(async () => {
  const earlier = await startTestServer();
  const { dataDirectory, siteId } = earlier;
  const database = joinDatabase(join(dataDirectory, 'clickhouse'));
  const now = Date.now();
  const rows = [1, 2, 3].flatMap((day) =>
    Array.from({ length: 40 }, (_, minute) => ({
      site_id: siteId,
      time: now - day * DAY_MS - 60_000 * minute,
      kind: 'page_view',
      name: 'page_view',
    })),
  );
  await database.storage.insert('events', rows);
  await database.close();
  await earlier.end();
  server = await startTestServer({ dataDirectory });
  [browser, cookie] = await Promise.all([launchBrowser(), server.signIn()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('what the operator must know stands above every page, in the reader’s language', async () => {
  const open = createOpen(() => ({ server, browser, cookie }), server.siteId);
  await expect
    .poll(async () => (await fetch(`${server.url}/api/alerts`, { headers: { cookie } })).text(), {
      timeout: 50_000,
      interval: 500,
    })
    .toContain('site_silent');

  const english = await open('/settings', { height: 800 });
  await english.page.getByText('This site has fallen silent.').waitFor();
  await english.page.getByText(/^.*is the tag still in its pages\?/).waitFor();
  expect(await violations(english.page)).toEqual([]);
  const german = await open('/settings', { height: 800, locale: 'de-DE' });
  await german.page.getByText('Diese Website ist verstummt.').waitFor();
  expect(await german.page.getByRole('complementary', { name: 'Für den Betreiber' }).textContent()).toMatch(
    /Ist das Tag noch auf ihren Seiten\? ?seit /,
  );
  await english.context.close();
  await german.context.close();
}, 120_000);
