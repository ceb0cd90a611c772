import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { page as html, type Site, startSite, tag } from '../site.ts';

let site: Site;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  site = await startSite({
    '/': html('<a id="next" href="/next">Next</a>', { title: 'Home' }),
    '/next': html('', { title: 'Next' }),
    '/hash': html('', { attributes: 'data-hash' }),
    '/manual': html('', { attributes: 'data-manual' }),
    '/router': html('', { attributes: 'data-query="page|tab"' }),
    '/twice': `<!doctype html><title>Twice</title>${tag()}${tag()}`,
    '/gone': { html: html('', { title: 'Not here' }), status: 404 },
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});
beforeEach(async () => {
  site.clear();
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

const paths = () => site.of('page_view').map(({ url }) => url.slice(site.url.length));

/** Longer than any timer of ours that a navigation starts: what has not left by then will not. */
const settle = () => page.waitForTimeout(700);

test('a load is one page view in one request, without a preflight, in at most 200 bytes of our own', async () => {
  await page.goto(`${site.url}/?utm_source=letter`, { referer: 'https://news.example/story?id=1#top' });
  await settle();

  expect(site.arrived).toHaveLength(1);
  const [{ batch, bytes, contentType } = { batch: undefined, bytes: 0, contentType: '' }] = site.arrived;
  expect(contentType).toBe('text/plain;charset=UTF-8');
  expect(site.preflights).toEqual([]);
  expect(batch).toEqual({
    version: 1,
    site: 'shop',
    sentAt: expect.any(Number),
    screenWidth: 1280,
    test: true,
    events: [
      {
        kind: 'page_view',
        id: expect.stringMatching(/^[0-9a-z]{18,}$/),
        at: expect.any(Number),
        url: `${site.url}/?utm_source=letter`,
        referrer: 'https://news.example/story',
        title: 'Home',
      },
    ],
  });
  const strings = [`${site.url}/?utm_source=letter`, 'https://news.example/story', 'Home'].join('');
  expect(bytes - strings.length).toBeLessThanOrEqual(200);
});

test('a pushState is one page view, in one request with the engagement of the page it leaves', async () => {
  await page.goto(`${site.url}/`);
  await site.until(() => expect(site.arrived).toHaveLength(1));
  await page.evaluate(() => {
    history.pushState({}, '', '/products');
    // Routers call history twice, and set the title last.
    history.replaceState({ scroll: 0 }, '', '/products');
    setTimeout(() => {
      document.title = 'Products';
    });
  });
  await settle();

  expect(site.arrived).toHaveLength(2);
  expect(site.arrived[1]?.batch.events).toEqual([
    expect.objectContaining({
      kind: 'engagement',
      url: `${site.url}/`,
      pageView: site.of('page_view')[0]?.id,
    }),
    {
      kind: 'page_view',
      id: expect.any(String),
      at: expect.any(Number),
      url: `${site.url}/products`,
      previousUrl: `${site.url}/`,
      title: 'Products',
    },
  ]);
});

test('back and forward in a single-page application are page views', async () => {
  await page.goto(`${site.url}/`);
  await site.until(() => expect(paths()).toHaveLength(1));
  await page.evaluate(() => history.pushState({}, '', '/products'));
  await site.until(() => expect(paths()).toHaveLength(2));
  await page.evaluate(() => history.back());
  await site.until(() => expect(paths()).toHaveLength(3));
  await settle();

  expect(paths()).toEqual(['/', '/products', '/']);
});

test('replaceState to another path is a page view; to the same, or without its campaign, none', async () => {
  await page.goto(`${site.url}/?utm_source=letter`);
  await site.until(() => expect(paths()).toHaveLength(1));
  await page.evaluate(() => {
    history.replaceState({}, '', '/');
    history.replaceState({}, '', '/#part');
    history.replaceState({}, '', '/?session=17');
  });
  await settle();
  expect(paths()).toEqual(['/?utm_source=letter']);

  await page.evaluate(() => history.replaceState({}, '', '/other'));
  await settle();
  expect(paths()).toEqual(['/?utm_source=letter', '/other']);
});

test('an event right after a navigation belongs to the new page', async () => {
  await page.goto(`${site.url}/`);
  await site.until(() => expect(paths()).toHaveLength(1));
  await page.evaluate(() => {
    history.pushState({}, '', '/products');
    footfall.track('Seen');
  });
  await site.until(() => expect(site.of('custom')).toHaveLength(1));

  const [, products] = site.of('page_view');
  expect(site.of('custom')[0]).toMatchObject({ url: `${site.url}/products`, pageView: products?.id, seq: 1 });
});

test('routes in the fragment count where the site asks for it', async () => {
  await page.goto(`${site.url}/hash#/one`);
  await site.until(() => expect(paths()).toHaveLength(1));
  await page.evaluate(() => {
    location.hash = '#/two';
  });
  await settle();

  expect(paths()).toEqual(['/hash#/one', '/hash#/two']);
});

test('a query-string router is followed by the parameters that the site names, and by no others', async () => {
  await page.goto(`${site.url}/router?page=1`);
  await site.until(() => expect(paths()).toHaveLength(1));
  await page.evaluate(() => history.pushState({}, '', '/router?page=2&modal=open'));
  await site.until(() => expect(paths()).toHaveLength(2));
  await page.evaluate(() => history.pushState({}, '', '/router?page=2&modal=closed'));
  await settle();

  expect(paths()).toEqual(['/router?page=1', '/router?page=2']);
});

test('in manual mode only page() counts', async () => {
  await page.goto(`${site.url}/manual`);
  await page.evaluate(() => history.pushState({}, '', '/manual/two'));
  await settle();
  expect(site.arrived).toHaveLength(0);

  await page.evaluate(() => footfall.page({ area: 'help' }, '/virtual'));
  await settle();
  expect(site.of('page_view')).toEqual([
    expect.objectContaining({ url: `${site.url}/virtual`, properties: { area: 'help' } }),
  ]);
});

test('a page restored from the back-forward cache is a new page view, without the old referrer', async () => {
  await page.goto(`${site.url}/`, { referer: 'https://news.example/' });
  await site.until(() => expect(paths()).toHaveLength(1));
  await page.goto(`${site.otherUrl}/next`);
  await site.until(() => expect(site.of('page_view')).toHaveLength(2));
  await page.evaluate(() => {
    history.back();
  });
  await site.until(() => expect(site.of('page_view')).toHaveLength(3));
  await settle();

  const restored = site.of('page_view')[2];
  expect(await page.evaluate(() => performance.getEntriesByType('navigation')[0]?.toJSON().type)).toBe(
    'navigate',
  );
  expect(restored).toEqual({
    kind: 'page_view',
    id: expect.any(String),
    at: expect.any(Number),
    url: `${site.url}/`,
    title: 'Home',
  });
  expect(site.of('page_view')).toHaveLength(3);
});

test('a link inside the site carries no referrer, one from outside its page without the query', async () => {
  await page.goto(`${site.url}/`);
  await page.click('#next');
  await site.until(() => expect(paths()).toEqual(['/', '/next']));

  expect(site.of('page_view')[1]).not.toHaveProperty('referrer');
});

test('a missing page tells its status', async () => {
  await page.goto(`${site.url}/gone`);
  await site.until(() => expect(paths()).toHaveLength(1));

  expect(site.of('page_view')[0]).toMatchObject({ status: 404, title: 'Not here' });
});

test('a tag that stands in the page twice counts once', async () => {
  await page.goto(`${site.url}/twice`);
  await settle();

  expect(paths()).toEqual(['/twice']);
});
