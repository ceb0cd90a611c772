import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../browser/browser.ts';
import {
  AS_IF_DRIVEN_BY_NOBODY,
  buysShoes,
  fillsACart,
  looksAtOneProduct,
  looksIn,
  visit,
} from '../../browser/journey/walks.ts';
import { startTestServer, type TestServer } from '../../server.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let server: TestServer;
let browser: Browser;
let cookie: string;

/** Three visitors have walked the demo shop: one bought, one filled a cart, one looked at a product. */
beforeAll(async () => {
  server = await startTestServer({ env: { FOOTFALL_DEMO: 'on', FOOTFALL_TRUSTED_PROXIES: '127.0.0.1' } });
  browser = await launchBrowser(AS_IF_DRIVEN_BY_NOBODY);
  cookie = await server.signIn();
  await visit(browser, server.url, '203.0.113.10', buysShoes);
  await visit(browser, server.url, '198.51.100.20', fillsACart);
  await visit(browser, server.url, '192.0.2.30', looksAtOneProduct);
  await visit(browser, server.url, '203.0.113.10', looksIn);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

type Look = { colorScheme?: 'light' | 'dark'; width?: number; locale?: string };
type Opened = { page: Page; context: BrowserContext; complaints: string[] };

/** A signed-in browser, tall enough that all panels are near, on one path of the site, with all that the console and the security policy complain about. */
async function open(
  path: string,
  { colorScheme = 'light', width = 1280, locale = 'en-GB' }: Look = {},
): Promise<Opened> {
  const context = await browser.newContext({ colorScheme, locale, viewport: { width, height: 3_000 } });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${server.url}/sites/demo${path}`);
  await page.locator('main').waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'));
  return { page, context, complaints };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // The script above has put it there.
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations: found } = await axe.run();
    return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  });
}

const FUNNEL = encodeURIComponent(
  '{"s":[{"a":["/demo/product/*"]},{"a":["Add to cart"]},{"a":["/demo/checkout"]},{"a":["Purchase"]}]}',
);
const PAGES = [
  '/overview?period=today',
  '/overview?period=today&details=page',
  `/funnels?period=today&funnel=${FUNNEL}`,
  `/funnels?period=today&funnel=${FUNNEL}&tab=time`,
  `/funnels?period=today&funnel=${FUNNEL}&tab=trend`,
  `/funnels?period=today&funnel=${FUNNEL}&tab=next`,
  `/funnels?period=today&funnel=${FUNNEL}&tab=separators`,
  `/funnels?period=today&funnel=${FUNNEL}&people=2.reached`,
  '/conversions?period=today',
  '/live',
  '/retention?period=today',
  '/paths?period=today',
  '/engagement?period=today',
  '/vitals?period=today',
  '/people?period=today',
  '/catalogue?period=today',
  '/settings',
  '/settings?tab=goals',
  '/settings?tab=collection',
  '/settings?tab=keys',
  '/settings?tab=account',
];

/** Without the funnel's own definition, which would fill a line. */
const nameOf = (path: string) => decodeURIComponent(path).replace(/&?funnel=\{.*?\}\]\}/, '');

for (const path of PAGES) {
  test.each(['light', 'dark'] as const)(
    `${nameOf(path)} has nothing that axe, the console or the policy complain about: %s`,
    async (colorScheme) => {
      const { page, context, complaints } = await open(path, { colorScheme });

      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
}

test('the overview shows what the visitors did', async () => {
  const { page, context } = await open('/overview?period=today');

  await page.getByRole('button', { name: /^Visitors 3/ }).waitFor();
  await page.getByRole('button', { name: /^Page views 12/ }).waitFor();
  await page.getByRole('row', { name: /\/demo\/product\/camp-mug/ }).waitFor();
  await page.getByText('1 of 3').first().waitFor();
  await page.getByRole('img', { name: /^Purchase: 1 visitors, 33\.3%/ }).waitFor();
  await context.close();
});

test('a click on a row filters the page, the address says so, and back takes it away', async () => {
  const { page, context } = await open('/overview?period=today');

  await page.getByRole('button', { name: '/demo/product/camp-mug' }).click();
  await page.getByRole('button', { name: /^Visitors 1/ }).waitFor();
  expect(page.url()).toContain('f=page:is:/demo/product/camp-mug');

  await page.goBack();
  await page.getByRole('button', { name: /^Visitors 3/ }).waitFor();
  expect(page.url()).not.toContain('f=');
  await context.close();
});

test('single letters choose the period', async () => {
  const { page, context } = await open('/overview');

  await page.keyboard.press('w');
  await page.getByRole('button', { name: 'Period: Last 7 days' }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL(/from=\d{4}-\d\d-\d\d&to=/);
  await page.keyboard.press('x');
  await page.getByRole('button', { name: /No comparison/ }).waitFor();
  await context.close();
});

test('a five-step funnel is built by keyboard alone', async () => {
  const { page, context } = await open('/funnels?period=today');

  const steps = ['/demo/', '/demo/product/*', 'Add to cart', '/demo/checkout', 'Purchase'];
  await page.getByRole('combobox', { name: 'Step 1' }).focus();
  for (const [index, step] of steps.entries()) {
    if (index >= 2) {
      await page.getByRole('button', { name: 'Add step' }).focus();
      await page.keyboard.press('Enter');
    }
    await page.getByRole('combobox', { name: `Step ${index + 1}` }).focus();
    await page.keyboard.type(step);
    await page.keyboard.press('Tab');
    // The field that was left must not take the focus along.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
  }
  await page.getByRole('button', { name: /^Purchase: 1 visitors/ }).waitFor();
  await page.getByRole('button', { name: /^\/demo\/product\/\*: 2 visitors/ }).waitFor();
  await page.getByRole('button', { name: /^Purchase: 1 visitors/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Visitors at step 5' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Visitors at step 5' }).waitFor({ state: 'hidden' });
  await context.close();
});

for (const path of PAGES) {
  test(`on a phone nothing sticks out of ${nameOf(path)}`, async () => {
    const { page, context } = await open(path, { width: 390 });

    const sticksOutBy = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sticksOutBy).toBe(0);
    await context.close();
  });
}

test('on a phone the pages are at the thumb', async () => {
  const { page, context } = await open('/live', { width: 390 });

  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Funnels' }).click();
  await page.waitForURL(/\/funnels/);
  await context.close();
});

test('a German browser is spoken to in German', async () => {
  const { page, context } = await open('/overview?period=today', { locale: 'de-DE' });

  await page.getByRole('button', { name: /^Besucher 3/ }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await context.close();
});

test('nothing is asked of another host', async () => {
  const { page, context } = await open('/live');
  const hosts = await page.evaluate(() =>
    performance.getEntriesByType('resource').map((entry) => new URL(entry.name).host),
  );

  expect([...new Set(hosts)]).toEqual([new URL(server.url).host]);
  await context.close();
});
