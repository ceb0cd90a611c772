import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { joinDatabase } from '../../../collector/database.ts';
import { createFormat } from '../../../dashboards/words/format.ts';
import { launchBrowser } from '../../browser/browser.ts';
import { runSample } from '../../sample/sample.ts';
import type { Truth } from '../../sample/truth.ts';
import { startTestServer, type TestServer } from '../../server.ts';
import { createOpen, settled, violations } from './open-app.ts';

// What an owner does on the sample site, whose figures are known before it is sent.

let server: TestServer;
let database: ReturnType<typeof joinDatabase>;
let browser: Browser;
let cookie: string;
let truth: Truth;
const format = createFormat('en-GB');
/** Of the overview only the graph and the first two panels are near. */
const SHORT = { height: 500 };

vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  server = await startTestServer();
  database = joinDatabase(join(server.dataDirectory, 'clickhouse'));
  [browser, cookie] = await Promise.all([launchBrowser(), server.signIn()]);
  const sample = await runSample({
    storage: database.storage,
    url: server.url,
    siteId: 'sample',
    truthFile: join(server.dataDirectory, 'truth.json'),
    people: 150,
    days: 60,
    endsAt: Date.UTC(2026, 10, 22),
    seed: 11,
  });
  truth = sample.truth;
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await database?.close();
  await server?.stop();
});

const open = createOpen(() => ({ server, browser, cookie }), 'sample');

const stat = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) });
const panel = (page: Page, title: string) =>
  page.locator('section.panel').filter({ has: page.getByRole('heading', { name: new RegExp(`^${title}`) }) });

test('the figures on screen are the sample’s truth', async () => {
  const { page, context, complaints } = await open('/overview?period=all');

  expect(await stat(page, 'Visitors').textContent()).toContain(format.compact(truth.visitors));
  expect(await stat(page, 'Sessions').textContent()).toContain(format.compact(truth.sessions));
  expect(await stat(page, 'Page views').textContent()).toContain(format.compact(truth.pageViews));
  expect(await stat(page, 'Bounce rate').textContent()).toContain(
    format.percent(truth.bounces / truth.sessions),
  );
  expect(await stat(page, 'Engaged time').textContent()).toContain(
    format.duration(truth.engagedMs / truth.sessions),
  );
  await panel(page, 'Goals').getByText(`${truth.buyers} of ${truth.visitors}`).waitFor();
  await page.getByText(format.number(truth.funnel[0]), { exact: true }).first().waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('each number has its course, and switches the graph and the address', async () => {
  const { page, context } = await open('/overview?period=all', SHORT);

  expect(await page.locator('.stat .sparkline').count()).toBe(6);
  await stat(page, 'Page views').click();
  await page.getByRole('img', { name: 'Page views over time' }).waitFor();
  expect(page.url()).toContain('metric=page_views');
  await page.getByRole('button', { name: 'Weeks' }).click();
  await page.waitForURL(/interval=week/);
  await context.close();
});

test('a goal turns every panel into a conversion report, stands among the filters, and goes by Escape', async () => {
  const { page, context } = await open('/overview?period=all');

  await panel(page, 'Goals').getByRole('button', { name: 'Show in every panel' }).first().click();
  await panel(page, 'Pages').getByRole('columnheader', { name: 'Conversion rate' }).waitFor();
  await settled(page);
  const row = panel(page, 'Pages').getByRole('row', { name: '/thank-you' });
  expect(await row.getByRole('cell').allTextContents()).toEqual([String(truth.buyers), '100.0%', '100.0%']);
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
  const { page, context } = await open('/overview?period=all');
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

const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

test('a note is made, opened, changed and deleted by keyboard alone', async () => {
  const { page, context, complaints } = await open('/overview?from=2026-11-01&to=2026-11-21', SHORT);

  await page.getByRole('button', { name: 'Add a note' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'What happened' }).focus();
  await page.keyboard.type('Campaign began');
  await page.getByLabel('Day').fill('2026-11-12');
  await page.getByRole('button', { name: 'Save' }).focus();
  await page.keyboard.press('Enter');
  const mark = page.getByRole('button', { name: /^Notes of Thu,? 12 Nov: Campaign began$/ });
  await mark.waitFor();
  expect(await violations(page)).toEqual([]);

  await mark.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Change the note “Campaign began”' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'What happened' }).fill('Campaign ended');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Notes of Thu,? 12 Nov: Campaign ended$/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete the note “Campaign ended”' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Notes of/ }).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await context.close();
});

test('the details are searched, sorted both ways, linked to, and taken away as CSV', async () => {
  const { page, context } = await open('/overview?period=all&details=page', SHORT);
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
  const { page, context } = await open('/overview', SHORT);
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
  await page.keyboard.press('r');
  await page.getByRole('heading', { name: 'Live', exact: true }).waitFor();
  await page.keyboard.press('d');
  await page.waitForURL(/\/overview\?.*period=today/);
  await context.close();
});

test('old numbers stay, dimmed, until the new ones are there; what fails says so and is tried again', async () => {
  const { page, context } = await open('/overview?period=all', SHORT);
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/reports/overview', async (route) => {
    await gate;
    await route.continue();
  });
  await page.route('**/reports/breakdown', (route) => route.abort());

  await page.keyboard.press('y');
  await page.waitForFunction(() => {
    const old = document.querySelector('.report-old .stats')?.closest('.report-old');
    return old && Number(getComputedStyle(old).opacity) < 1;
  });
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
  const { page, context } = await open('/overview?period=all&tabs=property');

  await page.getByRole('combobox', { name: 'Property' }).selectOption('category');
  await panel(page, 'Events').getByRole('button', { name: 'shoes' }).click();
  await page.waitForURL(/f=property%3Acategory:is:shoes|f=property.*category:is:shoes/);
  await settled(page);
  await context.close();
});

test('a plan is made of what arrived, and the data’s quality stands beside it', async () => {
  const { page, context, complaints } = await open('/settings?tab=plan&period=all');

  await page.getByRole('row', { name: /^Stored/ }).waitFor();
  expect(await page.getByRole('row', { name: /^Stored/ }).textContent()).toContain(
    format.compact(truth.events),
  );
  await page.getByRole('button', { name: 'Take over what has arrived' }).click();
  await page.getByRole('radio', { name: 'Store and mark them' }).check();
  await page.getByRole('group', { name: 'Purchase' }).getByRole('checkbox').first().check();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.reload();
  await page.getByRole('group', { name: 'Add to cart' }).waitFor();
  expect(await page.getByRole('radio', { name: 'Store and mark them' }).isChecked()).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

test('events are counted first, then deleted for good, and the log says which', async () => {
  const { page, context } = await open('/settings?tab=collection');
  const deletion = panel(page, 'Delete events');

  await deletion.getByRole('textbox', { name: 'Name' }).fill('/shipping');
  await deletion.getByRole('button', { name: 'Count them first' }).click();
  const confirm = deletion.getByLabel(/^Type \d+ to confirm/);
  await confirm.waitFor();
  const remove = deletion.getByRole('button', { name: 'Delete for good' });
  expect(await remove.isDisabled()).toBe(true);
  const label = (await deletion.getByText(/^Type \d+ to confirm/).textContent()) ?? '';
  const count = /\d+/.exec(label)?.[0] ?? '';
  await confirm.fill(count);
  await remove.click();
  await deletion.getByText(`Deleted: ${count} events.`).waitFor();
  await page.goto(`${server.url}/sites/sample/settings?tab=audit`);
  await page
    .getByRole('row', { name: /Deleted events.*\/shipping/ })
    .first()
    .waitFor();
  await context.close();
});

test('a member is invited by a link, made an analyst, taken out; the audit log tells it', async () => {
  const { page, context, complaints } = await open('/settings?tab=members');

  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  const link = (await page.locator('code.code').textContent()) ?? '';
  await page.getByRole('combobox', { name: 'Role of ada@example.com' }).selectOption('analyst');
  const invited = await browser.newPage();
  await invited.goto(link);
  await invited.getByLabel(/New password/).fill('a long enough password');
  await invited.getByRole('button').click();
  await invited.locator('main').waitFor();
  await page.getByRole('button', { name: 'Remove ada@example.com' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('ada@example.com').first().waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Audit log' }).click();
  await page.getByRole('row', { name: /Removed a member.*ada@example.com/ }).waitFor();
  await page.getByRole('row', { name: /Invited.*ada@example.com/ }).waitFor();
  await page.getByRole('row', { name: /ada@example.com.*Signed in/ }).waitFor();
  expect((await invited.request.get(`${server.url}/api/me`)).status()).toBe(401);
  expect(complaints).toEqual([]);
  await invited.context().close();
  await context.close();
});

test('the last owner cannot step down, and is told why', async () => {
  const { page, context } = await open('/settings?tab=members');

  await page.getByRole('combobox', { name: 'Role of owner@localhost' }).selectOption('viewer');
  await page.getByText('This is the last owner: make somebody else an owner first').waitFor();
  await context.close();
});

test('what arrives shows beside what is dropped, each with all that is known of it', async () => {
  const { page, context, complaints } = await open('/live');
  await page.getByText('Connected').waitFor();

  await send('sample', { name: 'Sign up', properties: { plan: 'goldsmith' } });
  await send('sample', { name: '' });
  const stored = page
    .getByRole('region', { name: /^Stored/ })
    .locator('summary')
    .filter({ hasText: 'Sign up' });
  await stored.waitFor();
  await stored.click();
  await page.getByText('plan', { exact: true }).waitFor();
  await page.getByText('received_time').waitFor();
  const dropped = page.getByRole('region', { name: /^Dropped/ });
  await dropped.getByText('Malformed').first().click();
  await dropped
    .getByText(/Expected/)
    .first()
    .waitFor();
  await page.getByRole('searchbox', { name: 'Containing' }).fill('goldsmith');
  await page.waitForURL(/find=goldsmith/);
  await page
    .getByRole('region', { name: /^Dropped/ })
    .getByText('Nothing that arrived contains this.')
    .waitFor();
  expect(await violations(page)).toEqual([]);
  expect(complaints.filter((one) => !one.includes('ERR_INCOMPLETE_CHUNKED'))).toEqual([]);
  await context.close();
});

/** One custom event through the collector's door, as a page of the shop would send it. */
async function send(site: string, event: Record<string, unknown>, url = 'https://gangway.example/join') {
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

test('a new site waits for its first page view, tells why what came does not count, and sees it', async () => {
  const { page, context } = await open('/overview?period=all', SHORT);

  await page.getByRole('button', { name: /^Choose a site/ }).click();
  await page.getByRole('link', { name: 'Add a site' }).click();
  await page.getByLabel('Name').fill('Blog');
  await page.getByLabel('The site’s address').fill('https://blog.example/');
  await page.getByRole('button', { name: 'Add a site' }).click();
  await page.getByText('Waiting for the first page view').waitFor();
  await page.getByText('data-site="blog.example"').waitFor();
  await page.getByLabel('Address of one of your pages').fill('localhost:3000');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByText('On localhost events are marked as tests').first().waitFor();
  await send('blog.example', { kind: 'page_view', name: undefined, title: 4 }, 'https://blog.example/');
  await page.getByText('Something arrived and was dropped.').waitFor();
  await send('blog.example', { kind: 'page_view', name: undefined }, 'https://blog.example/');
  await page.getByText('It works: events have been arriving').waitFor({ timeout: 90_000 });
  await context.close();
}, 120_000);

test('a viewer is offered nothing that they may not do', async () => {
  const program = join(import.meta.dirname, '../../../.build/server/user.js');
  const { stdout } = spawnSync(process.execPath, [program, 'invite', 'vera@example.com', 'viewer'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, FOOTFALL_DATA: server.dataDirectory },
  });
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 390, height: 700 } });
  const page = await context.newPage();
  await page.goto(stdout.trim());
  await page.getByLabel(/New password/).fill('a long enough password');
  await page.getByRole('button').click();
  await page.goto(`${server.url}/sites/sample/overview?period=all`);
  await settled(page);

  await page.getByRole('button', { name: /^Besucher / }).waitFor();
  expect(await page.getByRole('button', { name: 'Notiz hinzufügen' }).count()).toBe(0);
  await page.goto(`${server.url}/sites/sample/settings?tab=members`);
  await page.getByText('Mitglieder verwalten Inhaber und Admins.').waitFor();
  await context.close();
});
