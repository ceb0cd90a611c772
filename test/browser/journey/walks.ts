/** Visitors who walk the demo shop in a real browser, each from an address of their own. */
import type { Browser, Page } from 'playwright';
import { startNamingProxy } from './naming-proxy.ts';

/** Does something in the shop and resolves once the page has said what it had to say. */
export type Walk = (page: Page, shopUrl: string) => Promise<void>;

/** What a browser says that nobody drives: a headless one names itself, and would be counted as the bot that it is. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/**
 * Opens a fresh browser profile behind a proxy that names `address`, walks, and leaves. Throws if a request to `/events`
 * is answered otherwise than with 202; the answer to one that outlives its page is not seen here.
 */
export async function visit(browser: Browser, shopUrl: string, address: string, walk: Walk): Promise<void> {
  const proxy = await startNamingProxy(address);
  const context = await browser.newContext({
    userAgent: USER_AGENT,
    proxy: { server: proxy.url, bypass: '<-loopback>' },
  });
  const page = await context.newPage();
  const answers: Promise<number | undefined>[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/events')
      answers.push(request.response().then((answer) => answer?.status()));
  });
  await walk(page, shopUrl);
  await page.goto('about:blank');
  const statuses = await Promise.all(answers);
  if (statuses.some((status) => status !== undefined && status !== 202))
    throw new Error(`Expected 202 for every request, got ${statuses}`);
  await context.close();
  await proxy.stop();
}

export const buysShoes: Walk = async (page, shop) => {
  await page.goto(`${shop}/demo/`);
  await page.getByRole('link', { name: 'Look at shoes' }).click();
  await page.getByRole('link', { name: /City sneaker/ }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('is in your cart').waitFor();
  await page.getByRole('link', { name: /^Cart/ }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await page.getByRole('button', { name: 'To delivery' }).click();
  await page.getByRole('button', { name: 'To payment' }).click();
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
