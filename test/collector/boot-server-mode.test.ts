/** Footfall on a ClickHouse server: here a second engine, reached over a connection that the test can cut. */
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWNER } from '../../collector/engine/settings.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import { removeDirectory } from '../remove-directory.ts';
import { spawnServer, startTestServer, type TestServer } from '../server.ts';

let engine: TestEngine;
let connection: Server;
let dataDirectory: string;
let env: Record<string, string>;

beforeAll(async () => {
  engine = await startTestEngine();
  dataDirectory = mkdtempSync(join(tmpdir(), 'footfall-server-mode-'));
  connection = await connect(0);
  env = {
    FOOTFALL_CLICKHOUSE_URL: `http://127.0.0.1:${portOf(connection)}`,
    FOOTFALL_CLICKHOUSE_USER: OWNER,
    FOOTFALL_CLICKHOUSE_PASSWORD: engine.engine.secrets.owner,
    FOOTFALL_CLICKHOUSE_DATABASE: 'on_a_server',
  };
});
afterAll(async () => {
  await cut(connection);
  await engine.stop();
  await removeDirectory(dataDirectory);
});

/** Passes every request on to the engine, with the gate that an engine of ours asks for and a server does not. */
async function connect(port: number): Promise<Server> {
  const target = new URL(engine.engine.url);
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-footfall-gate': engine.engine.secrets.gate };
    const { method, url: path } = incoming;
    const onward = request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function cut(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

function send(server: Pick<TestServer, 'url'>, id: string, path = '/'): Promise<Response> {
  const at = Date.now();
  const event = { id, at, url: `https://example.com${path}`, kind: 'page_view' };
  const headers = {
    'content-type': 'text/plain',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0',
  };
  const body = JSON.stringify({ version: 1, site: 'my-site', sentAt: at, events: [event] });
  return fetch(`${server.url}/events`, { method: 'POST', headers, body });
}

async function storedEvents(): Promise<number> {
  const { rows } = await engine.storage.query<{ events: number }>(
    'SELECT count() AS events FROM on_a_server.events',
  );
  return rows[0]?.events ?? 0;
}

test('it makes its database there, and starts no engine of its own', async () => {
  const server = await startTestServer({ env, dataDirectory });

  const answer = await send(server, 'server-mode-event-0001');
  await expect.poll(storedEvents, { timeout: 10_000 }).toBe(1);
  const me = await fetch(`${server.url}/api/me`, { headers: { cookie: await server.signIn() } });
  await server.end();

  expect(answer.status).toBe(202);
  expect(me.status).toBe(200);
});

test('started while the server is away it takes events, and stores them when the server is back', async () => {
  const port = portOf(connection);
  await cut(connection);
  const child = spawnServer({ ...env, FOOTFALL_DATA: dataDirectory, PORT: String(await freePort()) });
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${usedPort}`;
  await expect.poll(() => isUp(url), { timeout: 10_000 }).toBe(true);

  const answer = await send({ url }, 'server-mode-event-0002');
  const health: unknown = await (await fetch(`${url}/health`)).json();
  connection = await connect(port);
  await expect.poll(storedEvents, { timeout: 20_000 }).toBe(2);
  await expect.poll(() => printed, { timeout: 10_000 }).toContain('/sign-in/');
  child.kill('SIGTERM');
  await exited;

  expect(answer.status).toBe(202);
  expect(health).toMatchObject({ status: 'degraded', accepting: true, database: 'down' });
  expect(printed).toContain('Until it answers, events are taken and kept in the spool.');
});

let usedPort = 0;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  usedPort = portOf(probe);
  await cut(probe);
  return usedPort;
}

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

test('two collectors before one server see one visitor, and store once what came to both at the same time', async () => {
  const salts = join(dataDirectory, 'shared-salts');
  const proxied = { ...env, FOOTFALL_SALTS: salts, FOOTFALL_TRUSTED_PROXIES: '127.0.0.1' };
  const [first, second] = await Promise.all([
    startTestServer({ env: proxied }),
    startTestServer({ env: proxied }),
  ]);

  await send(first, 'two-collectors-event-0001', '/shared');
  await send(second, 'two-collectors-event-0002', '/shared');
  const seen = () => engine.storage.query(SHARED).then(({ rows }) => rows[0]);
  await expect.poll(seen, { timeout: 10_000 }).toMatchObject({ events: 2 });
  const counted = await seen();
  const ids = Array.from({ length: 60 }, (_, index) => `came-to-both-${String(index).padStart(8, '0')}`);
  for (let from = 0; from < ids.length; from += 6) {
    const some = ids.slice(from, from + 6);
    await Promise.all(some.flatMap((id) => [send(first, id, '/twice'), send(second, id, '/twice')]));
  }
  await Promise.all(
    [first, second].map((one) => expect.poll(() => settled(one), { timeout: 30_000 }).toBe(61)),
  );
  const { rows: twice } = await engine.storage.query(TWICE);
  await Promise.all([first.stop(), second.stop()]);

  expect(counted).toEqual({ events: 2, visitors: 1 });
  expect(twice).toEqual([{ events: 60, ids: 60 }]);
});

/** How many events a collector has brought in or found there already. */
async function settled({ url }: TestServer): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counts = metrics.matchAll(
    /^footfall_events_(?:stored_total\{site="my-site"|dropped_total\{site="my-site",reason="duplicate")\} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

const TWICE = `
SELECT count() AS events, uniqExact(event_id) AS ids FROM on_a_server.events WHERE path = '/twice'`;
const SHARED = `
SELECT count() AS events, uniqExact(visitor_id) AS visitors FROM on_a_server.events WHERE path = '/shared'`;

test('a wrong password is named as such, with the variables to check', async () => {
  const child = spawnServer({ ...env, FOOTFALL_DATA: dataDirectory, FOOTFALL_CLICKHOUSE_PASSWORD: 'wrong' });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');

  expect(code).toBe(1);
  expect(said).toContain('did not do as asked');
  expect(said).toContain('check FOOTFALL_CLICKHOUSE_URL, _USER and _PASSWORD.');
  expect(said.split('\n')).toHaveLength(2);
});
