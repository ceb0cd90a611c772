import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiKeys } from '../../../dashboards/api/api-keys.ts';
import { apiRoutes } from '../../../dashboards/api/app.ts';
import type { AuditRow } from '../../../dashboards/api/audit.ts';
import type { Member } from '../../../dashboards/api/members.ts';
import { type Accounts, createAccounts, type Role } from '../../../dashboards/api/sign-in/accounts.ts';
import { limitAttempts } from '../../../dashboards/api/sign-in/attempts.ts';
import { SESSION_COOKIE } from '../../../dashboards/api/sign-in/guard.ts';
import type { BrowserSession } from '../../../dashboards/api/sign-in/user-credentials.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';

let engine: TestEngine;
let app: ReturnType<typeof apiRoutes>;
let accounts: Accounts;
let nowMs = Date.UTC(2026, 10, 20);
const now = () => nowMs++;

/** The API of one process, as it is started beside others before the same database. */
function startProcess(storage: TestEngine['storage']) {
  const own = createAccounts({ storage, now });
  const routes = apiRoutes({
    accounts: own,
    storage,
    reader: engine.reader,
    attempts: limitAttempts(now),
    publicUrl: () => 'https://count.example',
    now,
    recentDrops: { read: () => [] },
    onSitesChanged: async () => {},
  });
  return { accounts: own, app: routes };
}

beforeAll(async () => {
  engine = await startTestEngine();
  const { storage } = engine;
  ({ accounts, app } = startProcess(storage));
  await storage.insert('sites', [{ site_id: 'shop', name: 'Shop', settings: '{}' }]);
});
afterAll(() => engine.stop());

type Person = { userId: string; cookie: string };

async function person(email: string, role: Role): Promise<Person> {
  const { userId } = await accounts.create(email, role);
  return { userId, cookie: await signIn(userId) };
}

async function signIn(userId: string, userAgent?: string): Promise<string> {
  return `${SESSION_COOKIE}=${await accounts.openSession(userId, userAgent)}`;
}

function ask(path: string, cookie: string, method = 'GET', body?: unknown): Promise<Response> {
  const sent = { method, headers: { cookie, 'content-type': 'application/json' } };
  return Promise.resolve(
    app.request(path, { ...sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
  );
}

/** The body of an answer, as the caller knows it. */
async function read<Body>(answer: Promise<Response>): Promise<Body> {
  return (await (await answer).json()) as Body; // The test names the shape and then asserts on it.
}

test('an owner invites by a link, changes a role and takes a member out; the log says so', async () => {
  const owner = await person('olga@example.com', 'owner');

  const invited = await ask('/api/members', owner.cookie, 'POST', {
    email: 'Ada@Example.com',
    role: 'viewer',
  });
  const ada = (await invited.json()) as Member & { link: string }; // As the route's own type has it.
  const again = await ask('/api/members', owner.cookie, 'POST', { email: 'ada@example.com', role: 'viewer' });
  const changed = await ask(`/api/members/${ada.user_id}`, owner.cookie, 'PUT', { role: 'analyst' });
  const { rows } = await read<{ rows: Member[] }>(ask('/api/members', owner.cookie));
  const removed = await ask(`/api/members/${ada.user_id}`, owner.cookie, 'DELETE');

  expect(invited.status).toBe(201);
  expect(ada.link).toMatch(/^https:\/\/count\.example\/sign-in\/[\w-]{43}$/);
  expect(again.status).toBe(409);
  expect(changed.status).toBe(200);
  expect(rows.find(({ email }) => email === 'ada@example.com')).toMatchObject({
    role: 'analyst',
    is_invited: true,
  });
  expect(removed.status).toBe(204);
  const log = await read<{ rows: AuditRow[] }>(ask('/api/audit?limit=3', owner.cookie));
  expect(log.rows.map(({ action, subject, email }) => [action, subject, email])).toEqual([
    ['member_removed', 'ada@example.com', 'olga@example.com'],
    ['member_changed', 'ada@example.com', 'olga@example.com'],
    ['member_invited', 'ada@example.com', 'olga@example.com'],
  ]);
  expect(log.rows[1]?.details).toEqual({ from: 'viewer', to: 'analyst' });
});

test('the last owner can neither go nor step down, also when two try at the same moment', async () => {
  for (const { userId, role } of await accounts.list()) if (role === 'owner') await accounts.remove(userId);
  const [one, two] = [await person('one@example.com', 'owner'), await person('two@example.com', 'owner')];

  const answers = await Promise.all([
    ask(`/api/members/${two.userId}`, one.cookie, 'PUT', { role: 'admin' }),
    ask(`/api/members/${one.userId}`, two.cookie, 'PUT', { role: 'admin' }),
  ]);

  const owners = (await accounts.list()).filter(({ role }) => role === 'owner');
  expect(owners).toHaveLength(1);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const last = owners[0]?.userId === one.userId ? one : two;
  expect((await ask(`/api/members/${last.userId}`, last.cookie, 'DELETE')).status).toBe(409);
});

test('two processes that take the role from both owners at the same moment leave one', async () => {
  for (const { userId, role } of await accounts.list()) if (role === 'owner') await accounts.remove(userId);
  const [one, two] = [await person('eins@example.com', 'owner'), await person('zwei@example.com', 'owner')];
  // Neither writes before both have seen two owners.
  let arrived = 0;
  let open = () => {};
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  const storage: TestEngine['storage'] = {
    ...engine.storage,
    async insert(table, rows, ...rest) {
      if (table === 'users') {
        arrived += 1;
        if (arrived === 2) open();
        await both;
      }
      return engine.storage.insert(table, rows, ...rest);
    },
  };
  const put = (path: string, cookie: string) =>
    startProcess(storage).app.request(path, {
      method: 'PUT',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'admin' }),
    });

  const answers = await Promise.all([
    put(`/api/members/${two.userId}`, one.cookie),
    put(`/api/members/${one.userId}`, two.cookie),
  ]);

  expect(answers.map(({ status }) => status)).toContain(409);
  expect((await accounts.list()).filter(({ role }) => role === 'owner')).not.toEqual([]);
});

test('an admin manages admins and below, and can make nobody an owner', async () => {
  const owner = await person('owner@example.com', 'owner');
  const admin = await person('admin@example.com', 'admin');
  const viewer = await person('viewer@example.com', 'viewer');

  const refused = [
    await ask('/api/members', admin.cookie, 'POST', { email: 'new@example.com', role: 'owner' }),
    await ask(`/api/members/${owner.userId}`, admin.cookie, 'PUT', { role: 'viewer' }),
    await ask(`/api/members/${owner.userId}`, admin.cookie, 'DELETE'),
    await ask(`/api/members/${owner.userId}/link`, admin.cookie, 'POST'),
    await ask(`/api/members/${viewer.userId}`, admin.cookie, 'PUT', { role: 'owner' }),
    await ask('/api/members', viewer.cookie),
    await ask('/api/audit', viewer.cookie),
  ];

  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403]);
  expect((await ask(`/api/members/${viewer.userId}`, admin.cookie, 'PUT', { role: 'analyst' })).status).toBe(
    200,
  );
});

test('who is taken out is out at once: sessions, links and keys', async () => {
  const owner = await person('boss@example.com', 'owner');
  const gone = await person('gone@example.com', 'admin');
  const link = await accounts.createLink(gone.userId, 'reset');
  const keys = createApiKeys({ storage: engine.storage, now });
  const { secret } = await keys.create({
    userId: gone.userId,
    label: 'export',
    siteId: 'shop',
    scopes: ['read'],
  });

  await ask(`/api/members/${gone.userId}`, owner.cookie, 'DELETE');

  expect((await ask('/api/sites', gone.cookie)).status).toBe(401);
  expect(await accounts.readLink(link)).toBeUndefined();
  expect(await keys.find(secret)).toBeUndefined();
});

test('an API key opens neither members nor the log nor an account', async () => {
  const owner = await person('keys@example.com', 'owner');
  const { secret } = await createApiKeys({ storage: engine.storage, now }).create({
    userId: owner.userId,
    label: 'all',
    siteId: '',
    scopes: ['read', 'write'],
  });
  const headers = { authorization: `Bearer ${secret}` };

  const answers = await Promise.all(
    ['/api/members', '/api/audit', '/api/me/sessions'].map((path) => app.request(path, { headers })),
  );

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
});

test('everybody sees their own sessions and ends them', async () => {
  const { userId, cookie } = await person('sessions@example.com', 'viewer');
  const phone = await signIn(
    userId,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  );

  const { rows, current } = await read<{ rows: BrowserSession[]; current: string }>(
    ask('/api/me/sessions', cookie),
  );
  const other = rows.find(({ session_id: id }) => id !== current);
  const ended = await ask(`/api/me/sessions/${other?.session_id}`, cookie, 'DELETE');

  expect(rows).toHaveLength(2);
  expect(other).toMatchObject({ browser: 'Safari', os: 'iOS' });
  expect(ended.status).toBe(204);
  expect((await ask('/api/me/sessions', phone)).status).toBe(401);
  expect((await ask('/api/me/sessions', cookie)).status).toBe(200);
});

test('a new password asks for the old one, and ends the other sessions', async () => {
  const { userId, cookie } = await person('password@example.com', 'viewer');
  await accounts.setPassword(userId, 'the first password');
  const elsewhere = await signIn(userId);
  const next = 'the second password';

  const wrong = await ask('/api/me/password', cookie, 'PUT', { current: 'a guess at it', next });
  const short = await ask('/api/me/password', cookie, 'PUT', {
    current: 'the first password',
    next: 'short',
  });
  const right = await ask('/api/me/password', cookie, 'PUT', { current: 'the first password', next });

  expect([wrong.status, short.status, right.status]).toEqual([400, 400, 204]);
  expect(await accounts.checkPassword('password@example.com', next)).toBeDefined();
  expect((await ask('/api/me/sessions', elsewhere)).status).toBe(401);
  expect((await ask('/api/me/sessions', cookie)).status).toBe(200);
});

test('goals, keys and site settings leave their trace', async () => {
  const { cookie } = await person('trace@example.com', 'owner');
  const site = { name: 'Shop', time_zone: 'UTC', currency: 'EUR', settings: { retentionDays: 90 } };

  const { goal_id: goal } = await read<{ goal_id: string }>(
    ask('/api/sites/shop/goals', cookie, 'POST', { name: 'Bought', condition: { event: 'Purchase' } }),
  );
  await ask(`/api/sites/shop/goals/${goal}`, cookie, 'DELETE');
  const { key_id: key } = await read<{ key_id: string }>(
    ask('/api/sites/shop/keys', cookie, 'POST', { label: 'nightly', scopes: ['read'] }),
  );
  await ask(`/api/sites/shop/keys/${key}`, cookie, 'DELETE');
  await ask('/api/sites/shop', cookie, 'PUT', site);

  const { rows } = await read<{ rows: AuditRow[] }>(ask('/api/audit?site=shop', cookie));
  expect(rows.map(({ action, subject }) => [action, subject])).toEqual([
    ['site_changed', 'Shop'],
    ['key_revoked', 'nightly'],
    ['key_made', 'nightly'],
    ['goal_removed', 'Bought'],
    ['goal_made', 'Bought'],
  ]);
  expect(rows[0]?.details).toEqual({ retentionDays: { from: 0, to: 90 } });
});
