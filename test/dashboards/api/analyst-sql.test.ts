import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { disarmCsv } from '../../../dashboards/api/analyst-sql/disarm.ts';
import { sqlRoutes } from '../../../dashboards/api/analyst-sql/routes.ts';
import { VIEW_COLUMNS, VIEWS } from '../../../dashboards/api/analyst-sql/views.ts';
import { TOOLS } from '../../../dashboards/api/mcp/tools.ts';
import { openApiDocument } from '../../../dashboards/api/openapi.ts';
import type { SiteScoped } from '../../../dashboards/api/site-scope.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';

vi.setConfig({ testTimeout: 60_000 });

let engine: TestEngine;
let app: Hono<SiteScoped>;
beforeAll(async () => {
  engine = await startTestEngine();
  app = new Hono<SiteScoped>();
  app.use(async (c, next) => {
    c.set('site', { siteId: 'shop', timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '' });
    c.set('principal', {
      userId: '',
      role: c.req.header('x-role') === 'viewer' ? 'viewer' : 'analyst',
      scopes: ['read', 'sql'],
      siteId: undefined,
    });
    await next();
  });
  const { reader, storage } = engine;
  app.route('/', sqlRoutes({ reader, storage, now: () => at('2026-11-22 12:00') }));
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs: at('2026-11-20 10:00'), path: '/', source: 'google' },
    { visitor: 'ann', timeMs: at('2026-11-20 10:05'), path: '/own' },
    { visitor: 'ben', timeMs: at('2026-11-21 10:00'), path: '/' },
  ]);
  await putEvents(engine, 'other', [{ visitor: 'eve', timeMs: at('2026-11-20 10:00'), path: '/secret' }]);
  await storage.insert('users', [
    {
      user_id: '00000000-0000-4000-8000-000000000001',
      email: 'secret@example.com',
      password_hash: 'secret',
      role: 'owner',
    },
  ]);
});
afterAll(() => engine.stop());

function run(sql: string, headers: Record<string, string> = {}) {
  return app.request('/sql', { method: 'POST', headers, body: JSON.stringify({ sql }) });
}

test('a SELECT over the views answers rows; the views hold persons and sessions', async () => {
  const answer = await run(`
    WITH views AS (SELECT path, count() AS page_views FROM site_events WHERE kind = 'page_view' GROUP BY path)
    SELECT path, page_views, sumIf(page_views, path != '') OVER () AS total FROM views ORDER BY page_views DESC, path -- a comment`);
  const sessions = await run(
    'SELECT source, page_views, is_bounce, duration_ms FROM site_sessions ORDER BY session_start',
  );

  expect(await answer.json()).toMatchObject({
    rows: [
      { path: '/', page_views: 2, total: 3 },
      { path: '/own', page_views: 1, total: 3 },
    ],
    meta: { queryMs: expect.any(Number), rowsRead: 3 },
  });
  expect((await sessions.json()).rows).toEqual([
    { source: 'google', page_views: 2, is_bounce: false, duration_ms: 300_000 },
    { source: '', page_views: 1, is_bounce: true, duration_ms: 0 },
  ]);
});

test.each(VIEWS)(
  '%s has the columns that the API document and the assistant’s tool name, in their order',
  async (view) => {
    const { rows } = await (await run(`SELECT * FROM ${view} LIMIT 1`)).json();
    const { paths } = JSON.parse(JSON.stringify(openApiDocument('1', 'http://localhost')));
    const tool = TOOLS.find(({ name }) => name === 'run_sql');

    expect(Object.keys(rows[0])).toEqual(VIEW_COLUMNS[view]);
    for (const said of [paths['/api/sites/{site}/sql'].post.description, tool?.description])
      expect(said).toContain(VIEW_COLUMNS[view].join(', '));
  },
);

test('CSV and Parquet come out too', async () => {
  const csv = await run('SELECT path FROM site_events ORDER BY path', { accept: 'text/csv' });
  const parquet = await run('SELECT path FROM site_events', { accept: 'application/vnd.apache.parquet' });

  expect(await csv.text()).toBe('"path"\n"/"\n"/"\n"/own"\n');
  expect(
    Buffer.from(await parquet.arrayBuffer())
      .subarray(0, 4)
      .toString(),
  ).toBe('PAR1');
});

test('nothing in the CSV is run as a formula, wherever a chunk is cut', async () => {
  const csv = await run(`SELECT '=1+1' AS a, '"=x", -y' AS b, -5 AS c, '-5' AS d, 'x"' AS e`, {
    accept: 'text/csv',
  });
  const byByte = async function* () {
    for (const byte of Buffer.from('"=a","b""=c"\n"+d",-1\n')) yield Uint8Array.of(byte);
  };
  const cut: Uint8Array[] = [];
  for await (const chunk of disarmCsv(byByte())) cut.push(chunk);

  expect(await csv.text()).toBe(`"a","b","c","d","e"\n"'=1+1","""=x"", -y",-5,"'-5","x"""\n`);
  expect(Buffer.concat(cut).toString()).toBe(`"'=a","b""=c"\n"'+d",-1\n`);
});

test('unions and nested queries see the same site alone', async () => {
  const answer = await run(`
    SELECT path FROM site_events UNION ALL SELECT path FROM (SELECT * FROM site_events)
    WHERE path IN (SELECT path FROM site_events) UNION ALL SELECT exit_page FROM site_sessions`);
  const shadowed = await run('WITH site_events AS (SELECT * FROM site_events) SELECT path FROM site_events');

  expect(answer.status).toBe(200);
  expect(await answer.text()).not.toContain('secret');
  expect(await shadowed.text()).not.toContain('secret');
});

test.each([
  'SELECT * FROM events',
  'SELECT * FROM footfall.events',
  'SELECT * FROM `footfall`.`events`',
  'SELECT email FROM users',
  'WITH events AS (SELECT * FROM events) SELECT * FROM events',
  'SELECT 1 WHERE 1 IN events',
  'SELECT 1 WHERE 1 IN footfall.users',
  'SELECT * FROM site_events JOIN credentials USING (user_id)',
  'SELECT * FROM system.tables',
  'SELECT * FROM information_schema.tables',
  "SELECT * FROM url('http://127.0.0.1/', CSV)",
  "SELECT * FROM remote('127.0.0.1', footfall.events)",
  "SELECT * FROM file('/etc/passwd', LineAsString)",
  "SELECT file('/etc/hostname')",
  "SELECT * FROM merge('footfall', 'events')",
  "SELECT * FROM merge(currentDatabase(), '.*')",
  'SELECT * FROM mergeTreeIndex(footfall, events)',
  'SELECT * FROM numbers(10)',
  "SELECT * FROM executable('x', CSV, 'a String')",
  "SELECT getServerSetting('max_server_memory_usage')",
  "SELECT getSetting('max_threads'), currentUser(), version()",
  'SELECT sleep(3)',
  "SELECT dictGet('x', 'y', 1)",
  "SELECT hasColumnInTable('footfall', 'users', 'email')",
  "SELECT * FROM site_events INTO OUTFILE '/tmp/x'",
  'SELECT * FROM site_events FORMAT CSV',
  'SELECT * FROM site_events SETTINGS max_execution_time = 0',
  'SELECT * FROM (SELECT 1 SETTINGS readonly = 0)',
  'SELECT 1; SELECT 2',
  'SELECT 1) UNION ALL SELECT path FROM events WHERE (1',
  'SELECT 1) , (SELECT 2',
  'SELECT 1 /* ',
  'INSERT INTO events SELECT * FROM events',
  'CREATE TEMPORARY TABLE x (a UInt8)',
  'DROP TABLE events',
  'SET readonly = 0',
  'KILL QUERY WHERE 1',
  'SYSTEM RELOAD CONFIG',
  'SHOW TABLES',
  'DESCRIBE TABLE users',
  'EXPLAIN SELECT 1',
  'graph = 1 SELECT 1',
])('%s is refused', async (sql) => {
  const answer = await run(sql);
  const text = await answer.text();

  expect(answer.status, text).toBe(400);
  expect(JSON.parse(text).error).toMatchObject({
    field: 'sql',
    message: expect.stringMatching(
      /^There is no |is not among those|plain SELECT|^Syntax error|^Cannot modify|is not closed/,
    ),
  });
  expect(text).not.toMatch(/secret/);
});

test('viewers may not ask in SQL', async () => {
  expect((await run('SELECT 1', { 'x-role': 'viewer' })).status).toBe(403);
});
