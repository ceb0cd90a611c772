import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DoorKey } from '../../collector/keys.ts';
import { batch, CHROME, NOON, openDoors, pageView } from './doors.ts';

const DAY = 86_400_000;
const KEYS: Record<string, DoorKey> = {
  good: { siteId: 'shop', scopes: ['import'] },
  other: { siteId: 'blog', scopes: ['import'] },
  reader: { siteId: 'shop', scopes: ['report'] },
};

let doors: Awaited<ReturnType<typeof openDoors>>;
beforeEach(async () => {
  doors = await openDoors({ keys: { find: async (secret) => KEYS[secret] } });
});
afterEach(() => doors.close());

function post(body: object, key = 'good') {
  return doors.post({ sentBy: 'browser', ...body }, { authorization: `Bearer ${key}` }, '/v1/events');
}

test('a key takes events of any time as they are, each about a visitor of its own', async () => {
  const at = NOON - 80 * DAY;
  const address = { ip: '8.8.8.8', userAgent: CHROME };
  const answer = await post(
    batch([
      pageView({ at, ...address, language: 'de-DE' }),
      pageView({ at: at + 60_000, ...address }),
      pageView({ at: at + DAY, ...address }),
      pageView({ at, anonymousId: 'device', userId: 'ann', test: true }),
    ]),
  );

  expect(answer.body).toEqual({ accepted: 4, refused: [] });
  const [first, second, nextDay, named] = doors.rows;
  expect(first).toMatchObject({
    time: at,
    sent_by: 'browser',
    country: 'US',
    browser: 'Chrome',
    language: 'de-DE',
  });
  expect(first?.is_time_corrected).toBeUndefined();
  expect(second?.visitor_id).toBe(first?.visitor_id);
  expect(second?.session_hint).toBe(first?.session_hint);
  expect(nextDay?.visitor_id).not.toBe(first?.visitor_id);
  expect(named).toMatchObject({ anonymous_id: 'device', user_id: 'ann', is_test: true });
});

test('a session that runs over midnight keeps its imported visitor', async () => {
  const midnight = Date.UTC(2026, 9, 5);
  const whom = { ip: '8.8.8.8', userAgent: CHROME };

  await post(
    batch([pageView({ at: midnight - 60_000, ...whom }), pageView({ at: midnight + 60_000, ...whom })]),
  );

  expect(doors.rows[1]?.visitor_id).toBe(doors.rows[0]?.visitor_id);
});

test('what a server knows by address and browser is the visitor whom the browser itself is', async () => {
  await doors.post(batch([pageView()]));
  await post({ ...batch([pageView({ ip: '::ffff:81.2.69.142', userAgent: CHROME })]), sentBy: 'server' });

  expect(doors.rows[1]).toMatchObject({ visitor_id: doors.rows[0]?.visitor_id, sent_by: 'server' });
});

test('an event about nobody is refused, the others are stored', async () => {
  const answer = await post(batch([pageView(), pageView({ userId: 'ann' })]));

  expect(answer.status).toBe(202);
  expect(answer.body.accepted).toBe(1);
  expect(answer.body.refused[0]?.message).toContain('anonymousId, userId or ip');
});

test.each([
  ['no key', {}, 401],
  ['an unknown key', { authorization: 'Bearer nobody' }, 401],
  ['a key that only reads', { authorization: 'Bearer reader' }, 403],
  ['a key to another site', { authorization: 'Bearer other' }, 403],
])('%s is refused', async (_, headers, status) => {
  const body = { ...batch([pageView({ userId: 'ann' })]), sentBy: 'import' };

  const answer = await doors.post(body, headers, '/v1/events');

  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toMatch(/^Expected/);
  expect(doors.rows).toEqual([]);
});

test('while keys cannot be looked up, an import is asked to come again', async () => {
  const away = await openDoors({ keys: { find: () => Promise.reject(new Error('no answer')) } });

  const body = { ...batch([pageView({ userId: 'ann' })]), sentBy: 'import' };
  const answer = await away.post(body, { authorization: 'Bearer good' }, '/v1/events');

  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  await away.close();
});
