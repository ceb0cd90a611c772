import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRateLimit } from '../../../collector/rate-limit.ts';
import { batch, CHROME, NOON, openDoors, pageView } from '../doors.ts';

const YEARS_BACK = '2019-03-04T05:06:07.089Z';

let doors: Awaited<ReturnType<typeof openDoors>>;
beforeEach(async () => {
  doors = await openDoors({
    keys: {
      find: async (secret) => (secret === 'secret' ? { siteId: 'shop', scopes: ['import'] } : undefined),
    },
  });
});
afterEach(() => doors.close());

function basic(key: string) {
  return {
    authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    'content-type': 'application/json',
  };
}

function send(path: string, body: unknown, key = 'shop') {
  return doors.post(body, basic(key), path);
}

test('each path takes its kind of message', async () => {
  const whom = { userId: 'ann' };
  await send('/v1/track', {
    ...whom,
    event: 'Song Played',
    properties: { name: 'Fly', song: { length: 200 }, tags: ['a'] },
  });
  await send('/v1/page', {
    ...whom,
    name: 'Home',
    properties: { url: 'https://shop.example/tea?utm_source=mail' },
  });
  await send('/v1/screen', { ...whom, name: 'Main' });
  await send('/v1/identify', { ...whom, traits: { plan: 'pro', address: { city: 'Bonn' } } });
  await send('/v1/group', { ...whom, groupId: 7, traits: { seats: 5 } });
  await send('/v1/alias', { ...whom, previousId: 'ann-before' });

  expect(doors.rows.map(({ kind, name }) => [kind, name])).toEqual([
    ['custom', 'Song Played'],
    ['page_view', 'page_view'],
    ['screen', 'Main'],
    ['identify', 'identify'],
    ['group', 'group'],
    ['alias', 'alias'],
  ]);
  const [track, page, , identify, group, alias] = doors.rows;
  expect(track).toMatchObject({
    properties: { name: 'Fly', tags: '["a"]' },
    numeric_properties: { 'song.length': 200 },
  });
  expect(page).toMatchObject({ path: '/tea', source: 'mail', title: 'Home' });
  expect(identify).toMatchObject({ user_id: 'ann', properties: { plan: 'pro', 'address.city': 'Bonn' } });
  expect(group).toMatchObject({ account_id: '7', numeric_properties: { seats: 5 } });
  expect(alias).toMatchObject({ user_id: 'ann', target: 'ann-before' });
  expect(new Set(doors.rows.map((row) => row.visitor_id)).size).toBe(1);
  expect(doors.rows.every((row) => row.sent_by === 'server')).toBe(true);
});

test('the calling server’s own address and agent are never used', async () => {
  await send('/v1/track', { userId: 'ann', event: 'Paid' });

  expect(doors.rows[0]).toMatchObject({ browser: '', os: '', device: '' });
  expect(doors.rows[0]?.country).toBeUndefined();
});

test('an order sent by a server is that of the visitor whom it names, by lasting id or by address and browser', async () => {
  const order = {
    event: 'Order Completed',
    properties: { order_id: 'A-1', revenue: '19.99', currency: 'usd' },
  };
  await doors.post(batch([pageView()], { anonymousId: 'device-1', consent: 'granted' }));
  await doors.post(batch([pageView()]));
  await send('/v1/track', { ...order, anonymousId: 'device-1' });
  await send('/v1/track', { ...order, context: { ip: '81.2.69.142', userAgent: CHROME } });

  const [lasting, cookieless, ofLasting, ofCookieless] = doors.rows;
  expect(ofLasting).toMatchObject({
    visitor_id: lasting?.visitor_id,
    revenue: '19.9900',
    currency: 'USD',
    order_id: 'A-1',
  });
  expect(ofCookieless).toMatchObject({
    visitor_id: cookieless?.visitor_id,
    country: 'GB',
    browser: 'Chrome',
  });
  expect(JSON.stringify(doors.rows)).not.toContain('81.2.69.142');
});

test('a refund takes back money and is not the order’s repeat', async () => {
  await send('/v1/track', {
    userId: 'ann',
    event: 'Order Refunded',
    properties: { order_id: 'A-1', total: 19.99 },
  });

  expect(doors.rows[0]).toMatchObject({ revenue: '-19.9900', currency: 'EUR' });
  expect(doors.rows[0]?.order_id).toBeUndefined();
});

test('times years back need a secret key, and are then taken as they are', async () => {
  const message = { type: 'track', event: 'Old', userId: 'ann', timestamp: YEARS_BACK };

  const refused = await send('/v1/batch', { batch: [message] });
  const taken = await send('/v1/batch', { batch: [message] }, 'secret');

  expect(refused.body).toMatchObject({ accepted: 0, refused: [{ index: 0, reason: 'malformed' }] });
  expect(taken.body).toMatchObject({ success: true, accepted: 1, refused: [] });
  expect(doors.rows).toHaveLength(1);
  expect(doors.rows[0]).toMatchObject({ time: Date.parse(YEARS_BACK), sent_by: 'import' });
});

test('an import brings years at once, and each message says what it is', async () => {
  const messages = ['2014', '2019', '2024'].map((year) => ({
    type: 'track',
    event: 'Order Completed',
    userId: 'ann',
    messageId: `order-${year}`,
    timestamp: `${year}-03-04T05:06:07.089Z`,
    properties: { order_id: year, total: 10 },
  }));

  const answer = await send(
    '/v1/import',
    { batch: [...messages, { type: 'identify', userId: 'ann' }] },
    'secret',
  );

  expect(answer.body).toMatchObject({ success: true, accepted: 4, refused: [] });
  expect(doors.rows.map((row) => [row.kind, row.sent_by, new Date(row.time).getUTCFullYear()])).toEqual([
    ['custom', 'import', 2014],
    ['custom', 'import', 2019],
    ['custom', 'import', 2024],
    ['identify', 'server', 2026],
  ]);
});

test('a batch is answered per message, and its context holds for all', async () => {
  const answer = await send('/v1/batch', {
    context: { ip: '8.8.8.8' },
    batch: [
      { type: 'track', event: 'Seen', messageId: 'm-1' },
      { type: 'track', messageId: 'm-2' },
      { type: 'dance', messageId: 'm-3' },
      { type: 'track', event: 'Seen', messageId: 'm-4', timestamp: 'yesterday' },
      { type: 'track', event: 'Seen', messageId: 'm-5', properties: [1] },
    ],
  });

  expect(answer.status).toBe(200);
  expect(answer.body.accepted).toBe(1);
  expect(answer.body.refused.map(({ id, message }) => [id, message])).toEqual([
    ['m-2', 'Expected "batch[1].event" to be a text that is not empty, got nothing'],
    ['m-3', 'Expected "batch[2].type" to be one of track, page, screen, identify, group, alias, got "dance"'],
    ['m-4', 'Expected "batch[3].timestamp" to be an ISO 8601 date, got "yesterday"'],
    ['m-5', 'Expected "batch[4].properties" to be an object, got an array of 1'],
  ]);
  expect(doors.rows[0]?.country).toBe('US');
});

test('the same message id is the same event, by any door', async () => {
  await send('/v1/track', { userId: 'ann', event: 'Paid', messageId: 'order-1' });
  await send('/v1/batch', { batch: [{ type: 'track', userId: 'ann', event: 'Paid', messageId: 'order-1' }] });

  expect(doors.rows[1]?.event_id).toBe(doors.rows[0]?.event_id);
});

test.each([
  ['a key nobody has', basic('nobody'), 401],
  ['no key', {}, 401],
])('%s is refused', async (_, headers, status) => {
  const answer = await doors.post({ userId: 'ann', event: 'Paid' }, headers, '/v1/track');

  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toMatch(/^Expected/);
});

test('a message about nobody is refused', async () => {
  const answer = await send('/v1/track', { event: 'Paid' });

  expect(answer.body.refused[0]?.message).toContain('userId, anonymousId or context.ip');
});

test('gzip is taken, and what unpacks to more than may come is refused without being unpacked whole', async () => {
  const message = gzipSync(JSON.stringify({ userId: 'ann', event: 'Paid' }));
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  const headers = { ...basic('shop'), 'content-encoding': 'gzip' };

  expect((await doors.post(new Blob([message]), headers, '/v1/track')).status).toBe(200);
  expect((await doors.post(new Blob([bomb]), headers, '/v1/track')).status).toBe(413);
  expect((await doors.post(new Blob(['no gzip']), headers, '/v1/track')).status).toBe(400);
  expect((await doors.post(new Blob([message]), headers, '/events')).status).toBe(415);
});

test('limits hold: 2,500 messages, 32 KiB each, 512 KiB in all', async () => {
  const message = { type: 'track', userId: 'ann', event: 'Seen' };
  const large = { ...message, properties: { text: 'x'.repeat(33_000) } };

  expect((await send('/v1/batch', { batch: Array(2_500).fill(message) })).body.accepted).toBe(2_500);
  expect((await send('/v1/batch', { batch: Array(2_501).fill(message) })).status).toBe(400);
  expect((await send('/v1/batch', { batch: [message, large] })).body).toMatchObject({ accepted: 1 });
  expect((await send('/v1/batch', { batch: Array(20).fill(large) })).status).toBe(413);
});

test('whoever sends too much is asked to wait, at every door', async () => {
  const limited = await openDoors({
    rateLimit: createRateLimit({ now: () => NOON, perAddress: 1, perSite: 0 }),
  });

  const answers = [];
  for (let sent = 0; sent < 11; sent += 1) answers.push(await limited.post(batch()));
  const message = await limited.post({ userId: 'ann', event: 'Paid' }, basic('shop'), '/v1/track');

  expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(202), 429]);
  expect(answers.at(-1)?.headers.get('retry-after')).toBe('1');
  expect(message.status).toBe(429);
  expect(limited.counters.read().get('shop')?.dropped).toEqual({ rate_limited: 2 });
  await limited.close();
});

test('a browser library learns where to send, for a site that is known', async () => {
  const settings = await fetch(`http://127.0.0.1:${doors.port}/v1/projects/shop/settings`);
  const unknown = await fetch(`http://127.0.0.1:${doors.port}/v1/projects/nobody/settings`);

  expect(await settings.json()).toMatchObject({
    integrations: {
      'Segment.io': { apiKey: 'shop', apiHost: `127.0.0.1:${doors.port}/v1`, protocol: 'http' },
    },
  });
  expect(settings.headers.get('access-control-allow-origin')).toBe('*');
  expect(unknown.status).toBe(404);
});
