/** The real server under connections that are there to be in the way. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SERVER_LIMITS } from '../../collector/server-limits.ts';
import { exchange } from '../collector/fuzz/raw.ts';
import { startTestServer, type TestServer } from '../server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

async function hold(bytes = ''): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  opened.push(socket);
  // Being cut off is what some of them are for.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (bytes !== '') await new Promise<void>((sent) => socket.write(bytes, () => sent()));
  return socket;
}

async function hundred(times: number, bytes?: string): Promise<void> {
  for (let time = 0; time < times; time += 1)
    await Promise.all(Array.from({ length: 100 }, () => hold(bytes)));
}

let lastId = 0;

/** The status with which one page view is answered, and for how long it took. */
async function visit(): Promise<{ status: number | undefined; ms: number }> {
  lastId += 1;
  const now = Date.now();
  const event = { kind: 'page_view', id: `slow-${lastId}`, at: now, url: 'https://shop.example/' };
  const body = JSON.stringify({ version: 1, site: server.siteId, sentAt: now, events: [event] });
  const head = `POST /events HTTP/1.1\r\nhost: shop\r\ncontent-length: ${body.length}\r\n\r\n`;
  const startedAt = performance.now();
  const { answers } = await exchange(Number(new URL(server.url).port), [head + body]);
  return { status: answers[0]?.status, ms: performance.now() - startedAt };
}

test('page views are taken beside a thousand idle connections, slow headers and slow bodies', async () => {
  await hundred(10);
  await hundred(3, 'POST /events HTTP/1.1\r\nhost: shop\r\nx-slow: ');
  await hundred(3, 'POST /events HTTP/1.1\r\nhost: shop\r\ncontent-length: 60000\r\n\r\n{"version":1,');
  const dripping = opened.slice(-300);
  const drip = setInterval(() => {
    for (const socket of dripping) socket.write(' ');
  }, 500);

  const visits = [];
  for (let times = 0; times < 20; times += 1) visits.push(await visit());
  clearInterval(drip);

  expect(visits.map(({ status }) => status)).toEqual(Array(20).fill(202));
  expect(Math.max(...visits.map(({ ms }) => ms))).toBeLessThan(5_000);
});

test('one who opens more connections than there may be locks nobody out', async () => {
  const asked = (await visit()).status;
  await hundred(SERVER_LIMITS.connections / 100 + 3, 'GET / HTTP/1.1\r\n');

  const visits = [];
  for (let times = 0; times < 5; times += 1) visits.push((await visit()).status);

  expect([asked, ...visits]).toEqual(Array(6).fill(202));
  expect(opened.filter((socket) => socket.destroyed).length).toBeGreaterThan(0);
  expect(server.process.exitCode).toBe(null);
});

test('whoever does not finish the headers is cut off', async () => {
  const socket = await hold('POST /events HTTP/1.1\r\nhost: shop\r\n');
  let told = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    told += text;
  });
  const startedAt = performance.now();

  await once(socket, 'close');

  expect(told).toMatch(/^HTTP\/1\.1 408 .*"code":"too_slow"/s);
  expect(performance.now() - startedAt).toBeLessThan(2 * SERVER_LIMITS.headersMs);
});
