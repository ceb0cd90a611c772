import type { Browser } from 'playwright';
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
import { createOpen, settled, sticksOutBy, violations } from './open-app.ts';

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

const open = createOpen(() => ({ server, browser, cookie }), 'demo');

const FUNNEL = encodeURIComponent(
  '{"s":[{"a":["/demo/product/*"]},{"a":["Add to cart"]},{"a":["/demo/checkout"]},{"a":["Purchase"]}]}',
);
const PAGES = [
  '/overview?period=today',
  '/overview?period=today&details=page',
  '/overview?period=today&tabs=property.city.not_found',
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
  '/settings?tab=plan',
  '/settings?tab=collection',
  '/settings?tab=members',
  '/settings?tab=audit',
  '/settings?tab=keys',
  '/settings?tab=account',
];

/** Without the funnel's own definition, which would fill a line. */
const nameOf = (path: string) => decodeURIComponent(path).replace(/&?funnel=\{.*?\}\]\}/, '');

for (const path of PAGES) {
  test(`${nameOf(path)}: axe, console and policy find nothing in light and dark, and on a phone nothing sticks out`, async () => {
    const { page, context, complaints } = await open(path);

    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 3_000 });
    await settled(page);
    expect(await sticksOutBy(page)).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
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
