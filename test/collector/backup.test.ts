import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinDatabase } from '../../collector/database.ts';
import { removeDirectory } from '../remove-directory.ts';
import { startTestServer, type TestServer } from '../server.ts';

let server: TestServer;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'footfall-backup-'));
  server = await startTestServer({ env: { FOOTFALL_TRUSTED_PROXIES: '127.0.0.1' } });
});
afterAll(async () => {
  await server.stop();
  await removeDirectory(directory);
});

/** Runs one of Footfall's commands as `npm run` does, while this process goes on. */
function run(
  program: string,
  dataDirectory: string,
  ...words: string[]
): Promise<{ code: number; said: string }> {
  const file = join(import.meta.dirname, `../../.build/server/${program}.js`);
  const env = { PATH: process.env.PATH, FOOTFALL_DATA: dataDirectory };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file, ...words], { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: `${stdout}${stderr}`.trim() }),
    );
  });
}

async function rowsOf<Row>(dataDirectory: string, sql: string): Promise<Row[]> {
  const database = joinDatabase(join(dataDirectory, 'clickhouse'));
  try {
    return (await database.storage.query<Row>(sql)).rows;
  } finally {
    await database.close();
  }
}

let sent = 0;
let addresses = 0;

/** From an address of its own each time, so that no rate limit speaks. */
function postBatch(batch: object): Promise<Response> {
  addresses += 1;
  const headers = {
    'content-type': 'text/plain',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0',
    'x-forwarded-for': `10.1.${addresses >> 8}.${addresses & 255}`,
  };
  return fetch(`${server.url}/events`, { method: 'POST', body: JSON.stringify(batch), headers });
}

function post(event: object): Promise<Response> {
  const at = Date.now();
  return postBatch({
    version: 1,
    site: 'my-site',
    sentAt: at,
    events: [{ at, url: 'https://example.com/', ...event }],
  });
}

/** Sends 50 events ten times a second until told to stop; each acknowledged one is noted with its time. */
function sendEvents() {
  const acknowledged = new Map<string, number>();
  let isOver = false;

  async function sendBatch(): Promise<void> {
    const at = Date.now();
    const events = Array.from({ length: 50 }, () => {
      sent += 1;
      const id = `backup-event-${String(sent).padStart(8, '0')}`;
      return {
        id,
        at,
        url: 'https://example.com/',
        kind: 'custom',
        name: id,
        orderId: `order-${sent % 700}`,
      };
    });
    const batch = {
      version: 1,
      site: 'my-site',
      sentAt: at,
      anonymousId: `a${sent}`,
      userId: `u${sent % 9}`,
      events,
    };
    const answer = await postBatch(batch);
    if (answer.status === 202) for (const { id } of events) acknowledged.set(id, Date.now());
  }

  const running = (async () => {
    while (!isOver) await Promise.all([sendBatch(), pause(100)]);
  })();
  return {
    acknowledged,
    async stop() {
      isOver = true;
      await running;
    },
  };
}

async function whenDrained({ url }: TestServer): Promise<void> {
  const waiting = async () =>
    /^footfall_spool_oldest_seconds (.*)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  await expect.poll(waiting, { timeout: 20_000 }).toBe('0');
}

const TOTALS = `
SELECT uniqExact(name) AS names, count() AS events, uniqExact(order_id) AS orders FROM events WHERE site_id = 'my-site'`;
const DERIVED = `
SELECT
  (SELECT count() FROM orders FINAL) AS orders,
  (SELECT count() FROM event_ids) AS ids,
  (SELECT count() FROM (SELECT o.order_id, o.first_received FROM orders AS o FINAL) AS o
    INNER JOIN (SELECT order_id, min((received_time, event_id)) AS first FROM events GROUP BY order_id) AS e
    ON e.order_id = o.order_id AND e.first = o.first_received) AS orders_in_step`;

test('a backup taken under load comes back elsewhere with all that was acknowledged before it, once', async () => {
  const load = sendEvents();
  await expect.poll(() => load.acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(1_000);
  const backup = join(directory, 'first');

  const startedAt = Date.now();
  const made = await run('backup', server.dataDirectory, backup);
  await load.stop();
  await whenDrained(server);
  const restoredTo = join(directory, 'restored');
  const brought = await run('restore', restoredTo, backup);
  const second = await startTestServer({ dataDirectory: restoredTo });
  await whenDrained(second);

  const promised = [...load.acknowledged].filter(([, at]) => at < startedAt).map(([id]) => id);
  const names = await rowsOf<{ name: string }>(restoredTo, 'SELECT name FROM events');
  const [totals] = await rowsOf<{ names: number; events: number; orders: number }>(restoredTo, TOTALS);
  const [derived] = await rowsOf<object>(restoredTo, DERIVED);
  await second.end();

  expect(made.said).toContain(`Backed up to ${backup}`);
  expect(brought.said).toContain(`Restored to ${restoredTo} as of `);
  const found = new Set(names.map(({ name }) => name));
  expect(promised.length).toBeGreaterThanOrEqual(1_000);
  expect(promised.filter((id) => !found.has(id))).toEqual([]);
  expect(totals?.events).toBe(totals?.names);
  expect(derived).toEqual({ orders: totals?.orders, ids: totals?.events, orders_in_step: totals?.orders });
});

test('sites, goals and users come along; salts and the passwords of the engine stay behind', async () => {
  await post({ id: 'cookieless-event-0001', kind: 'page_view' });
  await run('user', server.dataDirectory, 'invite', 'ada@example.com');
  const headers = { cookie: await server.signIn(), origin: server.url, 'content-type': 'application/json' };
  const goal = JSON.stringify({ name: 'Bought tea', condition: { event: 'Order Completed' } });
  await fetch(`${server.url}/api/sites/my-site/goals`, { method: 'POST', headers, body: goal });
  const backup = join(directory, 'second');
  await run('backup', server.dataDirectory, backup);
  const salt = readFileSync(
    join(server.dataDirectory, 'salts', readdirSync(join(server.dataDirectory, 'salts'))[0] ?? ''),
    'utf8',
  );
  const secrets: { owner: string } = JSON.parse(
    readFileSync(join(server.dataDirectory, 'clickhouse/secrets.json'), 'utf8'),
  );

  const leaked = spawnSync('grep', ['-rlaF', '-e', salt, '-e', secrets.owner, backup]).stdout.toString();
  const restoredTo = join(directory, 'restored-users');
  await run('restore', restoredTo, backup);
  const hasSalts = existsSync(join(restoredTo, 'salts'));
  const listed = await run('user', restoredTo, 'list');
  const restored = await startTestServer({ dataDirectory: restoredTo });
  const goals = await rowsOf(restoredTo, 'SELECT site_id, name FROM goals FINAL');
  const sites = await rowsOf(restoredTo, `SELECT site_id FROM sites FINAL WHERE site_id = 'my-site'`);

  expect(salt).toMatch(/^[0-9a-f]{64}$/);
  expect(leaked).toBe('');
  expect(hasSalts).toBe(false);
  expect(listed.said).toContain('ada@example.com');
  await restored.end();
  expect(goals).toContainEqual({ site_id: 'my-site', name: 'Bought tea' });
  expect(sites).toEqual([{ site_id: 'my-site' }]);
  expect(statSync(backup).mode & 0o777).toBe(0o700);
});

/** What people see, without the moment at which they asked. */
async function figures(of: TestServer): Promise<unknown> {
  const cookie = await of.signIn();
  const period = { preset: 'today' };
  const ask = async (report: string, parameters: object) => {
    const answer = await fetch(`${of.url}/api/sites/my-site/reports/${report}`, {
      method: 'POST',
      headers: { cookie, origin: of.url, 'content-type': 'application/json' },
      body: JSON.stringify({ period, ...parameters }),
    });
    const { rows, totals }: { rows: unknown; totals: unknown } = JSON.parse(await answer.text());
    return { status: answer.status, rows, totals };
  };
  return [
    await ask('overview', {}),
    await ask('breakdown', { dimension: 'page' }),
    await ask('conversion', { goal: { event: 'backup-event-00000001' } }),
    await ask('funnel', { steps: [{ event: 'backup-event-00000001' }, { event: 'backup-event-00000002' }] }),
  ];
}

test('the reports of the restored Footfall say the same as those of the first', async () => {
  await whenDrained(server);
  const backup = join(directory, 'for-reports');
  await run('backup', server.dataDirectory, backup);
  const restoredTo = join(directory, 'restored-reports');
  await run('restore', restoredTo, backup);
  const restored = await startTestServer({ dataDirectory: restoredTo });
  await server.end();
  server = await startTestServer({ dataDirectory: server.dataDirectory });

  const [first, second] = [await figures(server), await figures(restored)];
  await restored.end();

  expect(second).toEqual(first);
  expect(first).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }, { status: 200 }]);
});

test('neither command writes over anything', async () => {
  const backup = join(directory, 'third');
  await run('backup', server.dataDirectory, backup);

  const again = await run('backup', server.dataDirectory, backup);
  const onto = await run('restore', server.dataDirectory, backup);
  const fromNothing = await run('restore', join(directory, 'new'), join(directory, 'nothing'));

  expect(again).toEqual({
    code: 1,
    said: `${backup} exists already: name a new directory for the backup.`,
  });
  expect(onto).toEqual({
    code: 1,
    said: `${server.dataDirectory} is not empty: name a new directory in FOOTFALL_DATA to restore into.`,
  });
  expect(fromNothing.said).toContain('holds no backup');
});
