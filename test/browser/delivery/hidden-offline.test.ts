/**
 * A page that is hidden while the network is away. Under Playwright no page is ever hidden, so Puppeteer drives, whose
 * tabs really cover each other.
 */
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrowser } from '../browser.ts';
import { html, startSite } from '../site.ts';

let site: Awaited<ReturnType<typeof startSite>>;
let browser: Browser;
beforeAll(async () => {
  site = await startSite({ '/': html('<p style="height:3000px">Long</p>') });
  browser = await puppeteer.launch({
    executablePath: findBrowser(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

/** A visitor's tab whose first page view has arrived, and whose lazy file is at work; what failed in it so far. */
async function open() {
  const { runId, ...heard } = site.begin();
  const page = await browser.newPage();
  const failed: string[] = [];
  page.on('requestfailed', (request) => failed.push(request.method()));
  await page.goto(`${heard.url}/as/${runId}/`);
  await heard.until(() => expect(heard.of('page_view')).toHaveLength(1));
  await heard.until(() => expect(heard.scripts).toContain('footfall-later.js'));
  await page.evaluate(`import('/footfall-later.js').then(() => {})`);
  return { ...heard, page, failed };
}

/** Opens another tab over it. */
async function hide(page: Page, until: (condition: () => unknown) => Promise<unknown>): Promise<Page> {
  const other = await browser.newPage();
  await other.bringToFront();
  await until(async () => expect(await page.evaluate(() => document.hidden)).toBe(true));
  return other;
}

for (const consent of [undefined, 'granted'] as const) {
  test(`what a page has to say as it is hidden while offline leaves once, when the network is back; consent ${consent}`, async () => {
    const { page, failed, arrived, of, until } = await open();
    if (consent) {
      await page.evaluate(() => footfall.consent('granted'));
    }
    await page.setOfflineMode(true);
    await page.evaluate(() => footfall.track('Offline'));
    const other = await hide(page, until);
    await until(() => expect(failed.length).toBeGreaterThan(0));
    expect(arrived.flatMap(({ batch }) => batch.events).map(({ kind }) => kind)).toEqual(['page_view']);

    await page.setOfflineMode(false);
    await until(() => expect(of('engagement')).toHaveLength(1));
    await page.bringToFront();
    await page.evaluate(() => footfall.track('Last'));
    await until(() => expect(of('custom').at(-1)).toMatchObject({ name: 'Last' }));
    await other.close();
    await page.close();

    expect(of('custom').map(({ name }) => name)).toEqual(['Offline', 'Last']);
    expect(of('engagement')).toHaveLength(1);
    expect(of('page_view')).toHaveLength(1);
  });
}
