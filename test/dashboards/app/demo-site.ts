import type { Browser } from 'playwright';
import { launchBrowser } from '../../browser/browser.ts';
import {
  AS_IF_DRIVEN_BY_NOBODY,
  buysShoes,
  fillsACart,
  looksAtOneProduct,
  looksIn,
  visit,
} from '../../browser/journey/walks.ts';
import { startTestServer, type TestServer } from '../../server.ts';
import { createOpen } from './open-app.ts';

export type Site = {
  server: TestServer;
  browser: Browser;
  open: ReturnType<typeof createOpen>;
  stop(): Promise<void>;
};

/** The demo shop, which three visitors have walked: one bought and came again, one filled a cart, one looked at a product. */
export async function startDemoSite(): Promise<Site> {
  const server = await startTestServer({
    env: { FOOTFALL_DEMO: 'on', FOOTFALL_TRUSTED_PROXIES: '127.0.0.1' },
  });
  const browser = await launchBrowser(AS_IF_DRIVEN_BY_NOBODY);
  const cookie = await server.signIn();
  await visit(browser, server.url, '203.0.113.10', buysShoes);
  await visit(browser, server.url, '198.51.100.20', fillsACart);
  await visit(browser, server.url, '192.0.2.30', looksAtOneProduct);
  await visit(browser, server.url, '203.0.113.10', looksIn);
  return {
    server,
    browser,
    open: createOpen(() => ({ server, browser, cookie }), 'demo'),
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

export const FUNNEL = encodeURIComponent(
  '{"s":[{"a":["/demo/product/*"]},{"a":["Add to cart"]},{"a":["/demo/checkout"]},{"a":["Purchase"]}]}',
);
/** Who bought, of those who put something into their cart, by device. */
export const QUESTION = encodeURIComponent(
  '{"s":[{"e":"Add to cart","m":"people"},{"e":"Purchase","m":"people"}],"r":[2,1],"by":["device"],"i":"whole"}',
);
/** Who put something into their cart and bought nothing. */
export const SEGMENT = encodeURIComponent(
  '{"kind":"group","join":"and","items":[{"kind":"behaviour","what":"Add to cart"},{"kind":"behaviour","what":"Purchase","isNot":true}]}',
);
