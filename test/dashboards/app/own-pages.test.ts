import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkPages } from './check-pages.ts';
import { FUNNEL, QUESTION, SEGMENT, type Site, startDemoSite } from './demo-site.ts';
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

test('two events under one name count as one; a hidden one leaves the lists and is found again', async () => {
  const { page, context } = await site.open('/catalogue?period=today');
  const change = async (name: string) => {
    await page.getByRole('button', { name: `Change ${name}` }).click();
    return page.getByRole('dialog');
  };

  const merging = await change('Add to cart');
  await merging.getByRole('combobox', { name: 'Name in reports' }).fill('Purchase');
  await page.keyboard.press('Tab');
  await merging.getByText('Will count together with “Purchase”.').waitFor();
  await merging.getByRole('button', { name: 'Save', exact: true }).click();
  // Two carts filled and one order.
  await page.getByRole('row', { name: /Purchase sent as Add to cart 3 / }).waitFor();
  await (await change('Purchase')).getByRole('button', { name: 'Back to how it was sent' }).click();
  await page.getByRole('row', { name: /Add to cart 2 / }).waitFor();

  const hiding = await change('Add to cart');
  await hiding.getByRole('checkbox', { name: 'Leave it out of lists and suggestions' }).check();
  await hiding.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Change Add to cart' }).waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: 'Show hidden ones' }).check();
  await page.getByRole('row', { name: /Add to cart hidden 2 / }).waitFor();
  await (await change('Add to cart')).getByRole('button', { name: 'Back to how it was sent' }).click();
  await page.getByRole('row', { name: /Add to cart 2 / }).waitFor();
  await context.close();
});

test('what is excluded is counted first, stands in no report, the past included, and counts again when taken back', async () => {
  const { page, context, complaints } = await site.open('/catalogue?period=today&tab=exclusions');

  await page.getByText('Nothing is excluded').waitFor();
  await page.getByRole('button', { name: 'New exclusion' }).click();
  await page.getByRole('textbox', { name: 'Path' }).fill('/demo/product/camp-mug');
  await page.getByRole('button', { name: 'Count what it takes out' }).click();
  await page.getByText(/^In the period: \d+ events of 1 visitors, with 0 orders\.$/).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Exclude', exact: true }).click();
  await page.getByRole('button', { name: 'Count /demo/product/camp-mug again' }).waitFor();
  await page.getByRole('link', { name: 'Overview' }).first().click();
  // Who saw nothing but the mug was not there at all.
  await page.getByRole('button', { name: /^Visitors 2/ }).waitFor();

  await page.goBack();
  await page.getByRole('button', { name: 'Count /demo/product/camp-mug again' }).click();
  await page.getByText('Nothing is excluded').waitFor();
  await page.getByRole('link', { name: 'Overview' }).first().click();
  await page.getByRole('button', { name: /^Visitors 3/ }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a robot that was not recognised is excluded by what its events bear', async () => {
  const { page, context } = await site.open('/catalogue?period=today&tab=exclusions');

  await page.getByRole('button', { name: 'New exclusion' }).click();
  await page.getByRole('combobox', { name: 'What to leave out' }).selectOption('bot');
  expect(await page.getByRole('button', { name: 'Exclude', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: '+ filter' }).click();
  const editor = page.getByRole('dialog').last();
  await editor.getByRole('combobox', { name: 'Where', exact: true }).selectOption('device');
  await editor.getByRole('combobox', { name: 'Value' }).fill('desktop');
  await page.keyboard.press('Tab');
  await editor.getByRole('button', { name: 'Apply filter' }).click();
  await page.getByRole('button', { name: 'Count what it takes out' }).click();
  await page.getByText(/^In the period: \d+ events of 3 visitors, with 1 orders\.$/).waitFor();
  await context.close();
});

test('tiles are dragged by the mouse and moved by arrow keys, and stay where they were put', async () => {
  const { page, context } = await site.open(`/funnels?period=today&funnel=${FUNNEL}&tab=next`);
  const tile = (title: string) => ({
    id: crypto.randomUUID(),
    ...{ title, view: 'vitals', options: {}, width: 1, height: 1 },
    queries: [{ report: 'web-vitals', parameters: { period: { preset: 'today' } } }],
  });
  const board = `Order ${crypto.randomUUID()}`;
  await page.request.post(`${site.server.url}/api/sites/demo/saved/board`, {
    data: { name: board, body: { tiles: [tile('First'), tile('Second')] } },
  });
  const titles = () => page.locator('.tile h3').allTextContents();
  const saved = (order: string[]) =>
    page.waitForResponse((answer) => {
      const { body } = (answer.request().postDataJSON() ?? {}) as { body?: { tiles?: { title: string }[] } };
      return (
        answer.request().method() === 'PUT' && body?.tiles?.map(({ title }) => title).join() === order.join()
      );
    });

  await page.getByRole('button', { name: /^Add to a board/ }).click();
  await page.getByRole('textbox', { name: 'Title of the tile' }).fill('Where they went');
  await page.getByRole('combobox', { name: 'Board' }).selectOption({ label: board });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('link', { name: 'Open the board' }).click();
  await page.locator('.tile h3').nth(2).waitFor();
  await settled(page);
  expect(await titles()).toEqual(['First', 'Second', 'Where they went']);

  // The first save is held on its way until the second move is made: it may not overtake.
  let release = () => {};
  const isMovedAgain = new Promise<void>((resolve) => {
    release = resolve;
  });
  let sent = 0;
  await page.route('**/saved/board/*', async (route) => {
    if (sent++ === 0) await isMovedAgain;
    await route.continue();
  });
  const dragged = saved(['Where they went', 'First', 'Second']);
  await page
    .getByRole('button', { name: 'Move tile: Where they went' })
    .dragTo(page.locator('.tile').first());
  await page.getByText('Where they went: place 1 of 3').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Move tile: Where they went' }).focus();
  const moved = saved(['First', 'Where they went', 'Second']);
  await page.keyboard.press('ArrowRight');
  await page.getByText('Where they went: place 2 of 3').waitFor({ state: 'attached' });
  await page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'Move tile: Where they went',
  );
  expect(sent, 'saves on their way at once').toBe(1);
  release();
  await dragged;
  await moved;
  await page.reload();
  await page.locator('.tile h3').nth(2).waitFor();
  expect(await titles()).toEqual(['First', 'Where they went', 'Second']);
  await context.close();
});
