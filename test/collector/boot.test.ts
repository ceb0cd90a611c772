import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { removeDirectory } from '../remove-directory.ts';
import { buildOnce, spawnServer, startTestServer, type TestServer } from '../server.ts';

let running: TestServer[] = [];
let directories: string[] = [];

beforeAll(buildOnce);
afterEach(async () => {
  await Promise.all(running.map((server) => server.end('SIGKILL')));
  for (const directory of directories) await removeDirectory(directory);
  running = [];
  directories = [];
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'footfall-boot-'));
  directories.push(directory);
  return directory;
}

async function start(dataDirectory: string, env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({ dataDirectory, env });
  running.push(server);
  return server;
}

/** Starts a server that is expected to refuse. */
async function refusal(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawnServer(env);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code, said: said.trim() };
}

test('a first start leaves nothing that others may read, and offers three things to use', async () => {
  const dataDirectory = join(newDirectory(), 'made', 'on', 'the', 'way');

  const server = await start(dataDirectory);
  const shop = await fetch(`${server.url}/demo/`);
  const script = await fetch(`${server.url}/footfall.js`);
  const health = await fetch(`${server.url}/health`);

  expect(statSync(dataDirectory).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDirectory, 'clickhouse/secrets.json')).mode & 0o777).toBe(0o600);
  expect(server.output()).toContain(
    `<script defer src="${server.url}/footfall.js" data-site="my-site"></script>`,
  );
  expect(shop.status).toBe(200);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await health.json()).toMatchObject({ status: 'ok', database: 'up', accepting: true });
});

test('a second start on the same data finds the same site and owner, and costs little processor time', async () => {
  const dataDirectory = newDirectory();
  const first = await start(dataDirectory);
  await first.end();

  const second = await start(dataDirectory);
  const metrics = await (await fetch(`${second.url}/metrics`)).text();
  const me = await fetch(`${second.url}/api/me`, { headers: { cookie: await second.signIn() } });

  // Not the wall clock: this machine may be busy with other tests. An idle one shows the welcome within a second.
  expect(Number(/^process_cpu_seconds_total (.*)$/m.exec(metrics)?.[1])).toBeLessThan(2.5);
  expect(second.siteId).toBe(first.siteId);
  expect(await me.json()).toMatchObject({ email: 'owner@localhost' });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it in order: exit code 0, no engine left behind',
  async (signal) => {
    const dataDirectory = newDirectory();
    const server = await start(dataDirectory);
    const enginePid = Number(readFileSync(join(dataDirectory, 'clickhouse/pid'), 'utf8'));

    await server.end(signal);

    expect(server.process.exitCode).toBe(0);
    expect(() => process.kill(enginePid, 0)).toThrow('ESRCH');
    expect(existsSync(join(dataDirectory, 'lock'))).toBe(false);
  },
);

test('killed without warning it starts again at once, and takes over the lock it left', async () => {
  const dataDirectory = newDirectory();
  const killed = await start(dataDirectory);
  await killed.end('SIGKILL');
  expect(existsSync(join(dataDirectory, 'lock'))).toBe(true);

  const next = await start(dataDirectory);

  expect((await fetch(`${next.url}/health/ready`)).status).toBe(200);
});

test('an engine that is killed comes back behind the same server', async () => {
  const dataDirectory = newDirectory();
  const server = await start(dataDirectory);
  const cookie = await server.signIn();
  const enginePid = Number(readFileSync(join(dataDirectory, 'clickhouse/pid'), 'utf8'));

  process.kill(enginePid, 'SIGKILL');
  await expect.poll(() => database(server), { timeout: 10_000, interval: 20 }).toBe('down');
  const whileDown = await fetch(`${server.url}/health/ready`);
  await expect.poll(() => database(server), { timeout: 10_000 }).toBe('up');

  expect(whileDown.status).toBe(200);
  expect((await fetch(`${server.url}/api/me`, { headers: { cookie } })).status).toBe(200);
});

async function database(server: TestServer): Promise<unknown> {
  const answer: { database: unknown } = JSON.parse(await (await fetch(`${server.url}/health`)).text());
  return answer.database;
}

test('a second process on the same data directory is refused with one sentence; the first goes on', async () => {
  const dataDirectory = newDirectory();
  const first = await start(dataDirectory);

  const second = await refusal({ FOOTFALL_DATA: dataDirectory });

  expect(second).toEqual({
    code: 1,
    said: `Footfall is already running on ${dataDirectory} (process ${first.process.pid}): stop that one first, or name another directory in FOOTFALL_DATA.`,
  });
  expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
});

test('a lock left by a process whose number now belongs to another is taken over', async () => {
  const dataDirectory = newDirectory();
  writeFileSync(join(dataDirectory, 'lock'), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }));

  const server = await start(dataDirectory);

  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
});

test('a busy port is refused with one sentence, before anything is made of the data', async () => {
  const dataDirectory = newDirectory();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  const refused = await refusal({ FOOTFALL_DATA: dataDirectory, PORT: String(port) });
  other.close();

  expect(refused).toEqual({
    code: 1,
    said: `Port ${port} on 127.0.0.1 is in use by another program: stop that one, or choose another port with PORT=8001.`,
  });
  expect(existsSync(join(dataDirectory, 'clickhouse/tables'))).toBe(false);
});

test('an address that this machine does not have is refused with one sentence', async () => {
  const refused = await refusal({ FOOTFALL_DATA: newDirectory(), HOST: '192.0.2.1' });

  expect(refused.code).toBe(1);
  expect(refused.said).toBe(
    'This machine has no address "192.0.2.1" to listen on: set HOST to one it has, such as 127.0.0.1 or 0.0.0.0.',
  );
});

test('a data directory that cannot be written is refused with one sentence', async () => {
  const directory = newDirectory();
  const isRoot = process.getuid?.() === 0;
  const path = join(directory, isRoot ? 'file/data' : 'locked/data');
  if (isRoot)
    writeFileSync(join(directory, 'file'), ''); // Root may write anywhere but beneath a file.
  else {
    mkdirSync(join(directory, 'locked'));
    chmodSync(join(directory, 'locked'), 0o500);
  }

  const refused = await refusal({ FOOTFALL_DATA: path });

  expect(refused).toEqual({
    code: 1,
    said: `Cannot write to the data directory ${path} (${isRoot ? 'ENOTDIR' : 'EACCES'}): make it writable for this user, or name another one in FOOTFALL_DATA.`,
  });
});

test('every bad variable is named at once, and nothing is made', async () => {
  const dataDirectory = join(newDirectory(), 'data');

  const refused = await refusal({
    FOOTFALL_DATA: dataDirectory,
    PORT: 'http',
    FOOTFALL_URL: 'stats.example.com',
    FOOTFALL_TRUSTED_PROXIES: '10.0.0.0/8, proxy',
    FOOTFALL_DEMO: 'perhaps',
    FOOTFALL_CLICKHOUS_URL: 'http://db:8123',
  });

  expect(refused.code).toBe(1);
  expect(refused.said.split('\n').map((line) => line.split(/[:,] /).slice(0, 2).join(': '))).toEqual([
    'PORT: expected a port between 0 and 65535',
    'FOOTFALL_URL: expected an address like https://stats.example.com without user',
    'FOOTFALL_TRUSTED_PROXIES: expected IP addresses or ranges like 10.0.0.0/8',
    'FOOTFALL_DEMO: expected on or off',
    'FOOTFALL_CLICKHOUS_URL: no such setting; expected one of FOOTFALL_CLICKHOUSE_DATABASE',
  ]);
  expect(existsSync(dataDirectory)).toBe(false);
});

test('where the embedded database has no build, the start says what to do instead', async () => {
  const refused = await refusal({ FOOTFALL_DATA: newDirectory(), CHDB_LIBCHDB_PATH: '/no/such/libchdb.so' });

  expect(refused).toEqual({
    code: 1,
    said: `The embedded ClickHouse (npm package chdb) has no build for this platform (${process.platform} ${process.arch}): set FOOTFALL_CLICKHOUSE_URL to a ClickHouse server.`,
  });
});

test('a ClickHouse server that is not there is named, with the variables to check', async () => {
  const refused = await refusal({
    FOOTFALL_DATA: newDirectory(),
    FOOTFALL_CLICKHOUSE_URL: 'http://127.0.0.1:9',
  });

  expect(refused.code).toBe(1);
  expect(refused.said).toContain('The ClickHouse at http://127.0.0.1:9 cannot be reached');
  expect(refused.said).toContain('check FOOTFALL_CLICKHOUSE_URL, _USER and _PASSWORD.');
});

test('a demo shop is not shown on a public address unless asked for', async () => {
  const plain = await start(newDirectory(), { FOOTFALL_URL: 'https://stats.example.com' });
  const asked = await start(newDirectory(), {
    FOOTFALL_URL: 'https://stats.example.com',
    FOOTFALL_DEMO: 'on',
  });

  expect(plain.output()).not.toContain('/demo/');
  expect(asked.output()).toContain('https://stats.example.com/demo/');
});
