import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import type { TrackedEvent } from '../../../collector/protocol.ts';
import { html, openSite, type Visit } from '../site.ts';

/** The library as npm brings it, and what it says itself of each page it names. */
const WEB_VITALS = readFileSync(
  new URL('../../../node_modules/web-vitals/dist/web-vitals.js', import.meta.url),
  'utf8',
);
const LIBRARY = `<script type="module">
  import { onCLS, onFCP, onINP, onLCP, onTTFB } from '/library';
  window.own = {};
  const note = ({ name, value, navigationURL }) => {
    const path = new URL(navigationURL).pathname;
    own[path] = { ...own[path], [name.toLowerCase()]: value };
    localStorage.own = JSON.stringify(own);
  };
  for (const measure of [onCLS, onFCP, onINP, onLCP]) measure(note, { reportAllChanges: true, reportSoftNavs: true });
  onTTFB(note);
</script>`;
/** What the library has said so far, by path. */
const libraryOf = (page: Page): Promise<Record<string, Record<string, number>>> =>
  page.evaluate(() => Reflect.get(window, 'own'));
/** What it has said at last: some of it only as the page was left. */
async function lastOf({ context, url }: Visit): Promise<Record<string, Record<string, number>>> {
  const page = await context.newPage();
  await page.goto(`${url}/library`);
  return JSON.parse(await page.evaluate(() => localStorage.getItem('own') ?? '{}'));
}

const visiting = openSite({
  '/vitals': html(
    `<h1>Vitals</h1><button id="slow">Slow</button><button id="soft">Soft</button><main></main>${LIBRARY}<script>
      document.getElementById('soft').addEventListener('click', () => {
        history.pushState({}, '', '/next');
        document.querySelector('main').innerHTML = '<h2 style="font-size:80px">The next page has come</h2>';
      });
      document.getElementById('slow').addEventListener('click', () => {
        const end = performance.now() + 120;
        while (performance.now() < end);
        document.body.append('Done');
      });
    </script>`,
  ),
  '/library': { html: WEB_VITALS, headers: { 'content-type': 'text/javascript' } },
  '/off': html('', { attributes: 'data-with=""' }),
  '/errors': html('', {
    attributes: 'data-with="errors"',
    head: `<script>
      function breakMuch() {
        for (let n = 0; n < 3; n += 1) setTimeout(() => { throw new TypeError('Broken'); });
        setTimeout(() => Promise.reject(new RangeError('Refused')));
        for (let n = 0; n < 20; n += 1) setTimeout(() => { throw new Error('Number ' + n); }, 100);
        // Another origin's: the browser tells no more than "Script error."
        const foreign = 'data:text/javascript,throw new Error("Foreign")';
        document.head.append(Object.assign(document.createElement('script'), { src: foreign }));
      }
    </script>`,
  }),
  '/frustration': html(
    '<button id="dead">Dead</button><button id="alive">Alive</button><p id="text">Text</p>',
    {
      attributes: 'data-with="frustration"',
      head: `<script>addEventListener('click', (event) => { if (event.target.id === 'alive') document.body.append('!'); });</script>`,
    },
  ),
  '/autocapture': html(
    `<main><button class="buy big"><b>Buy 2 for jane@example.org</b></button>
     <label>Name <input id="name" value="secret"></label><input type="submit" value="typed by someone">
     <button data-footfall-mask>Private</button><button data-footfall-event="Named">Named</button></main>`,
    { attributes: 'data-with="autocapture"' },
  ),
  '/linking': html(`<a id="over" href="PLACE">Over</a>`, {
    attributes: 'data-with="linking" data-domains="127.0.0.1|localhost"',
    head: '<script>addEventListener("click", (e) => e.preventDefault())</script>',
  }),
  '/landing': html('', { attributes: 'data-with="linking" data-domains="127.0.0.1|localhost"' }),
  '/debug': html('', { attributes: 'data-debug data-consent="required"' }),
});

/** All that arrived of a page's vitals, the later over the earlier. */
const vitalsOf = (events: Extract<TrackedEvent, { kind: 'web_vitals' }>[], url: string) =>
  Object.assign(
    {},
    ...events
      .filter((event) => event.url === url)
      .map(({ lcp, inp, cls, fcp, ttfb }) => JSON.parse(JSON.stringify({ lcp, inp, cls, fcp, ttfb }))),
  );

test.concurrent(
  'web vitals travel with the engagement of the page that is left, and are the library’s own numbers',
  visiting(async (visit) => {
    const { page, url, arrived, of, until } = visit;
    await page.goto(`${url}/vitals`);
    await until(async () => expect(await libraryOf(page)).toHaveProperty(['/vitals', 'fcp']));
    await page.click('#slow');
    await until(async () => expect(await libraryOf(page)).toHaveProperty(['/vitals', 'inp']));
    await page.goto('about:blank');
    await until(() => expect(of('web_vitals').length).toBeGreaterThan(0));

    const own = await lastOf(visit);
    const vitals = vitalsOf(of('web_vitals'), `${url}/vitals`);
    expect(vitals).toEqual(own['/vitals']);
    expect(vitals.inp).toBeGreaterThan(100);
    expect(arrived.at(-1)?.batch.events.map(({ kind }) => kind)).toContain('engagement');
  }),
);

test.concurrent(
  'a soft navigation has vitals of its own, which are the library’s, at its own address',
  visiting(async (visit) => {
    const { page, url, of, until } = visit;
    await page.goto(`${url}/vitals`);
    const isKnown = () => PerformanceObserver.supportedEntryTypes.includes('soft-navigation');
    if (!(await page.evaluate(isKnown)))
      return console.info('Not run: this Chromium knows no soft navigations.');
    await until(async () => expect(await libraryOf(page)).toHaveProperty(['/vitals', 'fcp']));
    await page.click('#soft');
    await until(() => expect(of('page_view')).toHaveLength(2));
    await until(async () => expect(await libraryOf(page)).toHaveProperty(['/next', 'lcp']));
    await page.goto('about:blank');
    await until(() => expect(vitalsOf(of('web_vitals'), `${url}/next`)).toHaveProperty('lcp'));

    const own = await lastOf(visit);
    expect(vitalsOf(of('web_vitals'), `${url}/next`)).toEqual(own['/next']);
    expect(vitalsOf(of('web_vitals'), `${url}/vitals`)).toEqual(own['/vitals']);
  }),
);

test.concurrent(
  'no lazy file but the one for acts is fetched where none is asked for',
  visiting(async ({ page, url, scripts, started, quiet }) => {
    await page.goto(`${url}/off`);
    await started('later');
    // Idle callbacks come in the order they were asked for: the one that would load features has run.
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 5_000 })));
    await quiet();

    expect(scripts).toEqual(['footfall.js', 'footfall-later.js']);
  }),
);

test.concurrent(
  'errors of the page’s own scripts count once each; foreign and further ones do not',
  visiting(async ({ page, url, of, until, quiet, started }) => {
    await page.goto(`${url}/errors?token=secret`);
    await started('errors');
    await page.evaluate('breakMuch()');
    await until(() => expect(of('error').length).toBeGreaterThan(1));
    await quiet();

    const messages = of('error').map(({ message }) => message);
    expect(messages.filter((message) => message.includes('Broken'))).toHaveLength(1);
    expect(messages).toContain('RangeError: Refused');
    expect(messages).toHaveLength(10);
    expect(messages.join()).not.toMatch(/Foreign|Script error/);
    expect(JSON.stringify(of('error'))).not.toContain('secret');
  }),
);

test.concurrent(
  'three clicks at one spot are one rage click; a click that nothing comes of is a dead one',
  visiting(async ({ page, url, of, until, quiet, started }) => {
    await page.clock.install();
    await page.goto(`${url}/frustration`);
    await started('frustration');
    await page.click('#alive');
    await page.click('#dead');
    await page.clock.fastForward(2_500);
    await until(() => expect(of('dead_click')).toHaveLength(1));
    await page.click('#text', { clickCount: 4, delay: 10 });
    await until(() => expect(of('rage_click')).toHaveLength(1));
    await page.clock.fastForward(2_500);
    await quiet();

    expect(of('dead_click')).toMatchObject([{ target: 'button#dead' }]);
    expect(of('rage_click')).toMatchObject([{ target: 'p#text' }]);
  }),
);

test.concurrent(
  'autocapture tells the place and the masked label of what was clicked, never what was typed',
  visiting(async ({ page, url, of, quiet, started, events }) => {
    await page.goto(`${url}/autocapture`);
    await started('autocapture');
    for (const selector of ['b', 'input[type=submit]', '[data-footfall-mask]', '[data-footfall-event]'])
      await page.click(selector);
    await quiet();

    expect(
      of('click').map(({ target, properties = {} }) => [target, Reflect.get(properties, 'text')]),
    ).toEqual([
      ['main>button.buy', 'Buy 2 for *'],
      ['main>input', undefined],
      ['main>button', undefined],
    ]);
    expect(of('custom')).toHaveLength(1);
    expect(JSON.stringify(events())).not.toMatch(/secret|typed/);
  }),
);

test.concurrent(
  'a granted visitor keeps the id across the company’s hosts',
  visiting(async ({ page, url, otherUrl, arrived, until, started }) => {
    await page.goto(`${url}/linking`);
    await page.evaluate((href) => {
      footfall.consent('granted');
      footfall.track('Agreed');
      document.querySelector('#over')?.setAttribute('href', href);
    }, `${otherUrl}/landing?x=1`);
    await until(() => expect(arrived.at(-1)?.batch.anonymousId).toBeTruthy());
    const id = arrived.at(-1)?.batch.anonymousId;
    await started('linking');
    await page.click('#over');
    const href = await page.evaluate(() => document.querySelector<HTMLAnchorElement>('#over')?.href ?? '');
    await page.goto(href);
    await page.waitForFunction(() => localStorage.getItem('footfall'));

    expect(await page.evaluate(() => localStorage.getItem('footfall'))).toBe(id);
    expect(page.url()).toBe(`${otherUrl}/landing?x=1`);
  }),
);

test.concurrent(
  'debug says what was held back and why, what was sent, and what the collector answered',
  visiting(async ({ page, url, of, until }) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto(`${url}/debug`);
    await until(() => expect(said.join('\n')).toMatch(/consent is required/));
    await page.evaluate(() => {
      footfall.before((event) => event.name !== 'Dropped' && event);
      footfall.consent('granted');
      footfall.track('Dropped');
      footfall.track('Kept');
    });
    await until(() => expect(of('custom')).toHaveLength(1));
    await until(() => expect(said.join('\n')).toMatch(/Sent Kept[\s\S]*answered 202/));

    expect(said.join('\n')).toMatch(/hook given to before\(\) dropped it/);
  }),
);
