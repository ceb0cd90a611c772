import { expect, test } from 'vitest';
import { html, openSite, type Visit } from '../site.ts';

const OUT = 'http://out.example:9/page?id=1';
const CLICKS = html(
  `<a id="out" href="${OUT}"><b id="child">Out</b></a>
   <a id="in" href="/other">In</a>
   <a id="mail" href="mailto:someone@example.org">Mail</a>
   <a id="file" href="/files/report.pdf">Report</a>
   <a id="named" href="/files/export" download>Export</a>
   <a id="tagged-out" href="${OUT}" data-footfall-event="Partner" data-footfall-prop-name="Acme">Partner</a>
   <svg width="60" height="20"><a id="svg" href="${OUT}"><text y="15">SVG</text></a></svg>
   <map name="m"><area id="area" shape="rect" coords="0,0,40,40" href="${OUT}"></map>
   <img usemap="#m" width="40" height="40" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">
   <button id="tagged" data-footfall-event="Signup" data-footfall-prop-plan="pro"><i id="inner">Sign up</i></button>
   <label id="label" data-footfall-event="Agree"><input type="checkbox">Agree</label>
   <div id="host"></div>
   <div id="closed"></div>
   <div id="closed-tagged" data-footfall-event="Widget"></div>
   <form id="search" action="/search?q=1"><input id="q" name="id" required><button id="go">Go</button></form>
   <form id="loose" name="loose" novalidate><input required><button id="loose-go">Go</button></form>
   <form id="contact" data-footfall-event="Contact" data-footfall-prop-about="sales"><input id="about"><button id="send">Send</button></form>
   <form id="both"><button id="both-go" data-footfall-event="Buy">Buy</button></form>
   <script>
     document.getElementById('host').attachShadow({ mode: 'open' }).innerHTML = '<a id="shadow" href="${OUT}">Shadow</a>';
     for (const id of ['closed', 'closed-tagged']) {
       document.getElementById(id).attachShadow({ mode: 'closed' }).innerHTML = '<a href="${OUT}">Closed</a>';
     }
     document.addEventListener('click', (event) => { if (!event.metaKey) event.preventDefault(); event.stopPropagation(); }, true);
     document.addEventListener('submit', (event) => event.preventDefault());
   </script>`,
);
const visiting = openSite({
  '/': CLICKS,
  '/downloads': html('<a id="odd" href="/a.stl">Model</a><a id="pdf" href="/a.pdf">PDF</a>', {
    attributes: 'data-downloads="stl"',
  }),
  '/leaving': html(
    `<a id="out" href="http://127.0.0.1:9/x">Out</a>
     <a id="file" href="/files/report.pdf">Report</a>
     <a id="tagged" href="/left" data-footfall-event="Offer">Offer</a>
     <form id="search" action="/left"><button id="go">Go</button></form>`,
  ),
  // Without the tag: what arrives is the left page's.
  '/left': '<!doctype html>Left',
  '/files/report.pdf': '<!doctype html>A report',
});

async function open({ page, url, of, until }: Visit) {
  await page.goto(`${url}/`);
  await until(() => expect(of('page_view')).toHaveLength(1));
}

/** Past the time within which, by the page's clock, what happens is part of one act (snippet/acts.ts). */
const nextAct = ({ page }: Visit) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 51)));

/** What acts left, in short. */
const acts = ({ events }: Visit) =>
  events()
    .filter(({ kind }) => kind !== 'page_view' && kind !== 'engagement' && kind !== 'web_vitals')
    .map((event) => [event.kind, 'target' in event ? event.target : 'name' in event ? event.name : '']);

/** These acts left, and, once nothing more can follow, no others did. */
async function leftOnly(visit: Visit, expected: readonly (readonly string[])[]) {
  await visit.until(() => expect(acts(visit)).toEqual(expected));
  await visit.quiet();

  expect(acts(visit)).toEqual(expected);
}

const outbound = ['outbound_link', 'http://out.example:9/page'];

for (const [what, act] of [
  ['by mouse', (visit) => visit.page.click('#out')],
  ['on a child element', (visit) => visit.page.click('#child')],
  ['by the middle button', (visit) => visit.page.click('#out', { button: 'middle' })],
  ['with a modifier', (visit) => visit.page.click('#out', { modifiers: ['Control'] })],
  ['by keyboard', (visit) => visit.page.press('#out', 'Enter')],
  ['on an SVG link', (visit) => visit.page.click('#svg')],
  [
    'on an image map',
    (visit) => visit.page.evaluate(() => document.querySelector<HTMLElement>('#area')?.click()),
  ],
  ['in an open shadow root', (visit) => visit.page.click('#shadow')],
] satisfies [string, (visit: Visit) => Promise<void>][]) {
  test.concurrent(
    `an outbound link counts once ${what}`,
    visiting(async (visit) => {
      await open(visit);
      await act(visit);
      await leftOnly(visit, [outbound]);
    }),
  );
}

// What lies in a closed root is hidden from every script but the component's own: its host is all that is known.
test.concurrent(
  'a link in a closed shadow root counts as nothing, unless the element that holds the root is tagged',
  visiting(async (visit) => {
    await open(visit);
    await visit.page.click('#closed', { position: { x: 10, y: 8 } });
    await visit.page.click('#closed-tagged', { position: { x: 10, y: 8 } });
    await leftOnly(visit, [['custom', 'Widget']]);
  }),
);

test.concurrent(
  'links inside the site, mail links and the right button count as nothing',
  visiting(async (visit) => {
    await open(visit);
    await visit.page.click('#in');
    await visit.page.click('#mail');
    await visit.page.click('#out', { button: 'right' });
    await leftOnly(visit, []);
  }),
);

test.concurrent(
  'downloads count by extension and by attribute',
  visiting(async (visit) => {
    await open(visit);
    await visit.page.click('#file');
    await nextAct(visit);
    await visit.page.click('#named');
    await leftOnly(visit, [
      ['file_download', `${visit.url}/files/report.pdf`],
      ['file_download', `${visit.url}/files/export`],
    ]);
  }),
);

test.concurrent(
  'the site can name the extensions that are downloads',
  visiting(async (visit) => {
    await visit.page.goto(`${visit.url}/downloads`);
    await visit.until(() => expect(visit.of('page_view')).toHaveLength(1));
    await visit.page.evaluate(() => addEventListener('click', (event) => event.preventDefault()));
    await visit.page.click('#odd');
    await visit.page.click('#pdf');
    await leftOnly(visit, [['file_download', `${visit.url}/a.stl`]]);
  }),
);

test.concurrent(
  'a tagged element counts as its event, with its properties, before the link that it is',
  visiting(async (visit) => {
    await open(visit);
    await visit.page.click('#inner');
    await nextAct(visit);
    await visit.page.click('#tagged-out');
    await visit.quiet();

    expect(visit.of('custom')).toEqual([
      expect.objectContaining({ name: 'Signup', properties: { plan: 'pro' } }),
      expect.objectContaining({ name: 'Partner', properties: { name: 'Acme' } }),
    ]);
    expect(acts(visit)).toHaveLength(2);
  }),
);

test.concurrent(
  'an element tagged later counts too, and a label with its input is one act',
  visiting(async (visit) => {
    await open(visit);
    await visit.page.evaluate(() => {
      document.body.insertAdjacentHTML(
        'beforeend',
        '<button id="late" data-footfall-event="Late">Late</button>',
      );
    });
    await visit.page.click('#late');
    await nextAct(visit);
    await visit.page.click('#label');
    await leftOnly(visit, [
      ['custom', 'Late'],
      ['custom', 'Agree'],
    ]);
  }),
);

test.concurrent(
  'a form counts when it is submitted: not when it is invalid, but with novalidate, and by script',
  visiting(async (visit) => {
    await open(visit);
    const submit = (id: string) =>
      visit.page.evaluate((name) => document.querySelector<HTMLFormElement>(`#${name}`)?.requestSubmit(), id);
    await submit('search');
    await submit('loose');
    await visit.page.fill('#q', 'shoes');
    await nextAct(visit);
    await submit('search');
    await leftOnly(visit, [
      ['form_submit', 'loose'],
      ['form_submit', 'search'],
    ]);
  }),
);

test.concurrent(
  'a tagged form counts as its event, not for clicks into it; a tagged button and its submit are one act',
  visiting(async (visit) => {
    await open(visit);
    await visit.page.click('#about');
    await visit.page.evaluate(() => document.querySelector<HTMLFormElement>('#contact')?.requestSubmit());
    await nextAct(visit);
    await visit.page.evaluate(() => {
      addEventListener('click', (event) => event.stopImmediatePropagation(), true);
    });
    await visit.page.click('#both-go');
    await leftOnly(visit, [
      ['custom', 'Contact'],
      ['custom', 'Buy'],
    ]);
  }),
);

for (const [what, id, expected] of [
  ['an outbound link', 'out', ['outbound_link', 'http://127.0.0.1:9/x']],
  ['a download', 'file', ['file_download', '/files/report.pdf']],
  ['a tagged link', 'tagged', ['custom', 'Offer']],
  ['a form', 'go', ['form_submit', 'search']],
] as const) {
  test.concurrent(
    `${what} that leaves the page 100 ms after its load, with the lazy file still on its way, arrives`,
    visiting(async (visit) => {
      const { page, url, until, of, quiet, withhold } = visit;
      withhold('footfall-later.js');
      await page.goto(`${url}/leaving`);
      await until(() => expect(of('page_view')).toHaveLength(1));
      // By the page's own timers, behind those that set the listeners.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
      await page.click(`#${id}`, { noWaitAfter: true }).catch(() => undefined);
      const acted = () => acts(visit).map(([kind, target]) => [kind, target?.replace(url, '')]);
      await until(() => expect(acted()).toEqual([expected]));
      await quiet();

      expect(acted()).toEqual([expected]);
      const [shown] = of('page_view');
      expect(of('engagement')).toEqual([
        expect.objectContaining({ pageView: shown?.id, url: `${url}/leaving`, scrollPercent: 0 }),
      ]);
      expect(of('engagement')[0]?.engagedMs).toBeGreaterThan(100);
    }),
  );
}
