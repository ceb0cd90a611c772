import { expect, test } from 'vitest';
import { html, openSite, type Visit } from '../site.ts';

/** A host that is not this machine's by its name. */
const HOST = 'shop.example';

const pages = {
  '/': html(),
  '/required': html('', { attributes: 'data-consent="required"' }),
  '/required-cookieless': html('', { attributes: 'data-consent="required" data-on-denied="cookieless"' }),
  '/nothing': html('', { attributes: 'data-on-denied="nothing"' }),
  '/signals': html('', { attributes: 'data-signals="denied" data-on-denied="nothing"' }),
  '/environment': html('', { attributes: 'data-environment="production"' }),
  '/staging': html('', { attributes: 'data-environment="test"' }),
};
const visiting = openSite(pages, [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`]);

/** All that a page could have left on the device. */
const onDevice = ({ page, context }: Visit) =>
  Promise.all([
    page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    context.cookies().then((cookies) => cookies.map(({ name }) => name).filter((name) => name !== 'run')),
  ]);
const NOTHING = ['[{},{}]', []];

test.concurrent(
  'without being asked, a visitor is cookieless: nothing is kept on the device, and no id leaves it',
  visiting(async (visit) => {
    await visit.page.goto(visit.url);
    await visit.until(() => expect(visit.of('page_view')).toHaveLength(1));
    await visit.page.evaluate(() => footfall.track('Some'));
    await visit.quiet();

    expect(visit.arrived.map(({ batch }) => [batch.anonymousId, batch.consent])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(await onDevice(visit)).toEqual(NOTHING);
  }),
);

test.concurrent(
  'where consent is required nothing leaves before; a grant lets go what was held, as one page view of one visitor',
  visiting(async (visit) => {
    const { page, url, arrived, of, quiet } = visit;
    await page.goto(`${url}/required`);
    await page.evaluate(() => footfall.track('Before'));
    await quiet();
    expect(arrived).toEqual([]);
    expect(await onDevice(visit)).toEqual(NOTHING);

    await page.evaluate(() => footfall.consent('granted'));
    await quiet();
    expect(of('page_view')).toHaveLength(1);
    expect(of('custom')).toMatchObject([{ name: 'Before', pageView: of('page_view')[0]?.id, seq: 1 }]);
    expect(new Set(arrived.map(({ batch }) => batch.anonymousId)).size).toBe(1);
    expect(arrived[0]?.batch).toMatchObject({
      consent: 'granted',
      anonymousId: expect.stringMatching(/^\w{18,}$/),
    });
  }),
);

test.concurrent(
  'a granted id is kept for the next page, and forgotten when consent is withdrawn',
  visiting(async (visit) => {
    const { page, url, arrived, until, quiet } = visit;
    await page.goto(url);
    await page.evaluate(() => {
      footfall.consent('granted');
      footfall.track('Agreed');
    });
    await until(() => expect(arrived.at(-1)?.batch.consent).toBe('granted'));
    const id = arrived.at(-1)?.batch.anonymousId;
    await page.goto(`${url}/?again`);
    await until(() => expect(arrived.at(-1)?.batch.events[0]?.kind).toBe('page_view'));
    expect(arrived.at(-1)?.batch).toMatchObject({ anonymousId: id, consent: 'granted' });

    await page.evaluate(() => {
      footfall.consent('denied');
      footfall.track('After');
    });
    await until(() => expect(arrived.at(-1)?.batch.consent).toBe('denied'));
    await quiet();
    expect(arrived.at(-1)?.batch).not.toHaveProperty('anonymousId');
    expect(await onDevice(visit)).toEqual(NOTHING);
  }),
);

test.concurrent(
  'a refusal where consent is required means that nothing leaves, then or later',
  visiting(async ({ page, url, arrived, quiet }) => {
    await page.goto(`${url}/required`);
    await page.evaluate(() => {
      footfall.consent('denied');
      footfall.track('After');
    });
    await quiet();
    await page.goto('about:blank');
    await quiet();

    expect(arrived).toEqual([]);
  }),
);

test.concurrent(
  'a refusal means nothing, or a cookieless count, as the tag says',
  visiting(async (visit) => {
    await visit.page.goto(`${visit.url}/nothing`);
    await visit.until(() => expect(visit.of('page_view')).toHaveLength(1));
    await visit.page.evaluate(() => {
      footfall.consent('denied');
      footfall.track('Not counted');
    });
    await visit.quiet();
    expect(visit.of('custom')).toEqual([]);

    await visit.page.goto(`${visit.url}/required-cookieless`);
    await visit.page.evaluate(() => {
      footfall.consent('denied');
      footfall.track('Counted');
    });
    await visit.until(() => expect(visit.of('custom')).toHaveLength(1));
    expect(visit.arrived.at(-1)?.batch).toMatchObject({ consent: 'denied' });
    expect(await onDevice(visit)).toEqual(NOTHING);
  }),
);

test.concurrent(
  'Global Privacy Control is a refusal where the site says so',
  visiting(async ({ page, url, arrived, of, until, quiet }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
    await page.goto(`${url}/signals`);
    await quiet();
    expect(arrived).toEqual([]);

    await page.goto(url);
    await until(() => expect(of('page_view')).toHaveLength(1));
  }),
);

test.concurrent(
  'Do Not Track is a refusal where the site says so',
  visiting(async ({ page, url, arrived, quiet }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'doNotTrack', { value: '1' }));
    await page.goto(`${url}/signals`);
    await quiet();

    expect(arrived).toEqual([]);
  }),
);

test.concurrent(
  'the owner can exclude a browser, whatever its consent',
  visiting(async ({ page, url, arrived, quiet }) => {
    await page.addInitScript(() => localStorage.setItem('footfall_off', '1'));
    await page.goto(url);
    await page.evaluate(() => {
      footfall.track('Mine');
      footfall.consent('denied');
      footfall.consent('granted');
    });
    await quiet();
    expect(await page.evaluate(() => localStorage.getItem('footfall_off'))).toBe('1');
    await page.goto('about:blank');
    await quiet();

    expect(arrived).toEqual([]);
  }),
);

test.concurrent(
  'an automated browser is marked as test, unless the tag names another environment',
  visiting(async ({ page, url, arrived, until }) => {
    await page.goto(url);
    await until(() => expect(arrived).toHaveLength(1));
    expect(arrived[0]?.batch.test).toBe(true);
    await page.goto(`${url}/environment`);
    await until(() => expect(arrived.at(-1)?.batch.events[0]?.url).toBe(`${url}/environment`));

    expect(arrived.at(-1)?.batch).not.toHaveProperty('test');
  }),
);

test.concurrent(
  'a visitor of a public host is not marked as test, unless the tag says so',
  visiting(async ({ page, context, url, arrived, until }) => {
    const shop = url.replace('localhost', HOST);
    const [cookie] = await context.cookies(url);
    await context.addCookies([{ name: 'run', value: cookie?.value ?? '', url: shop }]);
    await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { value: false }));
    await page.goto(shop);
    await until(() => expect(arrived).toHaveLength(1));
    await page.goto(`${shop}/staging`);
    // What the first page sends on its way out may come last.
    const staging = () => arrived.find(({ batch }) => batch.events[0]?.url === `${shop}/staging`);
    await until(() => expect(staging()).toBeDefined());

    expect([arrived[0]?.batch.test, staging()?.batch.test]).toEqual([undefined, true]);
  }),
);

test.concurrent(
  'localhost is marked as test without automation too',
  visiting(async ({ page, url, otherUrl, arrived, until }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { value: false }));
    for (const origin of [url, otherUrl]) {
      const before = arrived.length;
      await page.goto(origin);
      await until(() => expect(arrived.length).toBeGreaterThan(before));

      expect(arrived.at(-1)?.batch.test).toBe(true);
    }
  }),
);

test.concurrent(
  'identify names the batch; what waited goes out before, under the old name; reset makes anonymous again',
  visiting(async ({ page, url, arrived, until, quiet }) => {
    await page.goto(url);
    await page.evaluate(() => footfall.consent('granted'));
    await until(() => expect(arrived.length).toBeGreaterThan(0));
    await quiet();
    const before = arrived.length;
    await page.evaluate(() => {
      footfall.track('Anonymous');
      footfall.identify(42, { name: 'Ada' });
      footfall.group('acme', { seats: 3 });
      footfall.track('Known');
      footfall.reset();
      footfall.track('Anonymous again');
    });
    await quiet();

    const after = arrived.slice(before);
    const told = after.map(({ batch: { userId, accountId, events } }) => [
      userId,
      accountId,
      events.map((event) => ('name' in event ? event.name : event.kind)),
    ]);
    expect(told).toEqual([
      [undefined, undefined, ['Anonymous']],
      ['42', undefined, ['identify']],
      ['42', 'acme', ['group', 'Known', 'reset']],
      [undefined, undefined, ['Anonymous again']],
    ]);
    const ids = after.map(({ batch }) => batch.anonymousId);
    expect(ids[0]).toBe(ids[2]);
    expect(ids[3]).toMatch(/^\w{18,}$/);
    expect(ids[3]).not.toBe(ids[0]);
  }),
);
