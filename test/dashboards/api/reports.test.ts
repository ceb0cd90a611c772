import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiKeys } from '../../../dashboards/api/api-keys.ts';
import { apiRoutes } from '../../../dashboards/api/app.ts';
import { createAccounts } from '../../../dashboards/api/sign-in/accounts.ts';
import { limitAttempts } from '../../../dashboards/api/sign-in/attempts.ts';
import { SESSION_COOKIE } from '../../../dashboards/api/sign-in/guard.ts';
import { REPORTS } from '../../../dashboards/reports/registry.ts';
import { bind, renderWithValues, sql } from '../../../dashboards/sql.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';

let engine: TestEngine;
let app: ReturnType<typeof apiRoutes>;
const cookies: Record<string, string> = {};
const keys: Record<string, string> = {};
const now = () => at('2026-11-22 12:00');

beforeAll(async () => {
  engine = await startTestEngine();
  const { storage, reader } = engine;
  const accounts = createAccounts({ storage, now });
  app = apiRoutes({
    accounts,
    storage,
    reader,
    publicUrl: () => 'http://localhost:8000',
    now,
    attempts: limitAttempts(now),
    recentDrops: { read: () => [] },
    onSitesChanged: async () => {},
  });
  const people = { owner: 'owner', viewer: 'viewer' } as const;
  for (const role of Object.values(people)) {
    const { userId } = await accounts.create(`${role}@example.com`, role);
    cookies[role] = `${SESSION_COOKIE}=${await accounts.openSession(userId)}`;
    const apiKeys = createApiKeys({ storage, now });
    keys[role] = (await apiKeys.create({ userId, label: 'test', siteId: 'shop', scopes: ['read'] })).secret;
  }
  await storage.insert('sites', [
    { site_id: 'shop', name: 'Shop', settings: '{}' },
    { site_id: 'blog', name: 'Blog', settings: '{}' },
  ]);
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs: at('2026-11-20 10:00'), path: '/', source: '=HYPERLINK("http://evil")' },
    { visitor: 'ben', timeMs: at('2026-11-20 10:00'), path: '/', source: 'a "quoted", one' },
    { visitor: 'cat', timeMs: at('2026-11-22 11:58'), path: '/now', source: 'a "quoted", one' },
  ]);
  await putEvents(engine, 'blog', [{ visitor: 'eve', timeMs: at('2026-11-20 10:00'), path: '/secret' }]);
});
afterAll(() => engine.stop());

type Asked = { headers?: Record<string, string | undefined>; site?: string; body?: unknown };

function ask(path: string, { headers = { cookie: cookies.viewer }, site = 'shop', body = {} }: Asked = {}) {
  const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return app.request(`/api/sites/${site}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...Object.fromEntries(given) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const period = { from: '2026-11-20', to: '2026-11-22' };

test('an answer travels compressed to whoever takes it so, and says the same', async () => {
  const plain = await ask('reports/overview', { body: { period } });
  const packed = await ask('reports/overview', {
    headers: { cookie: cookies.viewer, 'accept-encoding': 'gzip' },
    body: { period },
  });
  const bytes = Buffer.from(await packed.arrayBuffer());

  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  const [said, packedSaid] = [await plain.json(), JSON.parse(gunzipSync(bytes).toString())];
  // How long it took is each answer's own.
  expect({ ...packedSaid, meta: undefined }).toEqual({ ...said, meta: undefined });
  expect(packedSaid.meta.definitions).toEqual(said.meta.definitions);
  expect(bytes.length).toBeLessThan(2_000);
});

test('a signed-in person gets rows, totals and what there is to know about them', async () => {
  const answer = await ask('reports/overview', { body: { period } });

  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toMatchObject({
    totals: { visitors: 3, sessions: 3, page_views: 3 },
    rows: [{ visitors: 2 }, { visitors: 0 }, { visitors: 1 }],
    meta: {
      asOf: '2026-11-22T12:00:00.000Z',
      timeZone: 'UTC',
      from: '2026-11-20',
      to: '2026-11-22',
      exact: true,
      identity: { lastingShare: 1 },
      definitions: { visitors: expect.stringContaining('persons') },
    },
  });
});

test('strangers, foreign pages and foreign keys get no report', async () => {
  const strangers = await ask('reports/overview', { headers: {}, body: { period } });
  const wrongKey = await ask('reports/overview', { headers: { authorization: 'Bearer ffk_wrong' } });
  const foreignPage = await ask('reports/overview', {
    headers: { cookie: cookies.viewer, origin: 'https://evil.example' },
    body: { period },
  });

  expect([strangers.status, wrongKey.status, foreignPage.status]).toEqual([401, 401, 403]);
  expect(await strangers.json()).toMatchObject({ error: { code: 'signed_out' } });
});

test('a key opens its own site and no other; to its holder the others do not exist', async () => {
  const own = await ask('reports/overview', {
    headers: { authorization: `Bearer ${keys.viewer}` },
    body: { period },
  });
  const other = await ask('reports/overview', {
    headers: { authorization: `Bearer ${keys.viewer}` },
    site: 'blog',
    body: { period },
  });
  const none = await ask('reports/overview', {
    headers: { authorization: `Bearer ${keys.viewer}` },
    site: 'none',
    body: { period },
  });

  expect([own.status, other.status, none.status]).toEqual([200, 404, 404]);
});

test('no report shows anything of another site', { timeout: 120_000 }, async () => {
  for (const { name } of REPORTS) {
    const bodies = [
      { period: { preset: '30d' } },
      { period: { preset: '30d' }, dimension: 'page', goal: { page: { match: 'prefix', path: '/' } } },
      { period: { preset: '30d' }, goal: { page: { match: 'prefix', path: '/' } }, dimension: 'page' },
      {
        period: { preset: '30d' },
        steps: [{ page: { match: 'prefix', path: '/' } }, { page: { match: 'prefix', path: '/s' } }],
      },
      { period: { preset: '30d' }, goal: { page: { match: 'prefix', path: '/' } }, dimension: 'entry_page' },
      { period: { preset: '30d' }, person: '123' },
      { period: { preset: '30d' }, series: [{ event: { event: 'page_view' } }], breakdown: ['page'] },
      {},
    ];
    const answers = await Promise.all(bodies.map((body) => ask(`reports/${name}`, { body })));
    const answered = answers.filter((answer) => answer.status === 200);

    expect(answered.length, name).toBeGreaterThan(0);
    for (const answer of answered) expect(await answer.text(), name).not.toContain('/secret');
  }
});

test.each([
  [
    { period: { from: '2026-02-30', to: '2026-03-01' } },
    'period.from',
    'Expected a day that exists, like "2026-11-22" at "period.from"',
  ],
  [
    { period: { from: '2026-03-02', to: '2026-03-01' } },
    'period.from',
    'Expected the first day not to lie after the last at "period.from"',
  ],
  [
    { period, interval: 'fortnight' },
    'interval',
    'Expected one of "hour", "day", "week", "month", found "fortnight" at "interval"',
  ],
  [{ period, unknown: 1 }, undefined, 'Expected no field "unknown"'],
  [{}, 'period', 'Expected object, found nothing at "period"'],
  [
    { period, filters: [{ field: 'sauce', operator: 'is', values: ['x'] }] },
    'filters[0].field',
    'Expected a field like "source", "page", "property:plan" or "trait:plan", found "sauce" at "filters[0].field"',
  ],
  [
    { period, filters: [{ or: [{ field: 'page', operator: 'greater', values: ['x'] }] }] },
    'filters[0].or[0].values',
    'Expected a number, found "x" at "filters[0].or[0].values"',
  ],
  [
    { period, filters: [{ field: 'page', operator: 'matches', values: ['(?=a)'] }] },
    'filters[0].values',
    'Expected a regular expression (RE2), found "(?=a)": look-around is not supported at "filters[0].values"',
  ],
])('what is wrong with %j is said in a sentence', async (body, field, message) => {
  const answer = await ask('reports/overview', { body });
  const { error } = await answer.json();

  expect(answer.status).toBe(400);
  expect(error).toMatchObject({ code: 'invalid_parameters', message });
  expect(error.field).toBe(field);
});

test('an unknown report, an unknown goal and a body that is no JSON are told apart', async () => {
  const report = await ask('reports/nonsense');
  const goal = await ask('reports/conversion', {
    body: { period, goal: '7f4d1c9e-0000-4000-8000-00000000dead' },
  });
  const json = await ask('reports/overview', { body: '{' });

  expect([report.status, goal.status, json.status]).toEqual([404, 400, 400]);
  expect((await goal.json()).error).toMatchObject({ field: 'goal' });
  expect((await json.json()).error.code).toBe('invalid_json');
});

test('CSV says the same as JSON, and nothing in it is run as a formula', async () => {
  const body = { period, dimension: 'source' };
  const csv = await ask('reports/breakdown', {
    headers: { cookie: cookies.viewer, accept: 'text/csv' },
    body,
  });
  const text = await csv.text();

  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(csv.headers.get('content-disposition')).toBe(
    'attachment; filename="shop-breakdown-2026-11-20-2026-11-22.csv"',
  );
  expect(text.split('\r\n').map((line) => line.split(',').slice(0, 3).join(','))).toEqual([
    'value,visitors,sessions',
    '"a ""quoted"", one",2',
    expect.stringMatching(/^"'=HYPERLINK\(""http:\/\/evil""\)",1,1$/),
    '',
  ]);
});

test('live: who is here now', async () => {
  const { rows } = await (await ask('reports/live')).json();

  expect(rows[0]).toMatchObject({
    visitors_now: 1,
    visitors_30_minutes: 1,
    page_views_30_minutes: 1,
    pages: [{ value: '/now', visitors: 1 }],
  });
  expect(rows[0].minutes).toHaveLength(30);
  expect(rows[0].minutes[27]).toEqual({ minutes_ago: 2, visitors: 1, page_views: 1 });
});

test('explain gives the query with its values, and it runs as it stands', async () => {
  const {
    sql: query,
    parameters,
    text,
  } = await (await ask('reports/breakdown/explain', { body: { period, dimension: 'page' } })).json();
  const { rows } = await engine.reader.query<{ value: string }>(query, { parameters });
  const { rows: rowsOfText } = await engine.reader.query<{ value: string }>(text);

  expect(parameters).toMatchObject({ site_id: 'shop' });
  expect(rows.map((row) => row.value)).toEqual(['', '/', '/now']);
  expect(rowsOfText).toEqual(rows);
});

test.each([
  ['String', "it's"],
  ['String', 'a\\'],
  ['String', "\\' OR 1 = 1 --"],
  ['String', 'two\n\nlines  \n'],
  ['String', 'tab\tzero\0“–”{site_id:String}'],
  ['Array(String)', ["it's", '', '\\n']],
  ['Int64', -5],
  ['Float64', 0.1],
  ['Array(Int64)', []],
] as const)('a %s of %j in the text of a query is that value', async (type, value) => {
  const query = sql`SELECT ${bind('value', type, value)} AS value, toTypeName(value) AS type`;
  const { rows } = await engine.reader.query(renderWithValues(query));

  expect(rows).toEqual([{ value, type }]);
});

test('admins make and revoke keys; viewers and keys themselves do not', async () => {
  const make = (headers: Record<string, string | undefined>) =>
    ask('keys', { headers, body: { label: 'Nightly export', scopes: ['read'] } });
  const made = await (await make({ cookie: cookies.owner })).json();
  const header = { authorization: `Bearer ${made.secret}` };
  const before = await ask('reports/live', { headers: header });
  const revoked = await app.request(`/api/sites/shop/keys/${made.key_id}`, {
    method: 'DELETE',
    headers: { cookie: cookies.owner ?? '' },
  });
  const after = await ask('reports/live', { headers: header });

  expect([before.status, revoked.status, after.status]).toEqual([200, 204, 401]);
  expect([
    (await make({ cookie: cookies.viewer })).status,
    (await make({ authorization: `Bearer ${keys.owner}` })).status,
  ]).toEqual([403, 403]);
});
