import { afterEach, expect, test } from 'vitest';
import { SpoolFull } from '../../collector/spool/spool-error.ts';
import { CHROME, openDoors } from './doors.ts';

let doors: Awaited<ReturnType<typeof openDoors>>;
afterEach(() => doors.close());

function load(query: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(`http://127.0.0.1:${doors.port}/pixel.gif${query}`, {
    method,
    headers: { 'user-agent': CHROME, 'x-forwarded-for': '81.2.69.142', ...headers },
  });
}

test('a page without JavaScript is counted by its picture', async () => {
  doors = await openDoors();

  const answer = await load('?site=shop', { referer: 'https://shop.example/tea' });

  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('image/gif');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(0, 6)
      .toString(),
  ).toBe('GIF89a');
  expect(doors.rows).toMatchObject([{ kind: 'page_view', path: '/tea', browser: 'Chrome', country: 'GB' }]);
});

test('the tag may say which page it is, and two showings are two page views', async () => {
  doors = await openDoors();
  const page = `&url=${encodeURIComponent('https://shop.example/mail?utm_source=mail')}&title=Mail`;

  await load(`?site=shop${page}`);
  await load(`?site=shop${page}`);

  expect(doors.rows).toMatchObject([{ path: '/mail', source: 'mail', title: 'Mail' }, { path: '/mail' }]);
  expect(doors.rows[0]?.event_id).not.toBe(doors.rows[1]?.event_id);
});

test.each([
  ['an unknown site', '?site=nobody&url=https://shop.example/'],
  ['no site', ''],
  ['no page', '?site=shop'],
])('%s: a picture all the same, and nothing counted', async (_, query) => {
  doors = await openDoors();

  const answer = await load(query);

  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-footfall-counted')).toBe('no');
  expect(doors.rows).toEqual([]);
  expect(doors.failures).toEqual([]);
});

test('a full spool: a picture all the same', async () => {
  doors = await openDoors({ spool: { append: () => Promise.reject(new SpoolFull('full')) } });

  const answer = await load('?site=shop&url=https://shop.example/');

  expect(answer.headers.get('x-footfall-counted')).toBe('no');
  expect(doors.failures).toEqual([]);
});

test('looking at the picture’s headers counts nothing', async () => {
  doors = await openDoors();

  await load('?site=shop&url=https://shop.example/', {}, 'HEAD');

  expect(doors.rows).toEqual([]);
});
