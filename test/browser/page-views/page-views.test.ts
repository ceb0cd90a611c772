import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { html, openSite, tag, type Visit } from '../site.ts';

const visiting = openSite({
  '/': html('<a id="next" href="/next">Next</a>', { title: 'Home' }),
  '/next': html('', { title: 'Next' }),
  '/hash': html('', { attributes: 'data-hash' }),
  '/manual': html('', { attributes: 'data-manual' }),
  '/router': html('', { attributes: 'data-query="page|tab"' }),
  '/twice': `<!doctype html><title>Twice</title>${tag()}${tag()}`,
  '/gone': { html: html('', { title: 'Not here' }), status: 404 },
});

const paths = ({ of, url }: Visit) => of('page_view').map((event) => event.url.slice(url.length));

/** As the page's own script would; told before the page is gone that it was. */
const goBack = (page: Page) => page.evaluate(() => void setTimeout(() => history.back()));

test.concurrent(
  'a load is one page view in one request, without a preflight, in at most 200 bytes of our own',
  visiting(async ({ page, url, arrived, quiet }) => {
    await page.goto(`${url}/?utm_source=letter`, { referer: 'https://news.example/story?id=1#top' });
    await quiet();
    const siteId = await page.evaluate(() => document.querySelector('script')?.dataset.site ?? '');

    expect(arrived).toHaveLength(1);
    const [{ batch, bytes, contentType } = { batch: undefined, bytes: 0, contentType: '' }] = arrived;
    expect(contentType).toBe('text/plain;charset=UTF-8');
    expect(batch).toEqual({
      version: 1,
      site: 'shop',
      sentAt: expect.any(Number),
      screenWidth: 1280,
      test: true,
      events: [
        {
          kind: 'page_view',
          id: expect.stringMatching(/^[0-9a-z.]{16,20}$/),
          at: expect.any(Number),
          url: `${url}/?utm_source=letter`,
          referrer: 'https://news.example/story',
          title: 'Home',
        },
      ],
    });
    // As on a real site: not marked as test, and with a site id of 22 characters; a longer one adds its own length.
    const strings = [`${url}/?utm_source=letter`, 'https://news.example/story', 'Home', siteId].join('');
    const marked = '"test":true,'.length;
    expect(bytes - marked - strings.length).toBeLessThanOrEqual(200 - 22);
  }),
);

test.concurrent(
  'a pushState is one page view, in one request with the engagement of the page it leaves',
  visiting(async ({ page, url, arrived, of, until, quiet }) => {
    await page.goto(`${url}/`);
    await until(() => expect(arrived).toHaveLength(1));
    await page.evaluate(() => {
      history.pushState({}, '', '/products');
      // Routers call history twice, and set the title last.
      history.replaceState({ scroll: 0 }, '', '/products');
      setTimeout(() => {
        document.title = 'Products';
      });
    });
    await until(() => expect(arrived).toHaveLength(2));
    await quiet();

    expect(arrived).toHaveLength(2);
    // Where the page was long idle, its vitals travel along.
    expect(arrived[1]?.batch.events.filter(({ kind }) => kind !== 'web_vitals')).toEqual([
      expect.objectContaining({
        kind: 'engagement',
        url: `${url}/`,
        pageView: of('page_view')[0]?.id,
      }),
      {
        kind: 'page_view',
        id: expect.any(String),
        at: expect.any(Number),
        url: `${url}/products`,
        previousUrl: `${url}/`,
        title: 'Products',
      },
    ]);
  }),
);

test.concurrent(
  'back and forward in a single-page application are page views',
  visiting(async (visit) => {
    const { page, url, until, quiet } = visit;
    await page.goto(`${url}/`);
    await until(() => expect(paths(visit)).toHaveLength(1));
    await page.evaluate(() => history.pushState({}, '', '/products'));
    await until(() => expect(paths(visit)).toHaveLength(2));
    await goBack(page);
    await until(() => expect(paths(visit)).toHaveLength(3));
    await quiet();

    expect(paths(visit)).toEqual(['/', '/products', '/']);
  }),
);

test.concurrent(
  'replaceState to another path is a page view; to the same, or without its campaign, none',
  visiting(async (visit) => {
    const { page, url, until, quiet } = visit;
    await page.goto(`${url}/?utm_source=letter`);
    await until(() => expect(paths(visit)).toHaveLength(1));
    await page.evaluate(() => {
      history.replaceState({}, '', '/');
      history.replaceState({}, '', '/#part');
      history.replaceState({}, '', '/?session=17');
    });
    await quiet();
    expect(paths(visit)).toEqual(['/?utm_source=letter']);

    await page.evaluate(() => history.replaceState({}, '', '/other'));
    await quiet();
    expect(paths(visit)).toEqual(['/?utm_source=letter', '/other']);
  }),
);

test.concurrent(
  'an event right after a navigation belongs to the new page',
  visiting(async (visit) => {
    const { page, url, of, until } = visit;
    await page.goto(`${url}/`);
    await until(() => expect(paths(visit)).toHaveLength(1));
    await page.evaluate(() => {
      history.pushState({}, '', '/products');
      footfall.track('Seen');
    });
    await until(() => expect(of('custom')).toHaveLength(1));

    const [, products] = of('page_view');
    expect(of('custom')[0]).toMatchObject({ url: `${url}/products`, pageView: products?.id, seq: 1 });
  }),
);

test.concurrent(
  'routes in the fragment count where the site asks for it',
  visiting(async (visit) => {
    const { page, url, until, quiet } = visit;
    await page.goto(`${url}/hash#/one`);
    await until(() => expect(paths(visit)).toHaveLength(1));
    await page.evaluate(() => {
      location.hash = '#/two';
    });
    await quiet();

    expect(paths(visit)).toEqual(['/hash#/one', '/hash#/two']);
  }),
);

test.concurrent(
  'a query-string router is followed by the parameters that the site names, and by no others',
  visiting(async (visit) => {
    const { page, url, until, quiet } = visit;
    await page.goto(`${url}/router?page=1`);
    await until(() => expect(paths(visit)).toHaveLength(1));
    await page.evaluate(() => history.pushState({}, '', '/router?page=2&modal=open'));
    await until(() => expect(paths(visit)).toHaveLength(2));
    await page.evaluate(() => history.pushState({}, '', '/router?page=2&modal=closed'));
    await quiet();

    expect(paths(visit)).toEqual(['/router?page=1', '/router?page=2']);
  }),
);

test.concurrent(
  'in manual mode only page() counts',
  visiting(async ({ page, url, arrived, of, quiet }) => {
    await page.goto(`${url}/manual`);
    await page.evaluate(() => history.pushState({}, '', '/manual/two'));
    await quiet();
    expect(arrived).toHaveLength(0);

    await page.evaluate(() => footfall.page({ area: 'help' }, '/virtual'));
    await quiet();
    expect(of('page_view')).toEqual([
      expect.objectContaining({ url: `${url}/virtual`, properties: { area: 'help' } }),
    ]);
  }),
);

test.concurrent(
  'a page restored from the back-forward cache is a new page view, without the old referrer',
  visiting(async (visit) => {
    const { page, url, otherUrl, of, until, quiet } = visit;
    await page.goto(`${url}/`, { referer: 'https://news.example/' });
    await until(() => expect(paths(visit)).toHaveLength(1));
    await page.goto(`${otherUrl}/next`);
    await until(() => expect(of('page_view')).toHaveLength(2));
    await goBack(page);
    await until(() => expect(of('page_view')).toHaveLength(3));
    await quiet();

    const restored = of('page_view')[2];
    expect(await page.evaluate(() => performance.getEntriesByType('navigation')[0]?.toJSON().type)).toBe(
      'navigate',
    );
    expect(restored).toEqual({
      kind: 'page_view',
      id: expect.any(String),
      at: expect.any(Number),
      url: `${url}/`,
      title: 'Home',
    });
    expect(of('page_view')).toHaveLength(3);
  }),
);

test.concurrent(
  'a link inside the site carries no referrer, one from outside its page without the query',
  visiting(async (visit) => {
    const { page, url, of, until } = visit;
    await page.goto(`${url}/`);
    await page.click('#next');
    await until(() => expect(paths(visit)).toEqual(['/', '/next']));

    expect(of('page_view')[1]).not.toHaveProperty('referrer');
  }),
);

test.concurrent(
  'a missing page tells its status',
  visiting(async (visit) => {
    const { page, url, of, until } = visit;
    await page.goto(`${url}/gone`);
    await until(() => expect(paths(visit)).toHaveLength(1));

    expect(of('page_view')[0]).toMatchObject({ status: 404, title: 'Not here' });
  }),
);

test.concurrent(
  'a tag that stands in the page twice counts once',
  visiting(async (visit) => {
    const { page, url, quiet } = visit;
    await page.goto(`${url}/twice`);
    await quiet();

    expect(paths(visit)).toEqual(['/twice']);
  }),
);
