/** Public links to boards: what they open, what ends them, and all that they cannot do. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiKeys } from '../../../dashboards/api/api-keys.ts';
import { apiRoutes } from '../../../dashboards/api/app.ts';
import { createBoardLinks } from '../../../dashboards/api/boards/links.ts';
import { publicBoardRoutes } from '../../../dashboards/api/boards/public-routes.ts';
import { createAccounts } from '../../../dashboards/api/sign-in/accounts.ts';
import { limitAttempts } from '../../../dashboards/api/sign-in/attempts.ts';
import { SESSION_COOKIE } from '../../../dashboards/api/sign-in/guard.ts';
import { createReportSites } from '../../../dashboards/api/sites.ts';
import { REPORTS } from '../../../dashboards/reports/registry.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';

const DAY_MS = 86_400_000;
const START = at('2026-11-22 12:00');
const ORIGIN = 'http://localhost:8000';

let engine: TestEngine;
let app: Hono;
let nowMs = START;
const cookies: Record<string, string> = {};
let apiKey = '';

beforeAll(async () => {
  engine = await startTestEngine();
  const { storage, reader } = engine;
  const now = () => nowMs;
  const accounts = createAccounts({ storage, now });
  const publicUrl = () => ORIGIN;
  app = new Hono();
  app.route(
    '/',
    apiRoutes({
      accounts,
      attempts: limitAttempts(now),
      storage,
      reader,
      publicUrl,
      now,
      recentDrops: { read: () => [] },
      onSitesChanged: async () => {},
    }),
  );
  app.route(
    '/api/shared',
    publicBoardRoutes({
      links: createBoardLinks({ storage, now }),
      sites: createReportSites({ storage: reader }),
      reader,
      publicUrl,
      addressOf: (c: Context) => c.req.header('x-test-address') ?? '',
      attempts: limitAttempts(now),
      now,
    }),
  );
  for (const role of ['owner', 'analyst'] as const) {
    const { userId } = await accounts.create(`${role}@example.com`, role);
    cookies[role] = `${SESSION_COOKIE}=${await accounts.openSession(userId)}`;
    if (role === 'owner') {
      const scopes = ['read', 'sql', 'write'] as const;
      apiKey = (await createApiKeys({ storage, now }).create({ userId, label: '', siteId: 'shop', scopes }))
        .secret;
    }
  }
  await storage.insert('sites', [
    { site_id: 'shop', name: 'Shop', settings: '{}' },
    { site_id: 'blog', name: 'Blog', settings: '{}' },
  ]);
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs: at('2026-11-20 10:00'), path: '/', source: 'google' },
    { visitor: 'ben', timeMs: at('2026-11-20 10:00'), path: '/', source: 'google' },
    { visitor: 'cat', timeMs: at('2026-11-21 10:00'), path: '/', source: 'bing' },
  ]);
  await putEvents(engine, 'blog', [{ visitor: 'eve', timeMs: at('2026-11-20 10:00'), path: '/secret' }]);
});
afterAll(() => engine.stop());

type Sent = { method?: string; body?: unknown; as?: string; headers?: Record<string, string> };

async function send(path: string, { method = 'GET', body, as, headers = {} }: Sent = {}) {
  const answer = await app.request(path, {
    method,
    headers: {
      ...(as ? { cookie: cookies[as] ?? '' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
    cookie: (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '',
    setCookie: answer.headers.get('set-cookie') ?? '',
  };
}

const tile = (id: string, parameters: object, report = 'breakdown') => ({
  id,
  title: 'Sources',
  view: 'breakdown',
  options: { dimension: 'source' },
  queries: [{ report, parameters: { period: { preset: '7d' }, ...parameters } }],
  width: 1,
  height: 1,
});
const SOURCES = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';

async function makeBoard(name: string, tiles: object[] = [tile(SOURCES, { dimension: 'source' })]) {
  const { body } = await send('/api/sites/shop/saved/board', {
    method: 'POST',
    as: 'owner',
    body: { name, body: { tiles } },
  });
  return String(body.item_id);
}

async function publish(board: string, link: object = {}) {
  const { body } = await send(`/api/sites/shop/boards/${board}/links`, {
    method: 'POST',
    as: 'owner',
    body: link,
  });
  return { id: String(body.link_id), api: String(body.url).replace(`${ORIGIN}/shared/`, '/api/shared/') };
}

test('a link shows a stranger the board and the answers of its tiles, without their questions', async () => {
  const { api } = await publish(await makeBoard('Marketing'));

  const board = await send(`${api}/board`);
  const answers = await send(`${api}/tiles/${SOURCES}`);

  expect(board.body).toEqual({
    name: 'Marketing',
    site: { name: 'Shop', time_zone: 'UTC', currency: 'EUR', is_sample: false },
    tiles: [
      {
        id: SOURCES,
        title: 'Sources',
        view: 'breakdown',
        options: { dimension: 'source' },
        width: 1,
        height: 1,
      },
    ],
  });
  expect(
    answers.body.answers[0].rows.map((row: { value: string; visitors: number }) => [row.value, row.visitors]),
  ).toEqual([
    ['google', 2],
    ['bing', 1],
  ]);
});

test('the link can do nothing else: not another board’s tile, no report, no parameters, no writing', async () => {
  const { api } = await publish(await makeBoard('Own'));
  const other = await makeBoard('Other', [tile(OTHER, { dimension: 'page' })]);
  const secret = api.split('/').at(-1) ?? '';

  const refused = [
    ['GET', `${api}/tiles/${OTHER}`],
    ['GET', `${api}/tiles/${SOURCES}/explain`],
    ['POST', `${api}/tiles/${SOURCES}`],
    ['POST', `${api}/board`],
    ['PUT', `${api}/board`],
    ['DELETE', `${api}/board`],
    ['GET', `${api}`],
    ['GET', `${api}/links`],
    ['GET', `/api/sites/shop/boards/${other}/links`],
    ['GET', '/api/sites'],
    ['GET', '/api/sites/shop/goals'],
    ['GET', '/api/sites/shop/saved/board'],
    ['GET', '/api/sites/shop/saved/segment'],
    ['GET', '/api/sites/shop/keys'],
    ['POST', '/api/sites/shop/sql'],
    ['GET', '/api/sites/shop/live/events'],
    ...REPORTS.flatMap(({ name }) => [
      ['POST', `/api/sites/shop/reports/${name}`],
      ['POST', `/api/sites/shop/reports/${name}/explain`],
      ['POST', `${api}/reports/${name}`],
    ]),
  ] as const;
  for (const [method = '', path = ''] of refused) {
    const asked = await send(path, {
      method,
      headers: { authorization: `Bearer ${secret}`, cookie: `${SESSION_COOKIE}=${secret}` },
      ...(method === 'GET' ? {} : { body: { period: { preset: '7d' } } }),
    });
    expect([method, path, asked.status >= 400 && asked.status < 500]).toEqual([method, path, true]);
  }

  // What stands behind the path changes nothing about the question.
  const widened = await send(`${api}/tiles/${SOURCES}?dimension=page&period=all&filters=[]`);
  expect(widened.body.answers[0].rows.map((row: { value: string }) => row.value)).toEqual(['google', 'bing']);
});

test('a tile that asks for people, single events, or nonsense cannot be saved', async () => {
  const steps = [{ event: 'a' }, { event: 'b' }];
  const tiles = [
    tile(SOURCES, {}, 'people'),
    tile(SOURCES, { person: '1' }, 'timeline'),
    tile(SOURCES, {}, 'live'),
    tile(SOURCES, { steps, people: { step: 1, outcome: 'reached' } }, 'funnel'),
    tile(SOURCES, { dimension: 'planet' }),
    tile(SOURCES, { dimension: 'source', limit: '5; DROP TABLE events' }),
  ];

  for (const one of tiles) {
    const { status } = await send('/api/sites/shop/saved/board', {
      method: 'POST',
      as: 'owner',
      body: { name: 'x', body: { tiles: [one] } },
    });
    expect([one.queries[0]?.report, status]).toEqual([one.queries[0]?.report, 400]);
  }
});

test('a password stands before the board, and before every tile', async () => {
  const board = await makeBoard('Guarded');
  const { api } = await publish(board, { password: 'correct horse' });
  const { api: sibling } = await publish(board, { password: 'correct horse' });

  const before = [await send(`${api}/board`), await send(`${api}/tiles/${SOURCES}`)];
  const wrong = await send(`${api}/unlock`, { method: 'POST', body: { password: 'battery staple' } });
  const right = await send(`${api}/unlock`, { method: 'POST', body: { password: 'correct horse' } });
  const headers = { cookie: right.cookie };
  const [until = '', signature = ''] = right.cookie.split('=')[1]?.split('.') ?? [];

  expect(before.map(({ status, body }) => [status, body.error.code])).toEqual([
    [401, 'password_needed'],
    [401, 'password_needed'],
  ]);
  expect([wrong.status, wrong.cookie]).toEqual([403, '']);
  expect(right.status).toBe(204);
  expect(right.setCookie).toMatch(/; Path=\/api\/shared\/[\w-]{32}; HttpOnly; SameSite=Strict$/);
  expect((await send(`${api}/board`, { headers })).status).toBe(200);
  expect((await send(`${api}/tiles/${SOURCES}`, { headers })).status).toBe(200);
  // It opens its own link only, and cannot be made to last.
  expect((await send(`${sibling}/board`, { headers })).status).toBe(401);
  const longer = { cookie: `footfall_board=${Number(until) + DAY_MS}.${signature}` };
  expect((await send(`${api}/board`, { headers: longer })).status).toBe(401);
  nowMs = START + 13 * 3_600_000;
  expect((await send(`${api}/board`, { headers })).status).toBe(401);
  nowMs = START;
});

test('passwords cannot be guessed without end, nor sent from another site’s page', async () => {
  const { api } = await publish(await makeBoard('Guessed'), { password: 'correct horse' });
  const guess = (password: string, headers = {}) =>
    send(`${api}/unlock`, { method: 'POST', body: { password }, headers });

  const foreign = await guess('correct horse', { origin: 'https://evil.example' });
  const statuses: number[] = [];
  for (let time = 0; time < 11; time += 1) statuses.push((await guess('')).status);
  const late = await guess('correct horse');

  expect(foreign.status).toBe(403);
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(403));
  expect([statuses[10], late.status]).toEqual([429, 429]);
});

test('one address cannot keep the database busy', async () => {
  const { api } = await publish(await makeBoard('Busy'));

  const statuses = await Promise.all(
    Array.from({ length: 60 }, () =>
      send(`${api}/board`, { headers: { 'x-test-address': '203.0.113.9' } }).then(({ status }) => status),
    ),
  );

  expect(statuses.filter((status) => status === 200).length).toBe(50);
  expect(statuses.filter((status) => status === 429).length).toBe(10);
  expect((await send(`${api}/board`, { headers: { 'x-test-address': '203.0.113.10' } })).status).toBe(200);
});

test('a link ends: on its day, when it is revoked, and with its board', async () => {
  const board = await makeBoard('Ending');
  const dated = await publish(board, { days: 3 });
  const revoked = await publish(board, { label: 'for Ada' });
  const orphaned = await publish(board);

  expect((await send(`${dated.api}/board`)).status).toBe(200);
  nowMs = START + 3 * DAY_MS;
  expect((await send(`${dated.api}/board`)).status).toBe(404);
  nowMs = START;

  const removed = await send(`/api/sites/shop/boards/${board}/links/${revoked.id}`, {
    method: 'DELETE',
    as: 'owner',
  });
  expect([removed.status, (await send(`${revoked.api}/board`)).status]).toEqual([204, 404]);

  nowMs += 1_000;
  await send(`/api/sites/shop/saved/board/${board}`, { method: 'DELETE', as: 'owner' });
  expect((await send(`${orphaned.api}/board`)).status).toBe(404);
  expect((await send(`${orphaned.api}/tiles/${SOURCES}`)).status).toBe(404);
  nowMs = START;
});

test('only admins, signed in by themselves, publish, list and revoke; the secret is shown once', async () => {
  const board = await makeBoard('Roles');
  const path = `/api/sites/shop/boards/${board}/links`;
  const made = await send(path, {
    method: 'POST',
    as: 'owner',
    body: { label: 'press', password: 'a long one' },
  });
  const secret = String(made.body.url).split('/').at(-1) ?? 'none';

  const byAnalyst = await send(path, { method: 'POST', as: 'analyst', body: {} });
  const byKey = await send(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: {},
  });
  const list = await send(path, { as: 'owner' });
  const { rows: stored } = await engine.storage.query<object>('SELECT * FROM board_links FINAL');

  expect([made.status, byAnalyst.status, byKey.status]).toEqual([201, 403, 403]);
  expect(list.body.rows).toEqual([
    { link_id: made.body.link_id, label: 'press', has_password: true, created_ms: START, expires_ms: null },
  ]);
  for (const text of [JSON.stringify(stored), list.text]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain('a long one');
  }
  expect((await send(`/api/sites/blog/boards/${board}/links`, { as: 'owner' })).status).toBe(404);
});

test('publishing and revoking are written down', async () => {
  const { rows } = await engine.storage.query<{ action: string; subject: string }>(
    "SELECT action, subject FROM audit_log WHERE site_id = 'shop' AND action LIKE 'link%' ORDER BY time, action",
  );

  expect(rows).toContainEqual({ action: 'link_published', subject: 'Marketing' });
  expect(rows).toContainEqual({ action: 'link_revoked', subject: 'for Ada' });
});
