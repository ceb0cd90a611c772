import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { CATEGORIES, findProduct, PRODUCTS } from './catalogue.ts';
import {
  cartPage,
  categoryPage,
  checkoutPage,
  homePage,
  notFoundPage,
  productPage,
  type ShopFrame,
  thankYouPage,
} from './pages.ts';

/** As strict as a careful owner's: the snippet must work under it, without a nonce or `unsafe-inline`. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:";

/** The site that the shop's visits show up in: a developer's own clicks count there. */
export const DEMO_SITE = {
  site_id: 'demo',
  name: 'Demo shop',
  currency: 'EUR',
  settings: JSON.stringify({ countTestEvents: true }),
} as const;

/** Serves the demo shop under `/demo`: real pages, and a checkout that is a single-page application. */
export function createDemoShop(shop: ShopFrame): Hono {
  const styles = readFileSync(join(import.meta.dirname, 'shop.css'), 'utf8');
  const script = readFileSync(join(import.meta.dirname, 'shop.js'), 'utf8');
  const app = new Hono();
  app.use('/demo/*', async (c, next) => {
    await next();
    c.header('content-security-policy', CONTENT_SECURITY_POLICY);
    c.header('cache-control', 'no-cache');
    // Chromium then tells the system's version, which its user agent no longer does.
    c.header('accept-ch', 'Sec-CH-UA-Platform-Version');
  });
  app.get('/demo', (c) => c.redirect('/demo/'));
  app.get('/demo/', (c) => c.html(homePage(shop)));
  app.get('/demo/category/:id', (c) => {
    const category = CATEGORIES.find(({ id }) => id === c.req.param('id'));
    return category ? c.html(categoryPage(shop, category)) : c.html(notFoundPage(shop), 404);
  });
  app.get('/demo/product/:id', (c) => {
    const product = findProduct(c.req.param('id'));
    return product ? c.html(productPage(shop, product)) : c.html(notFoundPage(shop), 404);
  });
  app.get('/demo/cart', (c) => c.html(cartPage(shop)));
  app.get('/demo/checkout', (c) => c.html(checkoutPage(shop)));
  app.get('/demo/checkout/:step', (c) => c.html(checkoutPage(shop)));
  app.get('/demo/thank-you', (c) => c.html(thankYouPage(shop)));
  app.get('/demo/catalogue.json', (c) => c.json(PRODUCTS));
  app.get('/demo/shop.css', (c) => c.body(styles, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/demo/shop.js', (c) => c.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/demo/*', (c) => c.html(notFoundPage(shop), 404));
  return app;
}
