import { afterEach, expect, test } from 'vitest';
import { createRecentDrops } from '../../collector/recent-drops.ts';
import { SpoolFull } from '../../collector/spool/spool-error.ts';
import { batch, NOON, openDoors, pageView } from './doors.ts';

let doors: Awaited<ReturnType<typeof openDoors>>;
afterEach(() => doors?.close());

const droppedOf = (siteId: string) => doors.counters.read().get(siteId)?.dropped;
const shown = () => doors.recentDrops.read('shop');

test('each event that the door refuses is shown with its reason and with what it said of itself', async () => {
  doors = await openDoors({ settings: { excludedPaths: ['/admin/*'] } });
  const excluded = pageView({ url: 'https://shop.example/admin/ann@example.com?token=s3cret' });

  await doors.post(
    batch([
      pageView(),
      excluded,
      { ...pageView(), kind: 'custom', name: 'Sold', revenue: { amount: 'ten', currency: 'EUR' } },
    ]),
  );

  expect(shown()).toEqual([
    {
      drop_id: expect.any(String),
      dropped_ms: NOON,
      reason: 'malformed',
      events: 1,
      event_id: expect.any(String),
      kind: 'custom',
      name: 'Sold',
      path: '/',
      message: expect.stringContaining('events[2].revenue'),
    },
    {
      drop_id: expect.any(String),
      dropped_ms: NOON,
      reason: 'policy',
      events: 1,
      event_id: excluded.id,
      kind: 'page_view',
      name: '',
      path: '/admin/[email]',
      message: 'The site does not count /admin/[email]',
    },
  ]);
});

test('no address, mail or query is kept of what was dropped, wherever it stood', async () => {
  doors = await openDoors();

  await doors.post(
    batch([
      { ...pageView({ url: 'https://shop.example/203.0.113.9/?mail=eve@example.com' }), at: '203.0.113.9' },
      { ...pageView(), kind: '2001:db8::7', name: 'eve@example.com' },
    ]),
  );

  const kept = JSON.stringify(shown());
  expect(shown()).toHaveLength(2);
  for (const secret of ['203.0.113.9', '2001:db8::7', '81.2.69.142', 'eve@'])
    expect(kept).not.toContain(secret);
  expect(kept).toContain('[address]');
});

test('a batch that is refused as a whole costs all its events, of the site it names', async () => {
  doors = await openDoors();

  await doors.post({ ...batch([pageView(), pageView(), pageView()]), sentAt: 'yesterday' });

  expect(droppedOf('shop')).toEqual({ malformed: 3 });
  expect(shown()).toMatchObject([
    { reason: 'malformed', events: 3, message: expect.stringContaining('sentAt') },
  ]);
});

test('events that the spool cannot take are counted as unavailable', async () => {
  doors = await openDoors({ spool: { append: () => Promise.reject(new SpoolFull('full')) } });

  const answer = await doors.post(batch([pageView(), pageView()]));

  expect(answer.status).toBe(503);
  expect(droppedOf('shop')).toEqual({ unavailable: 2 });
});

test('a request whose body nobody reads counts as one event of nobody’s', async () => {
  doors = await openDoors();

  await doors.post('x'.repeat(70_000));
  await doors.post(batch(), { 'content-type': 'text/html' });
  await doors.post(batch(), { authorization: 'Bearer wrong' }, '/v1/events');
  await doors.post('{"no', {});

  expect(droppedOf('')).toEqual({ malformed: 3, unauthorized: 1 });
});

test('events for another site than the key’s are told to the site of the key', async () => {
  doors = await openDoors({ keys: { find: async () => ({ siteId: 'shop', scopes: ['import'] }) } });
  const events = [pageView({ userId: 'ann' }), pageView({ userId: 'ann' })];

  const answer = await doors.post(
    { version: 1, site: 'blog', sentAt: NOON, sentBy: 'import', events },
    { authorization: 'Bearer secret' },
    '/v1/events',
  );

  expect(answer.status).toBe(403);
  expect(droppedOf('shop')).toEqual({ unauthorized: 2 });
  expect(shown()).toMatchObject([{ reason: 'unauthorized', events: 2 }]);
});

test('a message of the Segment API that is dropped tells its type, name and page', async () => {
  doors = await openDoors({
    settings: { plan: { mode: 'enforce', events: [{ name: 'Sold', properties: [] }] } },
  });
  const message = {
    type: 'track',
    event: 'Bought',
    messageId: 'm1',
    userId: 'ann',
    context: { page: { url: 'https://shop.example/thanks?order=7' } },
  };

  await doors.post({ batch: [message], writeKey: 'shop' }, {}, '/v1/batch');

  expect(shown()).toMatchObject([
    { reason: 'unplanned', kind: 'track', name: 'Bought', path: '/thanks', event_id: 'm1' },
  ]);
});

test('a flood leaves the latest hundred of a site, and a made-up site leaves nothing', async () => {
  doors = await openDoors();
  const drops = createRecentDrops(() => NOON);

  for (let index = 0; index < 250; index += 1)
    drops.note('shop', [{ reason: 'policy', message: `No ${index}` }]);
  await doors.post(batch([pageView()], { site: 'made-up' }));

  expect(drops.read('shop')).toHaveLength(100);
  expect(drops.read('shop').at(-1)?.message).toBe('No 249');
  expect(doors.recentDrops.read('made-up')).toEqual([]);
});
