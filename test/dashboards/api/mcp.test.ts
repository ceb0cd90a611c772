import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORTS } from '../../../dashboards/reports/registry.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';
import { type Served, serveApi } from './served.ts';

let engine: TestEngine;
let served: Served;
let server: Server;
let address: URL;
const now = () => at('2026-11-22 12:00');
const period = { from: '2026-11-20', to: '2026-11-21' };

beforeAll(async () => {
  engine = await startTestEngine();
  served = await serveApi(engine, now);
  // The adaptor's server is node's own, whatever its type says of HTTP/2.
  server = createAdaptorServer({ fetch: served.app.fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const listening = server.address();
  if (listening === null || typeof listening === 'string') throw new Error('Expected a port');
  address = new URL(`http://127.0.0.1:${listening.port}/mcp`);
  await engine.storage.insert('sites', [
    { site_id: 'shop', name: 'Shop', settings: '{}' },
    { site_id: 'blog', name: 'Blog', settings: '{}' },
  ]);
  await putEvents(engine, 'shop', [
    { visitor: 'ann', timeMs: at('2026-11-20 10:00'), path: '/pricing' },
    { visitor: 'ann', timeMs: at('2026-11-20 10:05'), name: 'Sign up' },
    { visitor: 'ann', timeMs: at('2026-11-20 10:09'), name: 'Buy' },
    { visitor: 'ben', timeMs: at('2026-11-20 11:00'), path: '/pricing' },
    { visitor: 'ben', timeMs: at('2026-11-20 11:02'), name: 'Sign up' },
    { visitor: 'cat', timeMs: at('2026-11-21 11:00'), path: '/pricing' },
  ]);
  await putEvents(engine, 'blog', [{ visitor: 'eve', timeMs: at('2026-11-20 10:00'), path: '/secret' }]);
});
afterAll(async () => {
  server.close();
  await engine.stop();
});

async function connect(headers: Record<string, string>): Promise<Client> {
  const client = new Client({ name: 'assistant', version: '1' });
  const transport = new StreamableHTTPClientTransport(address, { requestInit: { headers } });
  // The SDK's own types part here under exactOptionalPropertyTypes: `sessionId` may be absent or undefined.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return client;
}

async function ask(client: Client, name: string, asked: Record<string, unknown>) {
  const answer = CallToolResultSchema.parse(await client.callTool({ name, arguments: asked }));
  const [first] = answer.content;
  return {
    isError: answer.isError ?? false,
    told: answer.structuredContent,
    text: first?.type === 'text' ? first.text : '',
  };
}

test('an assistant finds a tool for every report, with its parameters and what its numbers mean', async () => {
  const client = await connect(await served.keyOf('viewer', 'shop', ['read']));

  const { tools } = await client.listTools();

  expect(client.getInstructions()).toContain('list_sites');
  expect(tools.map(({ name }) => name)).toEqual([
    'list_sites',
    'list_fields',
    ...REPORTS.map(({ name }) => name.replaceAll('-', '_')),
  ]);
  const funnel = tools.find(({ name }) => name === 'funnel');
  expect(funnel?.inputSchema.required).toEqual(['period', 'steps']);
  expect(funnel?.inputSchema.properties).toMatchObject({
    site: { type: 'string' },
    windowMs: { default: 1209600000 },
  });
  expect(funnel?.description).toContain('drop_off: Persons whose furthest step this is');
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  await client.close();
});

test('it asks for a funnel, and gets people, definitions and what there is to know about the answer', async () => {
  const client = await connect(await served.keyOf('viewer', 'shop', ['read']));

  const { told, text } = await ask(client, 'funnel', {
    period,
    steps: [{ page: { match: 'exact', path: '/pricing' } }, { event: 'Sign up' }, { event: 'Buy' }],
  });

  expect(told).toMatchObject({
    rows: [
      { label: '/pricing', people: 3 },
      { label: 'Sign up', people: 2 },
      { label: 'Buy', people: 1 },
    ],
    meta: {
      asOf: '2026-11-22T00:00:00.000Z',
      exact: true,
      rowsRead: 6,
      definitions: { people: expect.stringContaining('furthest step') },
    },
  });
  expect(JSON.parse(text)).toEqual(told);
  await client.close();
});

test('every report answers what the client holds against its schema', async () => {
  const client = await connect(await served.keyOf('viewer', 'shop', ['read']));
  const asked: Record<string, object> = {
    breakdown: { dimension: 'page' },
    conversion: { goal: { event: 'Buy' } },
    attribution: { goal: { event: 'Buy' } },
    explore: { series: [{ event: { event: 'Buy' } }] },
    timeline: { person: '1' },
    funnel: { steps: [{ event: 'Sign up' }, { event: 'Buy' }] },
  };

  for (const { name } of REPORTS) {
    const answer = await ask(client, name.replaceAll('-', '_'), {
      ...(name !== 'live' && { period }),
      ...asked[name],
    });
    expect([name, answer.isError, answer.isError && answer.text]).toEqual([name, false, false]);
  }
  await client.close();
});

test('it learns what can be asked: sites, dimensions, and what people have saved', async () => {
  await engine.storage.insert('goals', [
    {
      site_id: 'shop',
      goal_id: '00000000-0000-4000-8000-000000000001',
      name: 'Bought',
      condition: '{"event":"Buy"}',
    },
  ]);
  await engine.storage.insert('saved_items', [
    {
      site_id: 'shop',
      kind: 'page_group',
      item_id: '00000000-0000-4000-8000-000000000002',
      name: 'Docs',
      body: '{"patterns":[{"match":"prefix","path":"/docs"}]}',
    },
  ]);
  const client = await connect(await served.keyOf('viewer', 'shop', ['read']));

  const sites = await ask(client, 'list_sites', {});
  const fields = await ask(client, 'list_fields', {});

  expect(sites.told).toMatchObject({ sites: [{ site_id: 'shop', time_zone: 'UTC' }] });
  expect(fields.told).toMatchObject({
    dimensions: expect.arrayContaining([{ name: 'page_group', scope: 'event' }]),
    goals: [{ id: '00000000-0000-4000-8000-000000000001', name: 'Bought' }],
    page_groups: ['Docs'],
  });
  await client.close();
});

test('what is wrong is said in a sentence that names the field', async () => {
  const client = await connect(await served.keyOf('viewer', 'shop', ['read']));

  const wrong = await ask(client, 'funnel', { period, steps: [{ event: 'Buy' }, { event: '' }] });
  const missing = await ask(client, 'conversion', { period, goal: '00000000-0000-4000-8000-00000000000f' });

  expect(wrong).toMatchObject({ isError: true, text: 'Expected at least 1, found "" at "steps[1].event"' });
  expect(missing).toMatchObject({ isError: true, text: expect.stringContaining('There is no goal') });
  await client.close();
});

test('SQL is there for a key that may, confined like everywhere, and for no other', async () => {
  const may = await connect(await served.keyOf('analyst', 'shop'));
  const mayNot = await connect(await served.keyOf('viewer', 'shop'));

  const counted = await ask(may, 'run_sql', { period, sql: 'SELECT count() AS events FROM site_events' });
  const broken = await ask(may, 'run_sql', { period, sql: 'SELECT count() FROM events' });
  const refused = await ask(mayNot, 'run_sql', { period, sql: 'SELECT 1' });

  expect(counted.told).toMatchObject({ rows: [{ events: 6 }] });
  expect(broken).toMatchObject({ isError: true, text: expect.stringContaining('There is no "events" here') });
  expect(refused).toMatchObject({ isError: true, text: 'There is no tool "run_sql"' });
  await may.close();
  await mayNot.close();
});

test('a key of one site reads no other, whatever it names', async () => {
  const client = await connect(await served.keyOf('owner', 'shop'));

  for (const name of ['overview', 'people', 'run_sql', 'list_fields']) {
    const answer = await ask(client, name, { site: 'blog', period, sql: 'SELECT 1' });
    expect([name, answer]).toMatchObject([
      name,
      { isError: true, told: undefined, text: 'There is no site "blog" that you may see' },
    ]);
  }
  expect(JSON.stringify((await ask(client, 'list_sites', {})).told)).not.toContain('blog');
  await client.close();
});

test('without a key nobody gets in, nor with a cookie, nor with a key that may not read', async () => {
  const post = (headers: Record<string, string>) =>
    fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });

  expect((await post({})).status).toBe(401);
  expect((await post({ authorization: 'Bearer ffk_wrong' })).status).toBe(401);
  expect((await post(served.signedIn.owner)).status).toBe(401);
  expect((await post(await served.keyOf('owner', 'shop', ['write']))).status).toBe(403);
  expect((await fetch(address)).status).toBe(405);
  await expect(connect({})).rejects.toThrow();
});
