import { execFileSync } from 'node:child_process';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../server.ts';
import { launchBrowser } from '../browser.ts';
import { AS_IF_DRIVEN_BY_NOBODY, buysShoes, fillsACart, looksAtOneProduct, looksIn, visit } from './walks.ts';

const TODAY = { period: { preset: 'today' } };
const FUNNEL = {
  ...TODAY,
  steps: [
    { page: { match: 'wildcard', path: '/demo/product/*' } },
    { event: 'Add to cart' },
    { page: { match: 'exact', path: '/demo/checkout' } },
    { event: 'Purchase' },
  ],
};

let server: TestServer;
let browser: Browser;
let cookie: string;

/** Four visits of three visitors: the fourth shares the first one's address and browser. */
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

type Answer = { rows: Record<string, unknown>[]; totals?: Record<string, unknown> };

async function report(name: string, parameters: object): Promise<Answer> {
  const answer = await fetch(`${server.url}/api/sites/demo/reports/${name}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify(parameters),
  });
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  // The reports' own tests pin their shapes; here only the figures matter.
  return (await answer.json()) as Answer;
}

/** A 202 means on disk; in the reports it is within two seconds (test/faults/once.test.ts), on a machine with time. */
const soon = { timeout: 30_000, interval: 100 };

test('the overview counts three visitors in three sessions, and one bounce', async () => {
  await vi.waitFor(async () => {
    const { totals } = await report('overview', TODAY);

    expect(totals).toMatchObject({ visitors: 3, sessions: 3, page_views: 12, bounce_rate: 1 / 3 });
  }, soon);
});

test('the funnel shows where each of them stopped', async () => {
  await vi.waitFor(async () => {
    const { rows } = await report('funnel', FUNNEL);

    expect(rows.map(({ people }) => people)).toEqual([3, 2, 1, 1]);
  }, soon);
});

test('one in three converts', async () => {
  await vi.waitFor(async () => {
    const { totals } = await report('conversion', { ...TODAY, goal: { event: 'Purchase' } });

    const revenue = [{ currency: 'EUR', amount: 64.5 }];
    expect(totals).toMatchObject({ visitors: 3, conversions: 1, revenue });
  }, soon);
});

test('the dashboard shows the same figures to whoever is signed in', async () => {
  // Panels ask for their figures when the reader comes near: this window holds them all.
  const context = await browser.newContext({ viewport: { width: 1_280, height: 4_000 } });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();

  await page.goto(`${server.url}/sites/demo/overview?period=today`);

  for (const figure of ['Visitors 3', 'Sessions 3', 'Page views 12', 'Bounce rate 33.3%']) {
    await page.getByRole('button', { name: figure, exact: true }).waitFor();
  }
  for (const bar of ['/demo/product/*: 3 visitors', 'Add to cart: 2 visitors', 'Purchase: 1 visitor']) {
    await page.getByRole('img', { name: bar }).waitFor();
  }
  await page.getByText('1 of 3', { exact: true }).first().waitFor();
  await context.close();
});

test('no address is anywhere on the disk', async () => {
  const found = execFileSync('sh', [
    '-c',
    `grep -rlaE '203\\.0\\.113\\.10|198\\.51\\.100\\.20' "${server.dataDirectory}" || true`,
  ]);

  expect(found.toString()).toBe('');
});
