import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FUNNEL, type Site, startDemoSite } from './demo-site.ts';
import { settled, violations } from './open-app.ts';

// What an analyst does with a funnel once its steps are there.

vi.setConfig({ testTimeout: 120_000 });

let site: Site;
beforeAll(async () => {
  site = await startDemoSite();
}, 120_000);
afterAll(() => site?.stop());

const PATH = `/funnels?period=today&funnel=${FUNNEL}`;
/** Three saw a product, two filled a cart, one went to the checkout and bought. */
const bar = (page: Page, label: string) => page.getByRole('button', { name: new RegExp(`^${label}`) });
/** Behind whose bar there is nobody to show. */
const nobody = (page: Page, label: string) =>
  page.getByRole('img', { name: new RegExp(`^${label}: 0 visitors`) });

test('it leaves as a file, as the SQL that answers it, and as a call of the API with the same answer', async () => {
  const { page, context, complaints } = await site.open(PATH);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);

  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/);
  await page.getByRole('button', { name: 'Copy as API call' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const call = await page.evaluate(() => navigator.clipboard.readText());
  const [, url = '', body = ''] =
    /^curl -X POST '([^']+)' -H 'authorization: Bearer <API key>' .* -d '(.+)'$/.exec(call) ?? [];
  const answer = await page.request.post(url, { data: JSON.parse(body) });
  const { rows } = (await answer.json()) as { rows: { people: number }[] }; // The funnel's own answer.
  await page.getByRole('button', { name: 'Show SQL' }).click();
  const dialog = page.getByRole('dialog', { name: 'Show SQL' });
  await dialog.getByText('SELECT').first().waitFor();

  expect(lines).toHaveLength(1 + 4);
  expect(rows.map(({ people }) => people)).toEqual([3, 2, 1, 1]);
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a wildcard says how many pages fit and lists them, what is chosen stands out, and Save comes after the fields', async () => {
  const { page, context } = await site.open(PATH);
  const step = page.getByRole('combobox', { name: 'Step 1' });

  await step.fill('/demo/product');
  await step.pressSequentially('/*');
  const said = await page.getByText(/^\d+ pages? fits?$/).textContent();
  const fitting = await page.getByRole('option').allTextContents();
  expect(fitting.length).toBeGreaterThan(0);
  expect(fitting.filter((text) => !text.startsWith('/demo/product/'))).toEqual([]);
  expect(Number.parseInt(said ?? '', 10)).toBe(fitting.length);
  await page.keyboard.press('ArrowDown');
  const chosen = page.getByRole('option').first();
  const [light, dark] = (await chosen.evaluate((item) => {
    const colourOf = (of: Element) => getComputedStyle(of).backgroundColor;
    return [colourOf(item.closest('.suggest-box') as Element), colourOf(item)]; // It lies in such a box.
  })) as [string, string];
  expect(contrast(light, dark)).toBeGreaterThanOrEqual(3);
  await step.fill('/nowhere/*');
  await page.getByText('No page of this period fits').waitFor();
  await page.keyboard.press('Escape');

  const isBefore = await page
    .getByRole('combobox', { name: 'Break down by' })
    .evaluate(
      (field, save) =>
        save !== null && Boolean(field.compareDocumentPosition(save) & Node.DOCUMENT_POSITION_FOLLOWING),
      await page.getByRole('button', { name: 'Save', exact: true }).elementHandle(),
    );
  expect(isBefore).toBe(true);
  await context.close();
});

test('what puts the report on a board takes the focus when it opens', async () => {
  const { page, context } = await site.open(PATH);

  await page.getByRole('button', { name: /^Add to a board/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.matches('.small-form input'));
  await context.close();
});

test('it is saved under a name, duplicated, and deleted; the copy stays', async () => {
  const { page, context } = await site.open(PATH);
  const menu = (name: string) => page.getByRole('button', { name: `Open a saved funnel: ${name}` });

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Way to the order');
  await page.getByRole('button', { name: 'Save as new' }).click();
  await page.waitForURL(/saved=[0-9a-f-]{36}/);
  await menu('Way to the order').click();
  await page.getByRole('button', { name: 'Duplicate “Way to the order”' }).click();
  await menu('Way to the order (copy)').click();
  await page.getByRole('button', { name: 'Way to the order', exact: true }).click();
  await menu('Way to the order').click();
  await page.getByRole('button', { name: 'Delete “Way to the order”' }).click();
  await menu('New funnel').click();

  await page.getByRole('button', { name: 'Way to the order (copy)', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Way to the order', exact: true }).count()).toBe(0);
  await context.close();
});

test('its steps are moved by keyboard and by the mouse, made optional, and given a time limit of their own', async () => {
  const { page, context } = await site.open(PATH);
  const steps = async () =>
    Promise.all(
      [1, 2, 3, 4].map((place) => page.getByRole('combobox', { name: `Step ${place}` }).inputValue()),
    );
  const more = async (place: number, item: string) => {
    await page.getByRole('button', { name: `More about step ${place}` }).focus();
    await page.keyboard.press('Enter');
    // The menu takes the focus once it is open.
    await page.waitForFunction(() => document.activeElement?.closest('[popover]'));
    await page.getByRole('button', { name: item, exact: true }).focus();
    await page.keyboard.press('Enter');
  };

  await more(3, 'Move up');
  await page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'More about step 2',
  );
  expect(await steps()).toEqual(['/demo/product/*', '/demo/checkout', 'Add to cart', 'Purchase']);
  // Nobody fills a cart after the checkout.
  await nobody(page, 'Add to cart').waitFor();

  await page.locator('.step-grip').nth(2).dragTo(page.locator('.step-row').nth(1));
  await bar(page, 'Add to cart: 2 visitors').waitFor();
  expect(await steps()).toEqual(['/demo/product/*', 'Add to cart', '/demo/checkout', 'Purchase']);

  await more(3, 'Make optional');
  await page.locator('.editor').getByText('optional', { exact: true }).waitFor();
  await more(4, 'Limit the time since the step before');
  await page.locator('.editor').getByText('within', { exact: true }).waitFor();
  await settled(page);
  await bar(page, 'Purchase: 1 visitors').waitFor();
  await context.close();
});

test('it is parted by device side by side, and an exclusion takes out who did something between', async () => {
  const { page, context } = await site.open(PATH);

  await page.getByRole('combobox', { name: 'Break down by' }).selectOption('device');
  await bar(page, 'Purchase, Desktop: 1 visitors').waitFor();
  await bar(page, 'Purchase, Desktop: 1 visitors').click();
  await page.getByRole('dialog', { name: 'Visitors at step 4 · Desktop' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Break down by' }).selectOption({ label: 'Nothing' });
  await page.getByRole('button', { name: 'Exclude who did…' }).click();
  await page.locator('.editor').getByRole('combobox', { name: 'without' }).fill('/demo/cart');
  await page.keyboard.press('Tab');
  await page.getByText('Left out by exclusions').waitFor();
  await nobody(page, 'Purchase').waitFor();
  await context.close();
});

/** WCAG 2's contrast of two opaque colours, as the browser writes them: `rgb(11, 110, 95)`. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/\d+/g)].map(([part]) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
