import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';

let server: TestServer;
let guarded: TestServer;

beforeAll(async () => {
  [server, guarded] = await Promise.all([
    startTestServer(),
    startTestServer({ env: { FOOTFALL_METRICS_TOKEN: 'a-token-of-the-operator' } }),
  ]);
});
afterAll(() => Promise.all([server.stop(), guarded.stop()]));

/** Every sample of the exposition text by its name and labels. */
async function scrape(): Promise<Map<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

test('what was accepted, stored and dropped is counted by site and reason', async () => {
  const at = Date.now();
  const event = { id: 'metrics-test-event-0001', at, url: 'https://example.com/', kind: 'page_view' };
  const body = JSON.stringify({
    version: 1,
    site: 'my-site',
    sentAt: at,
    events: [event, { ...event, id: 7 }],
  });
  const headers = {
    'content-type': 'text/plain',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0',
  };

  const first = await fetch(`${server.url}/events`, { method: 'POST', body, headers });
  await fetch(`${server.url}/events`, { method: 'POST', body, headers });
  await expect.poll(async () => (await scrape()).get('footfall_insert_rows_total')).toBe(2);

  const samples = await scrape();
  expect(first.status).toBe(202);
  expect(samples.get('footfall_events_accepted_total{site="my-site"}')).toBe(2);
  expect(samples.get('footfall_events_stored_total{site="my-site"}')).toBe(1);
  expect(samples.get('footfall_events_dropped_total{site="my-site",reason="malformed"}')).toBe(2);
  expect(samples.get('footfall_events_dropped_total{site="my-site",reason="duplicate"}')).toBe(1);
  expect(samples.get('footfall_database_up')).toBe(1);
  expect(samples.get('footfall_spool_ready')).toBe(1);
  expect(samples.get('footfall_insert_seconds')).toBeGreaterThan(0);
});

test('every metric says what it is', async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();

  const named = new Set([...text.matchAll(/^([a-z_]+)[{ ]/gm)].map(([, name]) => name));
  const described = new Set(
    [...text.matchAll(/^# TYPE ([a-z_]+) (?:counter|gauge)$/gm)].map(([, name]) => name),
  );
  expect([...named].filter((name) => !described.has(name))).toEqual([]);
  expect(named.size).toBeGreaterThan(15);
});

test('without a token only this machine may read them, and not through a proxy on it', async () => {
  const proxied = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });

  expect(proxied.status).toBe(403);
});

test('with a token, who bears it may read them', async () => {
  const read = (authorization: string) => fetch(`${guarded.url}/metrics`, { headers: { authorization } });

  expect((await read('Bearer a-token-of-the-operator')).status).toBe(200);
  expect((await read('Bearer a-token-of-another-man')).status).toBe(403);
  expect((await fetch(`${guarded.url}/metrics`)).status).toBe(403);
});
