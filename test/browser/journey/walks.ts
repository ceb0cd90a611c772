/** Visitors who walk the demo shop in a real browser, each from an address of their own. */
import type { Browser, Page } from 'playwright';
import { expect, vi } from 'vitest';
import { startNamingProxy } from './naming-proxy.ts';

/**
 * Does something in the shop and resolves once the page has said what it had to say. `counted` resolves once the
 * collector has taken the page view of a path: no person goes on faster, and a view of less than 50 ms counts as none.
 */
export type Walk = (page: Page, shopUrl: string, counted: (path: string) => Promise<void>) => Promise<void>;

/**
 * What a browser says that nobody drives: a headless one names itself, and would be counted as the bot that it is. As a
 * switch of the whole browser, for requests that outlive their page do not know what Playwright told the page.
 */
export const AS_IF_DRIVEN_BY_NOBODY = [
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
];

/**
 * Opens a fresh browser profile behind a proxy that names `address`, walks, and leaves. Resolves once the collector has
 * taken what the page sends last of all, the engagement of the page it leaves: Playwright does not see that request.
 */
export async function visit(browser: Browser, shopUrl: string, address: string, walk: Walk): Promise<void> {
  const proxy = await startNamingProxy(address);
  const context = await browser.newContext({ proxy: { server: proxy.url, bypass: '<-loopback>' } });
  const page = await context.newPage();
  const taken = (event: { kind: string; url: string }) =>
    vi.waitFor(
      () =>
        expect(proxy.taken.flatMap(({ events }) => events)).toContainEqual(expect.objectContaining(event)),
      { timeout: 10_000, interval: 20 },
    );
  await walk(page, shopUrl, (path) => taken({ kind: 'page_view', url: shopUrl + path }));
  const lastUrl = page.url();
  await page.goto('about:blank');
  await taken({ kind: 'engagement', url: lastUrl });
  await context.close();
  await proxy.stop();
}

export const buysShoes: Walk = async (page, shop, counted) => {
  await page.goto(`${shop}/demo/`);
  await page.getByRole('link', { name: 'Look at shoes' }).click();
  await page.getByRole('link', { name: /City sneaker/ }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('is in your cart').waitFor();
  await page.getByRole('link', { name: /^Cart/ }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await page.getByRole('button', { name: 'To delivery' }).click();
  await counted('/demo/checkout/delivery');
  await page.getByRole('button', { name: 'To payment' }).click();
  await counted('/demo/checkout/payment');
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.getByText(/over € 64\.50/).waitFor();
};

export const fillsACart: Walk = async (page, shop) => {
  await page.goto(`${shop}/demo/`);
  await page.getByRole('link', { name: /Day pack/ }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('is in your cart').waitFor();
};

export const looksAtOneProduct: Walk = async (page, shop) => {
  await page.goto(`${shop}/demo/product/camp-mug`);
  await page.getByRole('heading', { name: 'Camp mug' }).waitFor();
};

export const looksIn: Walk = async (page, shop) => {
  await page.goto(`${shop}/demo/`);
  await page.getByRole('heading', { name: /Goods for going places/ }).waitFor();
};
