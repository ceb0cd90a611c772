import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { settled, violations } from './open-app.ts';
import { format, panel, type SampleSite, SHORT, send, startSampleSite } from './sample-site.ts';

// What an owner sets on the sample site, and what they look up while they set it up.

vi.setConfig({ testTimeout: 120_000 });

let site: SampleSite;
beforeAll(async () => {
  site = await startSampleSite();
}, 180_000);
afterAll(() => site?.stop());

test('a plan is made of what arrived, and the data’s quality stands beside it', async () => {
  const { page, context, complaints } = await site.open('/settings?tab=plan&period=all');

  await page.getByRole('row', { name: /^Stored/ }).waitFor();
  expect(await page.getByRole('row', { name: /^Stored/ }).textContent()).toContain(
    format.compact(site.truth.events),
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
  const { page, context } = await site.open('/settings?tab=collection');
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
  await page.goto(`${site.server.url}/sites/sample/settings?tab=audit`);
  await page
    .getByRole('row', { name: /Deleted events.*\/shipping/ })
    .first()
    .waitFor();
  await context.close();
});

test('a member is invited by a link, made an analyst, taken out; the audit log tells it', async () => {
  const { page, context, complaints } = await site.open('/settings?tab=members');

  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  const link = (await page.locator('code.code').textContent()) ?? '';
  await page.getByRole('combobox', { name: 'Role of ada@example.com' }).selectOption('analyst');
  const invited = await site.browser.newPage();
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
  expect((await invited.request.get(`${site.server.url}/api/me`)).status()).toBe(401);
  expect(complaints).toEqual([]);
  await invited.context().close();
  await context.close();
});

test('the last owner cannot step down, and is told why', async () => {
  const { page, context } = await site.open('/settings?tab=members');

  await page.getByRole('combobox', { name: 'Role of owner@localhost' }).selectOption('viewer');
  await page.getByText('This is the last owner: make somebody else an owner first').waitFor();
  await context.close();
});

test('what arrives shows beside what is dropped, each with all that is known of it', async () => {
  const { page, context, complaints } = await site.open('/live');
  await page.getByText('Connected').waitFor();

  await send(site.server, 'sample', { name: 'Sign up', properties: { plan: 'goldsmith' } });
  await send(site.server, 'sample', { name: '' });
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

test('a new site waits for its first page view, tells why what came does not count, and sees it', async () => {
  const { page, context } = await site.open('/overview?period=all', SHORT);

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
  await send(
    site.server,
    'blog.example',
    { kind: 'page_view', name: undefined, title: 4 },
    'https://blog.example/',
  );
  await page.getByText('Something arrived and was dropped.').waitFor();
  await send(site.server, 'blog.example', { kind: 'page_view', name: undefined }, 'https://blog.example/');
  await page.getByText('It works: events have been arriving').waitFor({ timeout: 90_000 });
  await context.close();
}, 120_000);

test('a viewer is offered nothing that they may not do', async () => {
  const program = join(import.meta.dirname, '../../../.build/server/user.js');
  const { stdout } = spawnSync(process.execPath, [program, 'invite', 'vera@example.com', 'viewer'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, FOOTFALL_DATA: site.server.dataDirectory },
  });
  const context = await site.browser.newContext({ locale: 'de-DE', viewport: { width: 390, height: 700 } });
  const page = await context.newPage();
  await page.goto(stdout.trim());
  await page.getByLabel(/New password/).fill('a long enough password');
  await page.getByRole('button').click();
  await page.goto(`${site.server.url}/sites/sample/overview?period=all`);
  await settled(page);

  await page.getByRole('button', { name: /^Besucher / }).waitFor();
  expect(await page.getByRole('button', { name: 'Notiz hinzufügen' }).count()).toBe(0);
  await page.goto(`${site.server.url}/sites/sample/settings?tab=members`);
  await page.getByText('Mitglieder verwalten Inhaber und Admins.').waitFor();
  await context.close();
});
