/** Every route × every role × every key: who gets in, and that no site's rows come out under another's name. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiDocument } from '../../../dashboards/api/openapi.ts';
import { ROLES, type Role } from '../../../dashboards/api/sign-in/accounts.ts';
import { REPORTS } from '../../../dashboards/reports/registry.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';
import { type Served, serveApi } from './served.ts';

/** Who may use a route: the least role, and the scope that a key needs; `people`: signed in, by no key. */
type Access = { least: Role; key: 'read' | 'sql' | 'write' | 'people' };

const READ: Access = { least: 'viewer', key: 'read' };
const WRITE: Access = { least: 'analyst', key: 'write' };
const ADMINS: Access = { least: 'admin', key: 'people' };
const OWNERS: Access = { least: 'owner', key: 'people' };
const SELF: Access = { least: 'viewer', key: 'people' };

/** A route that is not here fails the test: whoever adds one says here who may use it. */
const OF_SITE: Record<string, Access> = {
  'POST /reports/:report': READ,
  'POST /reports/:report/explain': READ,
  'GET /live/events': READ,
  'POST /sql': { least: 'analyst', key: 'sql' },
  'GET /keys': ADMINS,
  'POST /keys': ADMINS,
  'DELETE /keys/:id': ADMINS,
  'GET /goals': READ,
  'POST /goals': WRITE,
  'PUT /goals/:id': WRITE,
  'DELETE /goals/:id': WRITE,
  'GET /saved/:kind': READ,
  'POST /saved/:kind': WRITE,
  'PUT /saved/:kind/:id': WRITE,
  'DELETE /saved/:kind/:id': WRITE,
  'POST /check': ADMINS,
  'GET /boards/:board/links': ADMINS,
  'POST /boards/:board/links': ADMINS,
  'DELETE /boards/:board/links/:link': ADMINS,
  'GET /catalogue/rules': READ,
  'PUT /catalogue/events/:name{.+}': WRITE,
  'DELETE /catalogue/events/:name{.+}': WRITE,
  'PUT /catalogue/properties/:name{.+}': WRITE,
  'DELETE /catalogue/properties/:name{.+}': WRITE,
  'POST /catalogue/exclusions/preview': ADMINS,
  'POST /catalogue/exclusions': ADMINS,
  'DELETE /catalogue/exclusions/:id': ADMINS,
  'POST /deletions/preview': ADMINS,
  'POST /deletions': ADMINS,
  'GET ': READ,
  'PUT ': ADMINS,
  'DELETE ': OWNERS,
};

const ELSEWHERE: Record<string, Access> = {
  'GET /api/sites': READ,
  'POST /api/sites': ADMINS,
  'GET /api/members': ADMINS,
  'POST /api/members': ADMINS,
  'PUT /api/members/:id': ADMINS,
  'POST /api/members/:id/link': ADMINS,
  'DELETE /api/members/:id': ADMINS,
  'GET /api/audit': ADMINS,
  'GET /api/me/sessions': SELF,
  'DELETE /api/me/sessions': SELF,
  'DELETE /api/me/sessions/:id': SELF,
  'PUT /api/me/password': SELF,
};

/** For strangers too, or with its own test: mcp.test.ts. */
const OPEN = [
  'GET /api/openapi.json',
  'GET /api/docs',
  'GET /api/docs.css',
  'POST /mcp',
  'GET /mcp',
  'DELETE /mcp',
];

/** What would take away what the test stands on. */
const ENDS_SOMETHING = [
  'DELETE /api/sites/:site',
  'DELETE /api/me/sessions',
  'GET /api/sites/:site/live/events',
];

const now = () => at('2026-11-22 12:00');
let engine: TestEngine;
let served: Served;
type Actor = {
  name: string;
  role: Role | 'stranger';
  scopes?: readonly string[];
  headers: Record<string, string>;
};
const actors: Actor[] = [];
let foreignKey: Record<string, string>;

beforeAll(async () => {
  engine = await startTestEngine();
  served = await serveApi(engine, now);
  await engine.storage.insert('sites', [
    { site_id: 'shop', name: 'Shop', settings: '{}' },
    { site_id: 'blog', name: 'Blog', settings: '{}' },
  ]);
  await putEvents(engine, 'shop', [{ visitor: 'ann', timeMs: at('2026-11-20 10:00'), path: '/' }]);
  await putEvents(engine, 'blog', [
    {
      visitor: 'eve',
      timeMs: at('2026-11-22 11:59'),
      path: '/secret',
      texts: { secret: 'secret' },
      country: 'XX',
    },
    {
      visitor: 'eve',
      timeMs: at('2026-11-22 11:59'),
      name: 'Secret',
      userId: 'secret',
      revenueCents: 99,
      currency: 'EUR',
      orderId: 'secret',
    },
  ]);
  actors.push({ name: 'a stranger', role: 'stranger', headers: {} });
  actors.push({ name: 'a forged key', role: 'stranger', headers: { authorization: 'Bearer ffk_forged' } });
  for (const role of ROLES) {
    actors.push({ name: `${role}, signed in`, role, headers: served.signedIn[role] });
    for (const scopes of [['read'], ['read', 'sql'], ['read', 'write'], ['write']] as const) {
      const headers = await served.keyOf(role, 'shop', scopes);
      actors.push({ name: `${role}'s key for ${scopes.join(' and ')}`, role, scopes, headers });
    }
  }
  foreignKey = await served.keyOf('owner', 'blog');
});
afterAll(() => engine.stop());

type Route = { method: string; path: string; access: Access };

function allRoutes(): { routes: Route[]; unknown: string[] } {
  const names = new Set(
    served.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
  );
  const routes: Route[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const [method = '', path = ''] = name.split(' ');
    const ofSite = path.startsWith('/api/sites/:site')
      ? OF_SITE[`${method} ${path.slice('/api/sites/:site'.length)}`]
      : undefined;
    const access = ofSite ?? ELSEWHERE[name];
    if (access) routes.push({ method, path, access });
    else if (!OPEN.includes(name)) unknown.push(name);
  }
  return { routes, unknown };
}

function send({ method, path }: Route, headers: Record<string, string>, site = 'shop') {
  const address = path
    .replace(':site', site)
    .replace(':report', 'overview')
    .replace(':kind', 'segment')
    .replace(/:\w+(\{[^}]+\})?/g, '00000000-0000-4000-8000-00000000000f');
  return served.app.request(address, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    // Nothing that any route takes: whoever gets in is told so, and nothing is changed.
    ...(method !== 'GET' && method !== 'DELETE' && { body: '{"nonsense":true}' }),
  });
}

function mayUse({ role, scopes }: Actor, { least, key }: Access): boolean {
  if (role === 'stranger' || ROLES.indexOf(role) > ROLES.indexOf(least)) return false;
  if (!scopes) return true;
  return key !== 'people' && scopes.includes('read') && scopes.includes(key);
}

test('every route says who may use it', () => {
  const { routes, unknown } = allRoutes();

  expect(unknown).toEqual([]);
  expect(routes.length).toBe(Object.keys(OF_SITE).length + Object.keys(ELSEWHERE).length);
});

test('every route stands in the API document', () => {
  const { paths } = openApiDocument('1', 'http://localhost');
  const written = new Set(
    Object.entries(Object(paths)).flatMap(([path, methods]) =>
      Object.keys(Object(methods)).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
  const missing = allRoutes().routes.flatMap(({ method, path }) => {
    const named = path
      .replace(':report', 'overview')
      .replace(':kind', 'segment')
      .replace(/:(\w+)(\{[^}]+\})?/g, '{$1}');
    return written.has(`${method} ${named}`) ? [] : [`${method} ${named}`];
  });

  expect(missing).toEqual([]);
});

test('nobody gets in but those who may, whatever role and key they have', { timeout: 240_000 }, async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const route of allRoutes().routes) {
    const ends = ENDS_SOMETHING.includes(`${route.method} ${route.path}`);
    const asking = actors.filter((actor) => !(ends && mayUse(actor, route.access)));
    const statuses = await Promise.all(
      asking.map(async (actor) => ({ actor, status: (await send(route, actor.headers)).status })),
    );
    asked += statuses.length;
    for (const { actor, status } of statuses) {
      const refusal = actor.role === 'stranger' ? 401 : 403;
      const isRight = mayUse(actor, route.access) ? ![401, 403].includes(status) : status === refusal;
      if (!isRight) wrong.push(`${route.method} ${route.path} answers ${actor.name} with ${status}`);
    }
  }

  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(900);
});

test('a key of another site finds nothing behind any address of this one', async () => {
  for (const route of allRoutes().routes.filter(({ path }) => path.startsWith('/api/sites/:site'))) {
    const { status } = await send(route, foreignKey);
    expect([`${route.method} ${route.path}`, status]).toEqual([`${route.method} ${route.path}`, 404]);
  }
});

test('no report and no list of one site shows anything of another', async () => {
  const asked: Record<string, object> = {
    breakdown: { dimension: 'page' },
    conversion: { goal: { event: 'Secret' } },
    attribution: { goal: { event: 'Secret' } },
    explore: {
      series: [{ event: { event: 'Secret' }, metric: 'sum', property: 'revenue' }],
      breakdown: ['page'],
    },
    timeline: { person: '1' },
    funnel: { steps: [{ event: 'page_view' }, { event: 'Secret' }], people: { step: 1, outcome: 'reached' } },
  };
  const post = (path: string, body: object) =>
    served.app.request(`/api/sites/shop/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...served.signedIn.owner },
      body: JSON.stringify(body),
    });

  for (const { name } of REPORTS) {
    const answer = await post(`reports/${name}`, {
      ...(name !== 'live' && { period: { preset: 'all' } }),
      ...asked[name],
    });
    const { rows, totals } = await answer.json();
    expect([name, answer.status]).toEqual([name, 200]);
    // The question itself may come back, as the label of its step.
    const told = JSON.stringify({ rows, totals }).replaceAll('"label":"Secret"', '');
    expect([name, told.match(/secret|"XX"|0\.99/i)]).toEqual([name, null]);
  }
});
