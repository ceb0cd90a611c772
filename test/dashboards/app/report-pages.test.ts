import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkPages } from './check-pages.ts';
import { FUNNEL, QUESTION, type Site, startDemoSite } from './demo-site.ts';
import { settled, violations } from './open-app.ts';

vi.setConfig({ testTimeout: 120_000 });

let site: Site;
beforeAll(async () => {
  site = await startDemoSite();
}, 120_000);
afterAll(() => site?.stop());

checkPages(
  () => site,
  [
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
  ],
);

test('the overview shows what the visitors did', async () => {
  const { page, context } = await site.open('/overview?period=today');

  await page.getByRole('button', { name: /^Visitors 3/ }).waitFor();
  await page.getByRole('button', { name: /^Page views 12/ }).waitFor();
  await page.getByRole('row', { name: /\/demo\/product\/camp-mug/ }).waitFor();
  await page.getByText('1 of 3').first().waitFor();
  await page.getByRole('img', { name: /^Purchase: 1 visitors, 33\.3%/ }).waitFor();
  await context.close();
});

test('what lies before the first event is not compared with, and the page says so', async () => {
  const { page, context } = await site.open(`/funnels?period=today&funnel=${FUNNEL}`);

  await page.getByRole('button', { name: /^Compare with: no data before \d+ \w+ \d{4}$/ }).waitFor();
  await page.getByRole('button', { name: /^Purchase: 1 visitors/ }).waitFor();
  expect(await page.getByText('Compared period').count()).toBe(0);
  await context.close();
});

test('a click on a row filters the page, the address says so, and back takes it away', async () => {
  const { page, context } = await site.open('/overview?period=today');

  await page.getByRole('button', { name: '/demo/product/camp-mug' }).click();
  await page.getByRole('button', { name: /^Visitors 1/ }).waitFor();
  expect(page.url()).toContain('f=page:is:/demo/product/camp-mug');

  await page.goBack();
  await page.getByRole('button', { name: /^Visitors 3/ }).waitFor();
  expect(page.url()).not.toContain('f=');
  await context.close();
});

test('a conversion table is sorted by its headings, and tells intervals in numbers and orders', async () => {
  const { page, context } = await site.open('/conversions?period=today');

  const heading = page.getByRole('columnheader', { name: 'Conversion rate' }).first();
  expect(await heading.getAttribute('aria-sort')).toBe('none');
  await heading.getByRole('button').click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('descending');
  await heading.getByRole('button').click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('ascending');
  await page
    .getByRole('cell', { name: /\d+\.\d–\d+\.\d%/ })
    .first()
    .waitFor();
  await page.getByText('1 order', { exact: true }).waitFor();
  await context.close();
});

test('a filter finds a value by its name, applies the value itself, and says first what does not occur', async () => {
  const { page, context } = await site.open('/overview?period=today');
  const editor = page.getByRole('dialog', { name: 'Filter' });
  const value = editor.getByRole('combobox', { name: 'Value' });

  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await editor.getByRole('combobox', { name: 'Where' }).selectOption('device');
  await value.pressSequentially('Desk');
  await page.getByRole('option', { name: /^Desktop desktop/ }).waitFor();
  await page.keyboard.press('Enter');
  await editor.getByText('Desk: none in this period').waitFor();
  expect(page.url()).not.toContain('f=');
  await editor.getByRole('button', { name: 'Apply all the same' }).waitFor();

  await value.fill('');
  await value.pressSequentially('Desk');
  await page.getByRole('option', { name: /^Desktop desktop/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await value.inputValue()).toBe('Desktop');
  await editor.getByText('none in this period').waitFor({ state: 'hidden' });
  await editor.getByRole('button', { name: 'Apply filter' }).click();
  await page.waitForURL(/f=device:is:desktop/);
  await page.getByRole('button', { name: /^Visitors 3/ }).waitFor();
  await context.close();
});

/** The field of this name has the focus, without having been asked. */
const focused = (page: Page, name: string) =>
  page.waitForFunction((label) => document.activeElement?.getAttribute('aria-label') === label, name);

test('a five-step funnel is built by keyboard alone', async () => {
  const { page, context } = await site.open('/funnels?period=today');

  const steps = ['/demo/', '/demo/product/*', 'Add to cart', '/demo/checkout', 'Purchase'];
  await page.getByRole('combobox', { name: 'Step 1' }).focus();
  for (const [index, step] of steps.entries()) {
    if (index >= 2) {
      await page.getByRole('button', { name: 'Add step' }).focus();
      await page.keyboard.press('Enter');
    }
    const field = `Step ${index + 1}`;
    if (index < 2) await page.getByRole('combobox', { name: field }).focus();
    else await focused(page, field);
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
  const { page, context } = await site.open('/live', { width: 390 });

  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Funnels' }).click();
  await page.waitForURL(/\/funnels/);
  await context.close();
});

test('a German browser is spoken to in German', async () => {
  const { page, context } = await site.open('/overview?period=today', { locale: 'de-DE' });

  await page.getByRole('button', { name: /^Besucher 3/ }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await context.close();
});

test('nothing is asked of another host, and what every page asks first travels once, with its script', async () => {
  const { page, context } = await site.open('/live');
  const asked = (
    await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
  ).map((name) => new URL(name));

  expect([...new Set(asked.map(({ host }) => host))]).toEqual([new URL(site.server.url).host]);
  for (const path of ['/api/me', '/api/sites'])
    expect(asked.filter(({ pathname }) => pathname === path)).toHaveLength(1);
  await context.close();
});

test('web vitals say of how many views they are, and are sorted by any column', async () => {
  const { page, context } = await site.open('/vitals?period=today');
  const table = page.getByRole('table');
  const counts = async () =>
    (await table.locator('tbody td:nth-child(2)').allTextContents()).map((text) => Number(text));

  const mostFirst = await counts();
  expect(new Set(mostFirst).size).toBeGreaterThan(1);
  expect(mostFirst).toEqual(mostFirst.toSorted((a, b) => b - a));
  await table.getByRole('button', { name: /^Views measured/ }).click();
  await table
    .getByRole('columnheader', { name: /^Views measured/ })
    .and(page.locator('[aria-sort="ascending"]'))
    .waitFor();
  expect(await counts()).toEqual(mostFirst.toReversed());
  expect(await violations(page)).toEqual([]);
  await context.close();
});

test('a path that starts at an event is made of events too, and the address says so', async () => {
  const { page, context } = await site.open('/paths?period=today');

  await page.getByRole('combobox', { name: 'Starting at' }).fill('Add to cart');
  await page.keyboard.press('Enter');
  await page.waitForURL(/[?&]of=both/);
  await page.getByRole('button', { name: 'Both', pressed: true }).waitFor();
  await settled(page);
  await page
    .getByText(/^Add to cart → /)
    .first()
    .waitFor({ state: 'attached' });
  expect(await page.getByText('Nothing here in this period').count()).toBe(0);
  await context.close();
});

test('explore counts what the visitors did, and how many of one did the other', async () => {
  const { page, context } = await site.open(`/explore?period=today&explore=${QUESTION}`);

  await page.getByRole('row', { name: /^Desktop 2 1 50\.0%$/ }).waitFor();
  await context.close();
});

test('the hour under way is dashed, and each number changes the graph', async () => {
  const { page, context } = await site.open('/overview?period=today');

  const dashed = page.locator('.chart path.line.unfinished').first();
  expect(await dashed.getAttribute('d')).not.toBe('');
  expect(await dashed.evaluate((line) => getComputedStyle(line).strokeDasharray)).not.toBe('none');
  for (const name of ['Sessions', 'Page views', 'Bounce rate', 'Session duration', 'Engaged time']) {
    await page.getByRole('button', { name: new RegExp(`^${name} `) }).click();
    await page.getByRole('img', { name: `${name} over time` }).waitFor();
  }
  await context.close();
});

test('a click on a bar shows the people behind it, and one of them opens with all that they did', async () => {
  const { page, context } = await site.open(`/funnels?period=today&funnel=${FUNNEL}`);

  await page.getByRole('button', { name: /^Purchase: 1 visitors/ }).click();
  const people = page.getByRole('dialog', { name: 'Visitors at step 4' });
  await people.getByRole('link', { name: /^Visitor / }).click();
  await page.waitForURL(/\/people\?.*person=/);
  await page.getByText('Purchase', { exact: true }).first().waitFor();
  await page.getByText('/demo/product/city-sneaker').first().waitFor();
  await context.close();
});

test.each([
  ['reduce', 0],
  ['no-preference', 1],
] as const)(
  'where reduced motion is asked for (%s) nothing moves while numbers are on their way',
  async (reducedMotion, least) => {
    const { page, context } = await site.open('/live', { reducedMotion });
    await page.route('**/reports/**', () => {});
    await page.getByRole('link', { name: 'Engagement' }).first().click();
    await page.locator('.skeleton').first().waitFor();

    const moving = await page.evaluate(() => document.getAnimations().length);
    if (least === 0) expect(moving).toBe(0);
    else expect(moving).toBeGreaterThanOrEqual(least);
    await context.close();
  },
);
