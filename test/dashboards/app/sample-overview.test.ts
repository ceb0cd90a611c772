import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { settled, sticksOutBy, violations } from './open-app.ts';
import { format, panel, type SampleSite, SHORT, startSampleSite, stat } from './sample-site.ts';

// What an owner sees on the overview of the sample site, whose figures are known before it is sent.

/** Down to goals and events: what lies further is not asked for. */
const TO_EVENTS = { height: 1_300 };

vi.setConfig({ testTimeout: 120_000 });

let site: SampleSite;
beforeAll(async () => {
  site = await startSampleSite();
}, 180_000);
afterAll(() => site?.stop());

const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

const BUYING = encodeURIComponent('{"s":[{"a":["/product/*"]},{"a":["Add to cart"]},{"a":["Purchase"]}]}');

test('the figures on screen are the sample’s truth', async () => {
  const { page, context, complaints } = await site.open('/overview?period=all');

  expect(await stat(page, 'Visitors').textContent()).toContain(format.compact(site.truth.visitors));
  expect(await stat(page, 'Sessions').textContent()).toContain(format.compact(site.truth.sessions));
  expect(await stat(page, 'Page views').textContent()).toContain(format.compact(site.truth.pageViews));
  expect(await stat(page, 'Bounce rate').textContent()).toContain(
    format.percent(site.truth.bounces / site.truth.sessions),
  );
  expect(await stat(page, 'Engaged time').textContent()).toContain(
    format.duration(site.truth.engagedMs / site.truth.sessions),
  );
  await panel(page, 'Goals').getByText(`${site.truth.buyers} of ${site.truth.visitors}`).waitFor();
  await page.getByText(format.number(site.truth.funnel[0]), { exact: true }).first().waitFor();
  await page.getByText('most drop-off').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('each number has its course, and switches the graph and the address', async () => {
  const { page, context } = await site.open('/overview?period=all', SHORT);

  expect(await page.locator('.stat .sparkline').count()).toBe(6);
  await stat(page, 'Page views').click();
  await page.getByRole('img', { name: 'Page views over time' }).waitFor();
  expect(page.url()).toContain('metric=page_views');
  await page.getByRole('button', { name: 'Weeks' }).click();
  await page.waitForURL(/interval=week/);
  await context.close();
});

test('a goal turns every panel into a conversion report, stands among the filters, and goes by Escape', async () => {
  const { page, context } = await site.open('/overview?period=all', TO_EVENTS);

  await panel(page, 'Goals').getByRole('button', { name: 'Show in every panel' }).first().click();
  await panel(page, 'Pages').getByRole('columnheader', { name: 'Conversion rate' }).waitFor();
  await settled(page);
  const row = panel(page, 'Pages').getByRole('row', { name: '/thank-you' });
  expect(await row.getByRole('cell').allTextContents()).toEqual([
    String(site.truth.buyers),
    '100.0%',
    '100.0%',
  ]);
  for (const title of ['Sources', 'Devices', 'Events']) {
    await panel(page, title).getByRole('columnheader', { name: 'Conversions' }).waitFor();
  }
  await page.getByText('Goal: Purchase').waitFor();
  expect(await violations(page)).toEqual([]);

  await page.locator('main').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('Escape');
  await panel(page, 'Pages').getByRole('columnheader', { name: 'Visitors' }).waitFor();
  expect(page.url()).not.toContain('goal=');
  await context.close();
});

test('the map is walked by arrows, zoomed by plus, and filters by Enter', async () => {
  const { page, context } = await site.open('/overview?period=all', { height: 800 });
  const map = page.getByRole('group', { name: 'Visitors by country' });
  await map.waitFor();

  await map.locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  const second = await focusedName(page);
  await page.keyboard.press('ArrowLeft');
  const first = await focusedName(page);
  await page.keyboard.press('+');
  expect(await map.locator('g').getAttribute('transform')).toContain('scale(1.6)');
  await page.keyboard.press('Enter');
  await page.waitForURL(/f=country:is:[A-Z]{2}/);
  await settled(page);

  const visitorsOf = (name: string) => Number(/: ([\d,]+) Visitors/.exec(name)?.[1]?.replace(',', ''));
  expect(visitorsOf(first)).toBeGreaterThanOrEqual(visitorsOf(second));
  expect(await stat(page, 'Visitors').textContent()).toContain(format.compact(visitorsOf(first)));
  await page.getByRole('button', { name: `Country is ${first.split(':', 1)[0]}`, exact: true }).waitFor();
  await context.close();
});

test('the compared line has its legend, a rate moves by points and a count by percent', async () => {
  const { page, context } = await site.open('/overview?from=2026-11-01&to=2026-11-14', SHORT);

  await page.locator('.key').getByText('Compared period', { exact: true }).waitFor();
  expect(await stat(page, 'Bounce rate').locator('.change').textContent()).toMatch(/^[+−]?\d+\.\d pts$/);
  expect(await stat(page, 'Visitors').locator('.change').textContent()).toMatch(/^[↑↓→] \d+\.\d%$/);
  await context.close();
});

test('a click on the number of those who dropped off from a funnel opens their list', async () => {
  const { page, context } = await site.open(`/funnels?from=2026-10-01&to=2026-10-31&funnel=${BUYING}`);

  const dropped = page.getByRole('button', { name: /^[\d,]+ dropped off after Add to cart: show them$/ });
  const count = await dropped.textContent();
  await dropped.click();
  const people = page.getByRole('dialog', { name: 'Visitors at step 2' });
  await people.getByRole('button', { name: 'Dropped off here', pressed: true }).waitFor();
  await people.getByRole('link').first().waitFor();
  expect(await people.getByRole('link').count()).toBe(Number(count));
  expect(await violations(page)).toEqual([]);
  await context.close();
});

test('a broken down funnel has its groups in numbers beneath, also those that are not drawn', async () => {
  const { page, context } = await site.open(`/funnels?from=2026-10-01&to=2026-10-31&funnel=${BUYING}`);

  await page.getByRole('combobox', { name: 'Break down by' }).selectOption('country');
  const said = await page.getByText(/^Drawn: 5 of \d+$/).textContent();
  const groups = page.getByRole('region', { name: 'Share of each group’s first step, and visitors' });
  expect(await groups.getByRole('rowheader').count()).toBe(Number(said?.split(' ').at(-1)));
  await groups.getByRole('row', { name: /^Germany \d+ [\d.]+% \d+ [\d.]+% \d+$/ }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 2_000 });
  expect(await sticksOutBy(page)).toBe(0);
  await context.close();
});

test('a note is made, opened, changed and deleted by keyboard alone', async () => {
  const { page, context, complaints } = await site.open('/overview?from=2026-11-01&to=2026-11-21', SHORT);

  // A box takes the focus once it is open.
  const open = async () => {
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('[popover], dialog'));
  };

  await page.getByRole('button', { name: 'Add a note' }).focus();
  await open();
  await page.getByRole('textbox', { name: 'What happened' }).focus();
  await page.keyboard.type('Campaign began');
  await page.getByLabel('Day').fill('2026-11-12');
  await page.getByRole('button', { name: 'Save' }).focus();
  await page.keyboard.press('Enter');
  const mark = page.getByRole('button', { name: /^Notes of Thu,? 12 Nov: Campaign began$/ });
  await mark.waitFor();
  expect(await violations(page)).toEqual([]);

  await mark.focus();
  await open();
  await page.getByRole('button', { name: 'Change the note “Campaign began”' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'What happened' }).fill('Campaign ended');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Notes of Thu,? 12 Nov: Campaign ended$/ }).focus();
  await open();
  await page.getByRole('button', { name: 'Delete the note “Campaign ended”' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Notes of/ }).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await context.close();
});

test('the details are searched, sorted both ways, linked to, and taken away as CSV', async () => {
  const { page, context } = await site.open('/overview?period=all&details=page', SHORT);
  const dialog = page.getByRole('dialog', { name: 'Page' });
  const visitors = async () =>
    (await dialog.locator('tbody tr td:nth-child(2)').allTextContents()).map((text) =>
      Number(text.replace(',', '')),
    );

  await dialog.getByRole('searchbox').fill('/product/');
  await page.waitForURL(/find=\/product\//);
  await settled(page);
  await dialog.getByRole('button', { name: 'Visitors' }).click();
  await page.waitForURL(/sort=-visitors/);
  await dialog
    .getByRole('columnheader', { name: 'Visitors' })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  await settled(page);
  const rising = await visitors();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/);

  expect(rising).toEqual(rising.toSorted((a, b) => a - b));
  expect(rising.length).toBeGreaterThan(3);
  expect(lines).toHaveLength(1 + rising.length);
  expect(lines[1]).toContain('/product/');
  await context.close();
});

test('each letter has its period, and the arrows their neighbours', async () => {
  const { page, context } = await site.open('/overview', SHORT);
  const periods = {
    d: 'Today',
    e: 'Yesterday',
    w: 'Last 7 days',
    f: 'Last 28 days',
    t: 'Last 30 days',
    m: 'This month',
    p: 'Last month',
    y: 'Year to date',
    a: 'All time',
  };

  for (const [key, name] of Object.entries(periods)) {
    await page.keyboard.press(key);
    await page.getByRole('button', { name: `Period: ${name}` }).waitFor();
  }
  await page.getByRole('button', { name: /^Period:/ }).click();
  const menu = await page.getByRole('dialog', { name: /^Period:/ }).textContent();
  for (const key of [...Object.keys(periods), 'c', 'r']) expect(menu).toContain(key.toUpperCase());
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await page.waitForFunction(() => document.activeElement?.id === 'period-from');
  await page.keyboard.press('Escape');
  await page.keyboard.press('w');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Compare with: No comparison' }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL(/from=\d{4}-\d\d-\d\d/);
  const earlier = new URL(page.url()).searchParams.get('to') ?? '';
  await page.keyboard.press('ArrowRight');
  await page.waitForURL((url) => (url.searchParams.get('from') ?? '') > earlier);
  await page.keyboard.press('r');
  await page.getByRole('heading', { name: 'Live', exact: true }).waitFor();
  await page.keyboard.press('d');
  await page.waitForURL(/\/overview\?.*period=today/);
  await context.close();
});

test('old numbers stay, dimmed, until the new ones are there; what fails says so and is tried again', async () => {
  const { page, context } = await site.open('/overview?period=all', SHORT);
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/reports/overview', async (route) => {
    await gate;
    await route.continue();
  });
  await page.route('**/reports/breakdown', (route) => route.abort());

  const height = async () => (await panel(page, 'Visitors').first().boundingBox())?.height;
  const before = await height();
  expect(before).toBeGreaterThan(100);

  await page.keyboard.press('y');
  await page.waitForFunction(() => {
    const old = document.querySelector('.report-old .stats')?.closest('.report-old');
    return old && Number(getComputedStyle(old).opacity) < 1;
  });
  expect(await height()).toBe(before);
  release();
  const failed = panel(page, 'Sources').getByRole('alert');
  await failed.getByText('This could not be loaded').waitFor({ timeout: 30_000 });
  await page.unroute('**/reports/breakdown');
  await failed.getByRole('button', { name: 'Retry' }).click();
  await panel(page, 'Sources')
    .getByRole('row', { name: /Direct/ })
    .waitFor();
  await context.close();
});

test('events and properties: a value of a property that came filters the page', async () => {
  const { page, context } = await site.open('/overview?period=all&tabs=property', TO_EVENTS);

  await page.getByRole('combobox', { name: 'Property' }).selectOption('category');
  await panel(page, 'Events').getByRole('button', { name: 'shoes' }).click();
  await page.waitForURL(/f=property%3Acategory:is:shoes|f=property.*category:is:shoes/);
  await settled(page);
  await context.close();
});
