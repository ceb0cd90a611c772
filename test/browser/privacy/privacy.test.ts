import { expect, test } from 'vitest';
import { html, openSite } from '../site.ts';

const visiting = openSite({
  '/': html('<a id="out" href="http://out.example:9/u/jane@example.org?token=1">Out</a>'),
  '/kept': html('', { attributes: 'data-query="q"' }),
});

test.concurrent(
  'of a query string only campaign parameters and click ids leave the page, and what the site names',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(`${url}/?utm_source=letter&token=secret&gclid=g1&my-ref-id=2#part`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.goto(`${url}/kept?q=shoes&token=secret&ref=blog`);
    await until(() => expect(of('page_view')).toHaveLength(2));

    expect(of('page_view').map((event) => event.url)).toEqual([
      `${url}/?utm_source=letter&gclid=g1`,
      `${url}/kept?q=shoes&ref=blog`,
    ]);
  }),
);

test.concurrent(
  'e-mail addresses and long runs of digits are masked, in targets and referrers too',
  visiting(async ({ page, url, of, until, arrived }) => {
    await page.goto(`${url}/`, { referer: 'https://mail.example/inbox/jane@example.org' });
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.evaluate(() => {
      addEventListener('click', (event) => event.preventDefault());
      history.pushState({}, '', '/users/jane%40example.org/cards/4111-1111-1111-1111/2026-11-22');
    });
    await until(() => expect(of('page_view')).toHaveLength(2));
    await page.click('#out');
    await until(() => expect(of('outbound_link')).toHaveLength(1));

    expect(of('page_view').map(({ referrer, url: address }) => referrer ?? address)).toEqual([
      'https://mail.example/inbox/*',
      `${url}/users/*/cards/*/2026-11-22`,
    ]);
    expect(of('outbound_link')).toMatchObject([{ target: 'http://out.example:9/u/*' }]);
    expect(JSON.stringify(arrived)).not.toContain('jane');
  }),
);
