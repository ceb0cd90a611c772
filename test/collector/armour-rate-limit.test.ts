/** Who may send how much, and whose address counts: the rightmost that no trusted proxy has. */
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../collector/config.ts';
import { createAddressMatcher } from '../../collector/enrich/address.ts';
import { createRateLimit } from '../../collector/rate-limit.ts';
import { batch, NOON, openDoors, pageView } from './doors.ts';

let doors: Awaited<ReturnType<typeof openDoors>>;
afterEach(() => doors.close());

function limited(perAddress: number, perSite = 0) {
  return { rateLimit: createRateLimit({ now: () => doors.clock.now, perAddress, perSite }) };
}

/** Ten events at once. */
const ten = () => batch(Array.from({ length: 10 }, () => pageView()));

const from = (forwarded: string) => ({ 'x-forwarded-for': forwarded });

async function statusOf(forwarded: string): Promise<number> {
  return (await doors.post(ten(), from(forwarded))).status;
}

test('who sends more than their share gets 429 with the seconds to wait, and is taken after them', async () => {
  doors = await openDoors(limited(2));

  const first = await doors.post(ten());
  const second = await doors.post(ten());
  const third = await doors.post(ten());
  const waitSeconds = Number(third.headers.get('retry-after'));
  doors.clock.now += waitSeconds * 1_000 - 1;
  const early = await doors.post(ten());
  doors.clock.now += 1;
  const late = await doors.post(ten());

  expect([first, second, third, early, late].map(({ status }) => status)).toEqual([202, 202, 429, 429, 202]);
  expect(waitSeconds).toBe(5);
  expect(third.body.error).toMatchObject({ code: 'rate_limited', message: expect.stringContaining('5 s') });
  expect(doors.rows).toHaveLength(30);
  expect(doors.counters.read().get('shop')?.dropped.rate_limited).toBe(20);
});

test('both limits are the operator’s to set', () => {
  const set = readConfig({ FOOTFALL_EVENTS_PER_ADDRESS: '5', FOOTFALL_EVENTS_PER_SITE: '5000' });

  expect(set).toMatchObject({ eventsPerAddress: 5, eventsPerSite: 5_000 });
  expect(readConfig({})).toMatchObject({ eventsPerAddress: 100, eventsPerSite: 0 });
  expect(() => readConfig({ FOOTFALL_EVENTS_PER_SITE: '-1' })).toThrow('a whole number of events a second');
});

test('one address does not use up the share of another; a site has a limit of its own', async () => {
  doors = await openDoors(limited(2, 4));

  const busy = [await statusOf('203.0.113.1'), await statusOf('203.0.113.1'), await statusOf('203.0.113.1')];
  const others = [
    await statusOf('203.0.113.2'),
    await statusOf('203.0.113.3'),
    await statusOf('203.0.113.4'),
  ];

  expect(busy).toEqual([202, 202, 429]);
  expect(others).toEqual([202, 202, 429]);
});

test('all addresses of one IPv6 network of 64 bits share; the next network does not', async () => {
  doors = await openDoors(limited(1));

  expect(await statusOf('2001:db8:1:2::1')).toBe(202);
  expect(await statusOf('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(429);
  expect(await statusOf('2001:db8:1:3::1')).toBe(202);
});

test('what a client writes into X-Forwarded-For itself changes nothing', async () => {
  doors = await openDoors(limited(1));

  const statuses = [
    await statusOf('203.0.113.9'),
    await statusOf('1.1.1.1, 203.0.113.9'),
    await statusOf('127.0.0.1, 203.0.113.9'),
    await statusOf('203.0.113.9, 127.0.0.1'),
    await statusOf('unknown, , _hidden, 203.0.113.9:4711'),
    await statusOf(`${'9.9.9.9, '.repeat(500)}::ffff:203.0.113.9`),
  ];

  expect(statuses).toEqual([202, 429, 429, 429, 429, 429]);
  expect(new Set(doors.rows.map((row) => row.visitor_id)).size).toBe(1);
});

test('through a chain of proxies the rightmost address that is not trusted counts', async () => {
  const isTrustedProxy = createAddressMatcher(['127.0.0.1', '198.51.100.0/24', '2001:db8:a::/48']);
  doors = await openDoors({ ...limited(1), isTrustedProxy });

  expect(await statusOf('203.0.113.9, 198.51.100.7')).toBe(202);
  expect(await statusOf('8.8.8.8, 203.0.113.9, 2001:db8:a:1::5, 198.51.100.7')).toBe(429);
  expect(await statusOf('8.8.8.8, 203.0.113.10, 198.51.100.7')).toBe(202);
});

test('without trusted proxies the header is not read: whoever forges it stays whom they are', async () => {
  doors = await openDoors({ isTrustedProxy: createAddressMatcher([]) });

  await doors.post(batch(), from('81.2.69.142'));
  await doors.post(batch(), from('8.8.8.8'));

  const [first, second] = doors.rows;
  expect(first?.visitor_id).toBe(second?.visitor_id);
  expect([first?.country, second?.country]).toEqual([undefined, undefined]);
});

test('malformed chains are no errors', async () => {
  doors = await openDoors();

  const chains = [
    '',
    ',',
    ', ,',
    '[',
    ']',
    '[::1',
    '::1%eth0',
    '1.2.3.4.5',
    '999.1.1.1',
    '0x7f.1',
    'a'.repeat(9_000),
  ];
  for (const chain of [...chains, '['.repeat(5_000), `[${']:1'.repeat(3_000)}`, '1:'.repeat(4_000)]) {
    expect((await doors.post(batch(), from(chain))).status).toBe(202);
  }
  expect(doors.failures).toEqual([]);
  expect(doors.rows.every((row) => row.received_time === NOON)).toBe(true);
});
