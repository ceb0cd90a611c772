/** What the analysts' README says, held to what the API does. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../engine.ts';
import { type Served, serveApi } from './api/served.ts';
import { at, putEvents } from './reports/ask.ts';

const readme = readFileSync(new URL('../../dashboards/README.md', import.meta.url), 'utf8');
let engine: TestEngine;
let served: Served;

beforeAll(async () => {
  engine = await startTestEngine();
  served = await serveApi(engine, () => at('2026-11-22 12:00'));
  await engine.storage.insert('sites', [{ site_id: 'shop', name: 'Shop', settings: '{}' }]);
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs: at('2026-11-20 10:00'), path: '/pricing' },
    { visitor: 'ann', timeMs: at('2026-11-20 10:05'), name: 'Sign up' },
    { visitor: 'ann', timeMs: at('2026-11-20 10:09'), name: 'Buy' },
    { visitor: 'ben', timeMs: at('2026-11-20 11:00'), path: '/pricing' },
    { visitor: 'ben', timeMs: at('2026-11-20 11:02'), name: 'Sign up' },
    { visitor: 'cat', timeMs: at('2026-11-21 11:00'), path: '/pricing' },
  ]);
});
afterAll(() => engine.stop());

async function post(path: string, body: unknown) {
  const answer = await served.app.request(`/api/sites/shop/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...served.signedIn.owner },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

test('its funnel, asked as it stands there, answers what stands there', async () => {
  const [asked, answer] = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) =>
    JSON.parse(json),
  );

  expect(await post('reports/funnel', asked)).toMatchObject(answer);
});

test.each(['site_events', 'site_sessions'])('it names every column of %s', async (view) => {
  const { rows } = await post('sql', { sql: `SELECT * FROM ${view} LIMIT 1`, period: { preset: 'all' } });
  const said = readme.slice(readme.indexOf('## SQL'));
  const facts = said.slice(said.indexOf('**`site_sessions`**')).slice(0, 600);
  const shared = said.slice(said.indexOf('`source`'), said.indexOf('`engaged_ms`'));
  const told = view === 'site_events' ? said : `${facts}${shared}`;

  expect(Object.keys(rows[0]).filter((column) => !told.includes(`\`${column}\``))).toEqual([]);
});

test('its query runs', async () => {
  const [, query] = /```sql\n([\s\S]*?)```/.exec(readme) ?? [];

  expect((await post('sql', { sql: query, period: { preset: 'all' } })).rows).toEqual([
    { channel: '', people: 3, bounce_rate: expect.any(Number) },
  ]);
});
