import { join } from 'node:path';
import type { Page } from 'playwright';
import { joinDatabase } from '../../../collector/database.ts';
import { createFormat } from '../../../dashboards/words/format.ts';
import { launchBrowser } from '../../browser/browser.ts';
import { runSample } from '../../sample/sample.ts';
import type { Truth } from '../../sample/truth.ts';
import { startTestServer } from '../../server.ts';
import type { Site } from './demo-site.ts';
import { createOpen } from './open-app.ts';

export type SampleSite = Site & { truth: Truth; database: ReturnType<typeof joinDatabase> };

/** The sample site as `npm run sample` makes it, of fewer people: its figures are known before it is sent. */
export async function startSampleSite(): Promise<SampleSite> {
  const server = await startTestServer();
  const database = joinDatabase(join(server.dataDirectory, 'clickhouse'));
  const [browser, cookie] = await Promise.all([launchBrowser(), server.signIn()]);
  const { truth } = await runSample({
    storage: database.storage,
    url: server.url,
    siteId: 'sample',
    truthFile: join(server.dataDirectory, 'truth.json'),
    people: 150,
    days: 60,
    endsAt: Date.UTC(2026, 10, 22),
    seed: 11,
  });
  return {
    server,
    browser,
    truth,
    database,
    open: createOpen(() => ({ server, browser, cookie }), 'sample'),
    async stop() {
      await browser.close();
      await database.close();
      await server.stop();
    },
  };
}

/** Of the overview only the graph and the first two panels are near. */
export const SHORT = { height: 500 };

export const format = createFormat('en-GB');

export const stat = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) });

export const panel = (page: Page, title: string) =>
  page.locator('section.panel').filter({ has: page.getByRole('heading', { name: new RegExp(`^${title}`) }) });

/** One custom event through the collector's door, as a page of the shop would send it. */
export async function send(
  server: { url: string },
  site: string,
  event: Record<string, unknown>,
  url = 'https://gangway.example/join',
) {
  const at = Date.now();
  await fetch(`${server.url}/events`, {
    method: 'POST',
    headers: {
      'user-agent': 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
    },
    body: JSON.stringify({
      version: 1,
      site,
      sentAt: at,
      events: [{ id: crypto.randomUUID(), at, url, kind: 'custom', ...event }],
    }),
  });
}
