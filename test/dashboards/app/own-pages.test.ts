import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkPages } from './check-pages.ts';
import { QUESTION, SEGMENT, type Site, startDemoSite } from './demo-site.ts';
import { violations } from './open-app.ts';

let site: Site;
beforeAll(async () => {
  site = await startDemoSite();
}, 120_000);
afterAll(() => site?.stop());

checkPages(
  () => site,
  [
    '/people?period=today',
    '/catalogue?period=today',
    '/catalogue?period=today&tab=groups',
    '/catalogue?period=today&tab=exclusions',
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
  ],
);

test('a segment is counted while it is built, saved, and narrows every report', async () => {
  const { page, context } = await site.open(`/segments?period=today&draft=${SEGMENT}`);

  await page.getByText('33.3% of 3 visitors · 1 sessions').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Left with a full cart');
  await page.getByRole('button', { name: 'Save as new' }).click();
  await page.getByRole('heading', { name: 'Left with a full cart' }).waitFor();

  await page.goto(`${site.server.url}/sites/demo/overview?period=today`);
  await page.getByRole('button', { name: 'Choose a segment' }).click();
  await page.getByRole('button', { name: 'Left with a full cart' }).click();
  await page.getByRole('button', { name: /^Visitors 1/ }).waitFor();
  expect(page.url()).toMatch(/segment=[0-9a-f-]{36}/);
  await context.close();
});

test('a report is put on a board, arranged by keyboard, published, and read by a stranger', async () => {
  const { page, context } = await site.open(`/explore?period=today&explore=${QUESTION}`);

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

  const stranger = await site.browser.newContext({ locale: 'en-GB' });
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
  const { page, context } = await site.open('/catalogue?period=today');

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
