import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Runs `npm run user -- …` on the running server's directory. */
function user(...words: string[]): { status: number | null; said: string } {
  const program = join(import.meta.dirname, '../../../.build/server/user.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, FOOTFALL_DATA: server.dataDirectory },
  });
  return { status, said: `${stdout}${stderr}`.trim() };
}

function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, server.url), {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: server.url, ...headers },
    redirect: 'manual',
  });
}

function cookieOf(answer: Response): string {
  return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
}

async function me(cookie: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${server.url}/api/me`, { headers: { cookie } });
  return { status: answer.status, body: await answer.json() };
}

test('the printed link signs the owner in, once', async () => {
  const first = await fetch(server.signInUrl, { redirect: 'manual' });
  const second = await fetch(server.signInUrl, { redirect: 'manual' });
  const reload = await fetch(server.signInUrl, { redirect: 'manual', headers: { cookie: cookieOf(first) } });

  expect(first.status).toBe(303);
  expect(first.headers.get('set-cookie')).toMatch(
    /^footfall_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  expect((await me(cookieOf(first))).body).toMatchObject({ email: 'owner@localhost', role: 'owner' });
  expect(second.status).toBe(410);
  expect(second.headers.get('set-cookie')).toBeNull();
  expect(reload.headers.get('location')).toBe('/');
});

test('two requests with the same link at the same time let one in', async () => {
  const { said: link } = user('invite', 'twice@example.com');

  const answers = await Promise.all([1, 2, 3].map(() => post(link, { password: 'correct horse battery' })));

  expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410]);
});

test('an invited person chooses a password, and signs in with it from then on', async () => {
  const { said: link } = user('invite', 'Ada@Example.com', 'viewer');

  const page = await (await fetch(link)).text();
  const tooShort = await post(link, { password: 'short' });
  const chosen = await post(link, { password: 'a long enough password' });
  const wrong = await post('/sign-in', { email: 'ada@example.com', password: 'another password' });
  const right = await post('/sign-in', { email: 'ADA@example.com', password: 'a long enough password' });

  expect(page).toContain('ada@example.com');
  expect(tooShort.status).toBe(400);
  expect(chosen.status).toBe(303);
  expect(wrong.status).toBe(401);
  expect(await wrong.text()).toContain('E-mail address or password is wrong.');
  expect(right.status).toBe(303);
  expect((await me(cookieOf(right))).body).toEqual({
    userId: expect.any(String),
    email: 'ada@example.com',
    name: '',
    role: 'viewer',
    hasPassword: true,
  });
});

test('a reset link replaces the password', async () => {
  await post(user('invite', 'bob@example.com').said, { password: 'the first password' });

  await post(user('reset', 'bob@example.com').said, { password: 'the second password' });
  const before = await post('/sign-in', { email: 'bob@example.com', password: 'the first password' });
  const after = await post('/sign-in', { email: 'bob@example.com', password: 'the second password' });

  expect([before.status, after.status]).toEqual([401, 303]);
});

test('signing out ends the session, not only the cookie', async () => {
  const entered = await post(user('invite', 'eve@example.com').said, { password: 'a long enough password' });
  const cookie = cookieOf(entered);

  const left = await post('/sign-out', {}, { cookie });

  expect((await me(cookie)).status).toBe(401);
  expect(left.headers.get('set-cookie')).toContain('footfall_session=; Max-Age=0');
});

test('a page of another origin cannot act for a signed-in person', async () => {
  const entered = await post(user('invite', 'mallory@example.com').said, {
    password: 'a long enough password',
  });
  const cookie = cookieOf(entered);

  const byOrigin = await post('/sign-out', {}, { cookie, origin: 'https://evil.example' });
  const bySandbox = await post('/sign-out', {}, { cookie, origin: 'null' });
  const byFetchSite = await post('/sign-out', {}, { cookie, 'sec-fetch-site': 'cross-site' });

  expect([byOrigin.status, bySandbox.status, byFetchSite.status]).toEqual([403, 403, 403]);
  expect((await me(cookie)).status).toBe(200);
});

test('guessing passwords is stopped after ten attempts', async () => {
  const guesses = [];
  for (let guess = 0; guess < 11; guess += 1) {
    guesses.push(await post('/sign-in', { email: 'nobody@example.com', password: `guess ${guess}` }));
  }

  expect(guesses.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
  expect(Number(guesses.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(800);
});

test('strangers are sent to sign in, and learn nothing from the API', async () => {
  const page = await fetch(`${server.url}/`, { redirect: 'manual' });
  const forged = await me('footfall_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');

  expect(page.headers.get('location')).toBe('/sign-in');
  expect(forged).toEqual({ status: 401, body: { error: { code: 'signed_out', message: 'Sign in first' } } });
});

test('a form that is none is refused before it is read', async () => {
  const answer = await post('/sign-in', { email: 'a@example.com', password: 'x'.repeat(100_000) });

  expect(answer.status).toBe(413);
});

test('neither a secret nor a password lies in the tables as it is', async () => {
  const entered = await post(user('invite', 'frank@example.com').said, { password: 'never stored as it is' });
  const secret = cookieOf(entered).split('=')[1] ?? '';

  const inTables = spawnSync('grep', [
    '-rlaF',
    '-e',
    secret,
    '-e',
    'never stored as it is',
    server.dataDirectory,
  ]);

  expect(inTables.stdout.toString()).toBe('');
});

test('the user command says what it expects, and who there is', async () => {
  user('invite', 'grace@example.com', 'admin');

  expect(user('invite', 'grace@example.com')).toEqual({
    status: 1,
    said: 'grace@example.com is a user already: npm run user -- reset grace@example.com prints a new link.',
  });
  expect(user('reset', 'nobody@example.com').said).toContain('There is no user nobody@example.com');
  expect(user('invite', 'h@example.com', 'king').said).toBe(
    'Expected a role of owner, admin, analyst, viewer, got "king".',
  );
  expect(user().said).toContain('npm run user -- invite <email>');
  expect(user('list').said).toMatch(/^grace@example\.com +admin +no password yet$/m);
});
