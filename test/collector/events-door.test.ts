import { afterEach, expect, test } from 'vitest';
import { SpoolFull } from '../../collector/spool/spool-error.ts';
import { batch, NOON, openDoors, pageView } from './doors.ts';

let doors: Awaited<ReturnType<typeof openDoors>>;
afterEach(() => doors.close());

test('a page view becomes a row that says who came from where with what', async () => {
  doors = await openDoors();

  const event = pageView({
    url: 'https://Shop.Example/caf%C3%A9?q=tea&utm_source=Newsletter&utm_medium=email&secret=1',
    referrer: 'https://www.google.de/',
    title: 'Café',
  });
  const answer = await doors.post(batch([event], { screenWidth: 1280 }));

  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({ accepted: 1, refused: [] });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(doors.rows).toHaveLength(1);
  expect(doors.rows[0]).toMatchObject({
    site_id: 'shop',
    time: NOON,
    kind: 'page_view',
    name: 'page_view',
    sent_by: 'browser',
    hostname: 'shop.example',
    path: '/café',
    query: 'q=tea',
    title: 'Café',
    referrer: 'www.google.de',
    source: 'newsletter',
    medium: 'email',
    channel: 'Email',
    country: 'GB',
    language: 'en-GB',
    browser: 'Chrome',
    browser_version: '141',
    os: 'Windows',
    device: 'desktop',
    screen: 'xl',
  });
  expect(doors.rows[0]?.page_view_id).toBe(doors.rows[0]?.event_id);
  expect(JSON.stringify(doors.rows)).not.toContain('81.2.69.142');
});

test('good events of a batch are stored, the others are named with what is wrong', async () => {
  doors = await openDoors();

  const answer = await doors.post(batch([pageView(), pageView({ at: 'now', id: 'bad' }), pageView()]));

  expect(answer.status).toBe(202);
  expect(answer.body.accepted).toBe(2);
  expect(answer.body.refused).toEqual([
    {
      index: 1,
      id: 'bad',
      reason: 'malformed',
      message: 'Expected "events[1].at" to be milliseconds since the epoch, got "now"',
    },
  ]);
  expect(doors.counters.read().get('shop')).toEqual({ accepted: 2, stored: 0, dropped: { malformed: 1 } });
});

test('a full spool answers 503 with Retry-After, and nothing counts as accepted', async () => {
  doors = await openDoors({ spool: { append: () => Promise.reject(new SpoolFull('full')) } });

  const answer = await doors.post(batch());

  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(doors.counters.read().get('shop')).toEqual({ accepted: 0, stored: 0, dropped: { unavailable: 1 } });
});
