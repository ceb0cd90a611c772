import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Heard, html, startSite } from '../site.ts';
import { ENGINES, type Engine, type Tab } from './engines.ts';

const PAGES = {
  '/': html(
    `<p style="height:3000px">Long</p>
     <a id="out" href="http://out.example:9/page?id=1"><b>Out</b></a>
     <a id="leave" href="http://127.0.0.1:9/x">Leave</a>
     <svg width="60" height="20"><a id="svg" href="http://out.example:9/svg"><text y="15">SVG</text></a></svg>
     <button id="tagged" data-footfall-event="Signup" data-footfall-prop-plan="pro">Sign up</button>
     <form id="search" action="/search"><button id="go">Go</button></form>
     <script>
       document.addEventListener('click', (event) => { if (!event.target.closest('#leave,#go')) event.preventDefault(); });
       document.addEventListener('submit', (event) => event.preventDefault());
     </script>`,
    { title: 'Home' },
  ),
  '/strict': {
    html: '<!doctype html><title>Strict</title><script defer nonce="n0nce" src="/footfall.js" data-site="shop"></script>',
    headers: {
      'content-security-policy': "default-src 'self'; script-src 'nonce-n0nce'; connect-src 'self'",
    },
  },
  '/away': '<!doctype html>Away',
};

for (const { name, missing, launch } of ENGINES) {
  if (missing) console.info(`Not run in ${name}: ${missing}.`);

  describe.skipIf(missing)(name, () => {
    let engine: Engine;
    let site: Awaited<ReturnType<typeof startSite>>;
    beforeAll(async () => {
      [site, engine] = await Promise.all([startSite(PAGES), launch()]);
    });
    afterAll(async () => {
      await engine?.close();
      await site?.stop();
    });

    /** A tab at `path`, once its page view has arrived. */
    const visiting = (path: string, act: (tab: Tab, heard: Heard) => Promise<void>) => async () => {
      const { runId, ...heard } = site.begin();
      const tab = await engine.open();
      try {
        await tab.goto(`${heard.url}/as/${runId}${path}`);
        await heard.until(() => expect(heard.of('page_view')).toHaveLength(1));
        await act(tab, heard);
      } finally {
        await tab.close();
      }
    };

    test(
      'a load is one page view in one request, without a preflight',
      visiting('/', async (_, { url, arrived, of, preflights }) => {
        expect(arrived).toHaveLength(1);
        expect(arrived[0]).toMatchObject({ contentType: 'text/plain;charset=UTF-8', by: 'fetch' });
        expect(of('page_view')).toEqual([
          {
            kind: 'page_view',
            id: expect.any(String),
            at: expect.any(Number),
            url: `${url}/`,
            title: 'Home',
          },
        ]);
        expect(preflights).toEqual([]);
      }),
    );

    test(
      'a single-page navigation is one page view, with the page it came from',
      visiting('/', async (tab, { url, of, until }) => {
        await tab.run(`history.pushState({}, '', '/products'); history.replaceState({}, '', '/products')`);
        await until(() => expect(of('page_view')).toHaveLength(2));
        await tab.run('history.back()');
        await until(() => expect(of('page_view')).toHaveLength(3));

        expect(of('page_view').map((event) => [event.url, event.previousUrl])).toEqual([
          [`${url}/`, undefined],
          [`${url}/products`, `${url}/`],
          [`${url}/`, `${url}/products`],
        ]);
      }),
    );

    test(
      'clicks on links, in SVG and on tagged elements, and submits, count once each',
      visiting('/', async (tab, { of, until }) => {
        for (const [id, wait] of [
          ['#out b', () => expect(of('outbound_link')).toHaveLength(1)],
          ['#svg', () => expect(of('outbound_link')).toHaveLength(2)],
          ['#tagged', () => expect(of('custom')).toHaveLength(1)],
          ['#go', () => expect(of('form_submit')).toHaveLength(1)],
        ] as const) {
          await tab.click(id);
          await until(wait);
        }

        expect(of('outbound_link').map(({ target }) => target)).toEqual([
          'http://out.example:9/page',
          'http://out.example:9/svg',
        ]);
        expect(of('custom')).toMatchObject([{ name: 'Signup', properties: { plan: 'pro' } }]);
        expect(of('form_submit')).toMatchObject([{ target: 'search' }]);
      }),
    );

    test(
      'a click that leaves the page arrives, and so does its engagement',
      visiting('/', async (tab, { of, until }) => {
        // The way out leads nowhere, of which the driver complains.
        await tab.click('#leave').catch(() => undefined);
        await until(() => expect(of('outbound_link')).toHaveLength(1));
        await until(() => expect(of('engagement')).toHaveLength(1));

        expect(of('engagement')[0]?.pageView).toBe(of('page_view')[0]?.id);
      }),
    );

    test(
      'a granted id is kept for the next page, and forgotten when refused',
      visiting('/', async (tab, { url, arrived, until }) => {
        await tab.run(`footfall.consent('granted'); footfall.track('Agreed')`);
        await until(() => expect(arrived.at(-1)?.batch.consent).toBe('granted'));
        const id = arrived.at(-1)?.batch.anonymousId;
        await tab.goto(`${url}/?again`);
        await until(() => expect(arrived.at(-1)?.batch.events[0]?.kind).toBe('page_view'));
        expect(arrived.at(-1)?.batch).toMatchObject({ anonymousId: id, consent: 'granted' });
        await tab.run(`footfall.consent('denied')`);

        expect(await tab.run('JSON.stringify({ ...localStorage })')).toBe('{}');
      }),
    );

    test(
      'a strict policy with a nonce lets the lazy files in too',
      visiting('/strict', async (_, { scripts, until }) => {
        await until(() =>
          expect(scripts).toEqual(['footfall.js', 'footfall-later.js', 'footfall-vitals.js']),
        );
      }),
    );

    test(
      'a page restored from the back-forward cache is a new page view',
      visiting('/', async (tab, { url, of, until }) => {
        await tab.run('window.wasHere = true');
        await tab.goto(`${url}/away`);
        await tab.run('history.back()');
        await until(() => expect(of('page_view')).toHaveLength(2));

        expect(await tab.run('window.wasHere')).toBe(true);
        expect(of('page_view')[1]).not.toHaveProperty('previousUrl');
      }),
    );
  });
}
