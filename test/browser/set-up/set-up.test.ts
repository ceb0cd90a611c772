import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { html, openSite, type SitePage, type Visit } from '../site.ts';

const NONCE = {
  'content-security-policy': "default-src 'self'; script-src 'nonce-n0nce'; connect-src 'self'",
};
const plain = (scripts: string) => `<!doctype html><title>Set up</title>${scripts}<body>Page`;

const WAYS: Record<string, SitePage> = {
  '/async': plain('<script async src="/footfall.js" data-site="shop"></script>'),
  '/blocking': plain('<script src="/footfall.js" data-site="shop"></script>'),
  '/module': plain('<script type="module" src="/footfall.js" data-site="shop"></script>'),
  '/query': plain('<script defer src="/footfall.js?site=shop&query=q"></script>'),
  '/tag-manager': plain(
    `<script>document.head.append(Object.assign(document.createElement('script'), { src: '/footfall.js?site=shop' }))</script>`,
  ),
  '/proxied': plain('<script defer src="/stats/s.js" data-site="shop"></script>'),
  '/nonce': {
    html: plain('<script defer nonce="n0nce" src="/footfall.js" data-site="shop"></script>'),
    headers: NONCE,
  },
};

const pin = (file: string, integrity: string) =>
  plain(
    `<script defer src="/${file}" integrity="${integrity}" crossorigin data-site="shop" onerror="window.isRefused = true"></script>`,
  );

const visiting = openSite({
  ...WAYS,
  '/pinned': ({ file, integrity }) => pin(file, integrity),
  '/tampered': ({ file, integrity }) => pin(file, integrity.replace(/.{8}$/, 'AAAAAAAA')),
  '/two': plain(
    '<script defer src="/footfall.js" data-site="shop"></script><script defer src="/footfall.js" data-site="club" data-global="club"></script>',
  ),
  '/sandbox': '<!doctype html><iframe sandbox="allow-scripts" src="/async"></iframe>',
  '/': html(),
});

for (const way of Object.keys(WAYS)) {
  test.concurrent(
    `the tag counts one page view ${way.slice(1)}`,
    visiting(async ({ page, url, of, until, quiet, arrived }) => {
      await page.goto(url + way);
      await until(() => expect(of('page_view')).toHaveLength(1));
      await quiet();

      expect(arrived).toHaveLength(1);
      expect(arrived[0]?.path).toBe(way === '/proxied' ? '/stats/events' : '/events');
    }),
  );
}

test.concurrent(
  'an inline tag names the door',
  visiting(async (visit) => {
    const { page, url, of, until } = visit;
    await page.goto(`${url}/blank`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    const source = await page.evaluate(() => fetch('/footfall.js').then((answer) => answer.text()));
    const site = await page.evaluate(() => document.querySelector('script')?.dataset.site);
    await page.evaluate(
      ([text = '', id = '', endpoint = '']) => {
        const script = document.createElement('script');
        Object.assign(script.dataset, { site: id, endpoint, global: 'inline' });
        script.textContent = text;
        document.head.append(script);
      },
      [source, site, `${url}/inline/events`],
    );
    await until(() => expect(of('page_view')).toHaveLength(2));

    expect(visit.arrived.at(-1)?.path).toBe('/inline/events');
  }),
);

test.concurrent(
  'a page that pins the versioned file by its hash is counted, once',
  visiting(async ({ page, url, arrived, of, until, quiet, scripts }) => {
    await page.goto(`${url}/pinned`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await quiet();

    expect(scripts[0]).toMatch(/^footfall-[0-9a-f]{10}\.js$/);
    expect(arrived).toHaveLength(1);
  }),
);

test.concurrent(
  'a file that is not the one pinned does not run',
  visiting(async ({ page, url, arrived, quiet, scripts }) => {
    await page.goto(`${url}/tampered`);
    await page.waitForFunction(() => Reflect.get(window, 'isRefused'));
    await quiet();

    expect(scripts).toEqual([expect.stringMatching(/^footfall-[0-9a-f]{10}\.js$/)]);
    expect(await page.evaluate(() => Reflect.has(window, 'footfall'))).toBe(false);
    expect(arrived).toEqual([]);
  }),
);

test.concurrent(
  'a strict policy with a nonce lets the lazy files in too',
  visiting(async ({ page, url, until, scripts }) => {
    const refused: string[] = [];
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await page.goto(`${url}/nonce`);
    await until(() => expect(scripts).toEqual(['footfall.js', 'footfall-later.js', 'footfall-vitals.js']));

    expect(refused.filter((text) => /security policy/i.test(text))).toEqual([]);
  }),
);

test.concurrent(
  'two tags for two sites count each for its own, each by its own name',
  visiting(async ({ page, url, arrived, until }) => {
    await page.goto(`${url}/two`);
    await until(() => expect(arrived).toHaveLength(2));
    await page.evaluate(() => {
      footfall.track('For the shop');
      Reflect.get(window, 'club').track('For the club');
    });
    await until(() => expect(arrived).toHaveLength(4));

    const told = arrived
      .slice(2)
      .map(({ batch: { site, events } }) => [
        site,
        events.map((event) => ('name' in event ? event.name : '')).join(),
      ]);
    expect(told.sort()).toEqual([
      ['club', 'For the club'],
      ['shop', 'For the shop'],
    ]);
  }),
);

const survives = async (visit: Visit, path: string, harm: () => void) => {
  const faults: string[] = [];
  visit.page.on('pageerror', (error) => faults.push(error.message));
  await visit.page.addInitScript(harm);
  await visit.page.goto(visit.url + path);
  await visit.quiet();
  await visit.page.goto('about:blank');
  return faults;
};

test.concurrent(
  'a page survives without storage, and is counted',
  visiting(async (visit) => {
    const faults = await survives(visit, '/', () => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    });

    expect(faults).toEqual([]);
    expect(visit.of('page_view')).toHaveLength(1);
  }),
);

test.concurrent(
  'a page survives without the newer interfaces, and is counted',
  visiting(async (visit) => {
    const faults = await survives(visit, '/', () => {
      for (const name of ['ResizeObserver', 'PerformanceObserver', 'requestIdleCallback', 'crypto']) {
        Object.defineProperty(window, name, { value: undefined });
      }
    });

    expect(faults).toEqual([]);
    expect(visit.of('page_view')).toHaveLength(1);
  }),
);

test.concurrent(
  'a page survives without fetch',
  visiting(async (visit) => {
    const faults = await survives(visit, '/', () =>
      Object.defineProperty(window, 'fetch', { value: undefined }),
    );

    expect(faults).toEqual([]);
  }),
);

test.concurrent(
  'a sandboxed frame without an origin counts, and does no harm',
  visiting(async ({ page, url, of, until }) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${url}/sandbox`);
    await until(() => expect(of('page_view')).toHaveLength(1));

    expect(faults).toEqual([]);
  }),
);

test.concurrent(
  'the tag of another origin works without a preflight',
  visiting(async ({ page, url, otherUrl, arrived, until, preflights }) => {
    await page.goto(`${url}/blank`);
    await until(() => expect(arrived).toHaveLength(1));
    const site = await page.evaluate(() => document.querySelector('script')?.dataset.site);
    await page.evaluate(
      ([src = '', id = '']) => {
        const script = Object.assign(document.createElement('script'), { src });
        Object.assign(script.dataset, { site: id, global: 'foreign' });
        document.head.append(script);
      },
      [`${otherUrl}/footfall.js`, site],
    );
    await until(() => expect(arrived).toHaveLength(2));

    expect(preflights).toEqual([]);
  }),
);

test('the stub in the tests is the one that is built', async () => {
  const source = readFileSync(new URL('../../../snippet/build.mjs', import.meta.url), 'utf8');
  const events = readFileSync(new URL('../events/events.test.ts', import.meta.url), 'utf8');
  const stub = /const STUB = '(.+)';/.exec(source)?.[1];

  expect(events).toContain(stub);
});
