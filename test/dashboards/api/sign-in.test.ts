import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test('the printed link signs the owner in, once', async () => {
  const first = await fetch(server.signInUrl, { redirect: 'manual' });
  const cookie = first.headers.get('set-cookie') ?? '';
  const me = await fetch(`${server.url}/api/me`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
  const second = await fetch(server.signInUrl, { redirect: 'manual' });

  expect(first.status).toBe(303);
  expect(cookie).toMatch(/^footfall_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(await me.json()).toMatchObject({ email: 'owner@localhost', role: 'owner', hasPassword: false });
  expect(second.status).toBe(410);
});
