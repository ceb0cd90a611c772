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
/** Who bought, of those who put something into their cart, by device. */
const QUESTION = encodeURIComponent(
  '{"s":[{"e":"Add to cart","m":"people"},{"e":"Purchase","m":"people"}],"r":[2,1],"by":["device"],"i":"whole"}',
);
/** Who put something into their cart and bought nothing. */
const SEGMENT = encodeURIComponent(
  '{"kind":"group","join":"and","items":[{"kind":"behaviour","what":"Add to cart"},{"kind":"behaviour","what":"Purchase","isNot":true}]}',
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
  '/catalogue?period=today&tab=groups',
  `/explore?period=today&explore=${QUESTION}`,
  `/segments?period=today&draft=${SEGMENT}`,
  '/boards',
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
const nameOf = (path: string) =>
  decodeURIComponent(path).replace(/&(explore|draft)=.*|&?funnel=\{.*?\}\]\}/, '');

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

test('explore counts what the visitors did, and how many of one did the other', async () => {
  const { page, context } = await open(`/explore?period=today&explore=${QUESTION}`);

  await page.getByRole('row', { name: /^Desktop 2 1 50\.0%$/ }).waitFor();
  await context.close();
});

test('a segment is counted while it is built, saved, and narrows every report', async () => {
  const { page, context } = await open(`/segments?period=today&draft=${SEGMENT}`);

  await page.getByText('33.3% of 3 visitors · 1 sessions').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Left with a full cart');
  await page.getByRole('button', { name: 'Save as new' }).click();
  await page.getByRole('heading', { name: 'Left with a full cart' }).waitFor();

  await page.goto(`${server.url}/sites/demo/overview?period=today`);
  await page.getByRole('button', { name: 'Choose a segment' }).click();
  await page.getByRole('button', { name: 'Left with a full cart' }).click();
  await page.getByRole('button', { name: /^Visitors 1/ }).waitFor();
  expect(page.url()).toMatch(/segment=[0-9a-f-]{36}/);
  await context.close();
});

test('a report is put on a board, arranged by keyboard, published, and read by a stranger', async () => {
  const { page, context } = await open(`/explore?period=today&explore=${QUESTION}`);

  await page.getByRole('button', { name: /^Add to a board/ }).click();
  await page.getByRole('textbox', { name: 'Title of the tile' }).fill('Carts that are bought');
  await page.getByRole('textbox', { name: 'Name of the board' }).fill('Monday');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('link', { name: 'Open the board' }).click();
  await page.getByRole('row', { name: /^Desktop 2 1 50\.0%$/ }).waitFor();

  await page.getByRole('button', { name: 'Move tile: Carts that are bought' }).focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('Carts that are bought: 3 columns wide, 2 rows high').waitFor();

  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByLabel(/^Password/).fill('correct horse');
  await page.getByRole('button', { name: 'Create link' }).click();
  const link = (await page.locator('.made-link code').textContent()) ?? '';
  await context.close();

  const stranger = await browser.newContext({ locale: 'en-GB' });
  const shared = await stranger.newPage();
  await shared.goto(link);
  await shared.getByRole('textbox', { name: 'Password' }).fill('correct horse');
  await shared.getByRole('button', { name: 'Show the board' }).click();
  await shared.getByRole('row', { name: /^Desktop 2 1 50\.0%$/ }).waitFor();
  expect(await shared.getByRole('button').count()).toBe(0);
  expect(await violations(shared)).toEqual([]);
  expect((await stranger.cookies()).map(({ name }) => name)).toEqual(['footfall_board']);
  await stranger.close();
});

test('an event is called otherwise in every report, and a page group shows the pages that fit', async () => {
  const { page, context } = await open('/catalogue?period=today');

  await page.getByRole('button', { name: 'Change Add to cart' }).click();
  await page.getByRole('combobox', { name: 'Name in reports' }).fill('Cart filled');
  await page.keyboard.press('Tab');
  await page.getByRole('textbox', { name: 'What it means' }).fill('Something lies in the cart.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page
    .getByRole('row', { name: /Cart filled sent as Add to cart/ })
    .first()
    .waitFor();

  await page.getByRole('button', { name: 'Change Cart filled' }).first().click();
  await page.getByRole('button', { name: 'Back to how it was sent' }).click();
  await page.getByRole('button', { name: 'Change Add to cart' }).first().waitFor();

  await page.getByRole('button', { name: 'Page groups' }).click();
  await page.getByRole('button', { name: 'New page group' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Products');
  await page.getByRole('textbox', { name: 'Pattern 1' }).fill('/demo/product/*');
  await page.getByText(/^[1-9] pages with \d+ page views in the period fit\.$/).waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Change Products' }).waitFor();
  await context.close();
});
