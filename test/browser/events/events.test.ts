import { expect, test } from 'vitest';
import { html, openSite } from '../site.ts';

const STUB =
  '<script>window.footfall||=new Proxy([],{get:(q,n)=>q[n]??((...a)=>{q.push(f=>f[n](...a))})})</script>';
const visiting = openSite({
  '/': html(),
  '/early': html('', {
    head: `${STUB}<script>
      footfall.properties({ plan: 'free' });
      footfall.before((event) => (event.name === 'Secret' ? null : { ...event, properties: { ...event.properties, seen: true } }));
      footfall.identify('u-1');
      footfall.track('Early', { n: 1 });
      footfall.track('Secret');
      footfall.nonsense();
    </script>`,
  }),
});

test.concurrent(
  'a custom event keeps the types of its properties; several travel together',
  visiting(async ({ page, url, arrived, of, until, quiet }) => {
    await page.goto(url);
    await until(() => expect(arrived).toHaveLength(1));
    await page.evaluate(() => {
      footfall.track('Search', {
        query: 'shoes',
        results: 3,
        personal: false,
        none: null,
        missing: undefined,
      });
      footfall.track(
        'Purchase',
        { plan: 'pro' },
        { revenue: { amount: 19.99, currency: 'EUR' }, orderId: 'A-17' },
      );
    });
    await quiet();

    expect(arrived).toHaveLength(2);
    const view = of('page_view')[0]?.id;
    expect(arrived[1]?.batch.events).toEqual([
      {
        kind: 'custom',
        id: expect.any(String),
        at: expect.any(Number),
        url: `${url}/`,
        pageView: view,
        seq: 1,
        name: 'Search',
        properties: { query: 'shoes', results: 3, personal: false },
      },
      expect.objectContaining({
        seq: 2,
        name: 'Purchase',
        properties: { plan: 'pro' },
        revenue: { amount: 19.99, currency: 'EUR' },
        orderId: 'A-17',
      }),
    ]);
  }),
);

test.concurrent(
  'calls made before the script is there are kept by the stub; settings among them hold for the first page view',
  visiting(async ({ page, url, arrived, events, of, until, quiet }) => {
    const faults: Error[] = [];
    page.on('pageerror', (error) => faults.push(error));
    await page.goto(`${url}/early`);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await quiet();

    expect(faults).toEqual([]);
    expect(arrived).toHaveLength(1);
    expect(arrived[0]?.batch.userId).toBe('u-1');
    expect(events().map((event) => [event.kind, 'properties' in event && event.properties])).toEqual([
      ['page_view', { plan: 'free', seen: true }],
      ['identify', { seen: true }],
      ['custom', { plan: 'free', n: 1, seen: true }],
    ]);
  }),
);

test.concurrent(
  'global properties, given as an object or a function, go with what happens after',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(url);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.evaluate(() => {
      let count = 0;
      footfall.properties(() => {
        count += 1;
        return { count };
      });
      footfall.track('One', { own: true });
      footfall.track('Two', { count: 'own' });
    });
    await until(() => expect(of('custom')).toHaveLength(2));

    expect(of('custom').map(({ properties }) => properties)).toEqual([
      { count: 1, own: true },
      { count: 'own' },
    ]);
  }),
);

test.concurrent(
  'a hook that fails, and calls with nonsense, lose an event at most and never harm the page',
  visiting(async ({ page, url, of, until }) => {
    const faults: Error[] = [];
    page.on('pageerror', (error) => faults.push(error));
    await page.goto(url);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.evaluate(() => {
      // @ts-expect-error a page without types calls as it likes
      footfall.track();
      // @ts-expect-error
      footfall.track({ name: 'object' });
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      footfall.before(() => {
        throw new Error('the hook failed');
      });
      footfall.track('Lost');
      footfall.before((event) => event);
      footfall.track('Kept');
    });
    await until(() => expect(of('custom')).toHaveLength(1));

    expect(of('custom').map(({ name }) => name)).toEqual(['Kept']);
    expect(faults).toEqual([]);
  }),
);

test.concurrent(
  'what exceeds the wire is cut to it',
  visiting(async ({ page, url, of, until }) => {
    await page.goto(url);
    await until(() => expect(of('page_view')).toHaveLength(1));
    await page.evaluate(() => {
      document.title = 't'.repeat(2_000);
      footfall.track('n'.repeat(500), { text: 'x'.repeat(5_000) });
      footfall.page();
    });
    await until(() => expect(of('page_view')).toHaveLength(2));

    expect(of('custom')[0]?.name).toHaveLength(100);
    expect(of('custom')[0]?.properties?.text).toHaveLength(1_000);
    expect(of('page_view')[1]?.title).toHaveLength(300);
  }),
);
