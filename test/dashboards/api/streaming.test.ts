/** Answers far larger than memory, answers that break off, and readers who go: over real HTTP, from a real engine. */
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { streamed } from '../../../dashboards/api/streamed-body.ts';
import { installMachine } from '../../../dashboards/reports/funnel/engine-host.ts';
import { findReport } from '../../../dashboards/reports/registry.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at } from '../reports/ask.ts';
import { type Listening, listenAs } from './listening.ts';
import { serveApi } from './served.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PERSONS = 200_000;
const now = () => at('2026-11-22 12:00');
const period = { from: '2026-11-20', to: '2026-11-21' };
let engine: TestEngine;
let listening: Listening;
let headers: Record<string, string>;

beforeAll(async () => {
  engine = await startTestEngine();
  expect(await installMachine(engine.storage)).toBe(true);
  const served = await serveApi(engine, now);
  listening = await listenAs(served);
  await engine.storage.insert('sites', [{ site_id: 'shop', name: 'Shop', settings: '{}' }]);
  headers = {
    'content-type': 'application/json',
    ...(await served.keyOf('analyst', 'shop', ['read', 'sql'])),
  };
  await engine.storage.command(FILL, { parameters: { persons: PERSONS, at: at('2026-11-20 10:00') } });
});
afterAll(async () => {
  listening?.close();
  await engine?.stop();
});

/** Everybody sees a page, every second one signs up. */
const FILL = `
INSERT INTO events (site_id, time, visitor_id, event_id, kind, name, path, source, received_time)
SELECT 'shop', fromUnixTimestamp64Milli({at:Int64} + number * 10 + place * 1000, 'UTC'), cityHash64(number), generateUUIDv4(),
  place = 0 ? 'page_view' : 'custom', place = 0 ? 'page_view' : 'Sign up', concat('/', toString(number % 1000)), 'google', now64(3)
FROM numbers({persons:UInt64}) ARRAY JOIN range(1 + number % 2) AS place`;

function ask(path: string, body: object, accept: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${listening.url}/api/sites/shop/${path}`, {
    method: 'POST',
    headers: { ...headers, accept },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** Reads to the end, or to where it breaks off, and keeps the last of it. */
async function readThrough(answer: Response, onChunk: () => void = () => {}) {
  let bytes = 0;
  let end = Buffer.alloc(0);
  try {
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      end = Buffer.concat([end, chunk]).subarray(-2_000);
      onChunk();
    }
  } catch (error) {
    return { bytes, end: end.toString(), error };
  }
  return { bytes, end: end.toString(), error: undefined };
}

const EVENTS = PERSONS * 1.5;
const LONG = `SELECT e.path, '${'x'.repeat(100)}' AS text, n FROM site_events AS e ARRAY JOIN range(5) AS n`;

test.each([
  ['application/json', /\],"meta":\{"queryMs":\d+,"rowsRead":\d+\}\}$/],
  ['text/csv', /\n"\/\d+","x{100}",\d\n$/],
])(
  'SQL as %s: an answer of hundreds of megabytes passes through a fraction of them',
  async (accept, ending) => {
    const before = process.memoryUsage().rss;
    let most = 0;

    const read = await readThrough(await ask('sql', { sql: LONG, period }, accept), () => {
      most = Math.max(most, process.memoryUsage().rss - before);
    });

    expect(read.error).toBeUndefined();
    expect(read.end).toMatch(ending);
    expect(read.bytes).toBeGreaterThan(EVENTS * 5 * 110);
    expect(most).toBeLessThan(read.bytes / 2);
  },
);

const LISTED = { period, limit: 10_000_000 };
const BARS = { period, steps: [{ event: 'page_view' }, { event: 'Sign up' }] };

test.each([
  ['reports/people', LISTED, PERSONS, /^"?\d+/],
  [
    'reports/funnel?list=people',
    { ...BARS, people: { step: 2, outcome: 'reached' } },
    PERSONS / 2,
    /Sign up/,
  ],
])('%s as CSV has all rows, of which no memory has to hold the text', async (path, body, rows, line) => {
  const answer = await ask(path, body, 'text/csv');
  const lines = (await answer.text()).trimEnd().split('\r\n');

  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="shop-(people|funnel-people)-2026/,
  );
  expect(lines[0]).toMatch(/^person_id,user_id,/);
  expect(new Set(lines.slice(1).map((one) => one.split(',', 1)[0])).size).toBe(rows);
  expect(lines.at(-1)).toMatch(line);
});

test('as JSON, which is gathered, so many rows are refused; a list that was not asked for, or is none, too', async () => {
  const refusals = [
    await ask('reports/people', LISTED, 'application/json'),
    await ask('reports/funnel?list=people', BARS, 'text/csv'),
    await ask('reports/funnel?list=nonsense', BARS, 'text/csv'),
    await ask('reports/overview?list=people', { period }, 'text/csv'),
  ];

  expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  expect(await Promise.all(refusals.map(async (one) => (await one.json()).error.field))).toEqual([
    'limit',
    'people',
    'list',
    'list',
  ]);
});

/** Node's own client, which tells whether an answer was ended in order. */
async function begin(path: string, body: object, accept: string): Promise<IncomingMessage> {
  const sent = request(`${listening.url}/api/sites/shop/${path}`, {
    method: 'POST',
    headers: { ...headers, accept },
  });
  sent.on('error', () => {}); // The answer tells it too, and that is read.
  sent.end(JSON.stringify(body));
  const [answer] = await once(sent, 'response');
  return answer;
}

async function readOn(answer: IncomingMessage): Promise<void> {
  for await (const _ of answer);
}

test.each([
  ['sql', 'application/json', { sql: LONG, period }],
  ['sql', 'text/csv', { sql: LONG, period }],
  ['reports/people', 'text/csv', LISTED],
])(
  '%s as %s: what the engine breaks off in the middle is cut, and nobody can take it for whole',
  async (path, accept, body) => {
    const answer = await begin(path, body, accept);

    const [, read] = await Promise.allSettled([
      engine.storage.command("KILL QUERY WHERE user = 'footfall_reader'"),
      readOn(answer),
    ]);

    expect(answer.statusCode).toBe(200);
    expect(read).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
    expect(answer.complete).toBe(false);
  },
);

test.each(['identity', 'gzip'])('the same where its reader is slow, sent as %s', async (encoding) => {
  const app = new Hono();
  const steps = new EventEmitter();
  async function* pieces() {
    yield 'a line\n';
    yield randomBytes(48_000_000);
    const broken = once(steps, 'broken');
    steps.emit('stalled');
    await broken;
    throw new Error('The engine has gone');
  }
  app.use(compress({ contentTypeFilter: /csv/ }));
  app.get('/', (c) => {
    c.header('content-type', 'text/csv');
    return streamed(c, pieces());
  });
  const port = await listenAs({ app });
  const stalled = once(steps, 'stalled');
  const sent = request(port.url, { headers: { 'accept-encoding': encoding } });
  sent.on('error', () => {});
  const [answer] = await once(sent.end(), 'response');

  await stalled;
  steps.emit('broken');

  await expect(readOn(answer)).rejects.toThrow('aborted');
  expect(answer.complete).toBe(false);
  port.close();
});

test('what is wrong before the first row is told in a sentence', async () => {
  const answer = await ask('sql', { sql: 'SELECT toUInt32(path) FROM site_events', period }, 'text/csv');

  expect(answer.status).toBe(400);
  expect((await answer.json()).error.message).toMatch(/^Cannot parse/);
});

/** Seconds of work: a hundred expressions for each event. */
const SLOW_STEPS = Array.from({ length: 20 }, (_, step) => ({
  anyOf: Array.from({ length: 5 }, (_, one) => ({
    page: { match: 'regex', path: `^/([0-9]|${step}x)*[^0-9]?(${one}|y)+$` },
  })),
}));
const SLOW_FILTERS = SLOW_STEPS.map(({ anyOf }) => ({
  field: 'page',
  operator: 'matches',
  values: anyOf.map(({ page }) => page.path),
}));
/** The engine looks whether somebody still waits as often as it has read a block: not one of them may take long. */
const MANY = `SELECT count() FROM site_events AS e ARRAY JOIN range(1000) AS n WHERE cityHash64(e.path, n) = 1`;

/** Minutes of work on what is read within a second, `PAIRS_READ` rows: from then on the engine does not look. */
const PAIRS = `SELECT count() FROM site_events AS one CROSS JOIN site_events AS other WHERE cityHash64(one.path, other.path) = 1`;

const PAIRS_READ = EVENTS * 1.2;

async function running(marked: string, rowsRead = 0): Promise<number> {
  const { rows } = await engine.storage.query<{ running: number }>(
    "SELECT count() AS running FROM system.processes WHERE user = 'footfall_reader' AND position(query, {marked:String}) > 0 AND query NOT LIKE 'EXPLAIN%' AND read_rows >= {rows_read:UInt64}",
    { parameters: { marked, rows_read: rowsRead } },
  );
  return rows[0]?.running ?? 0;
}

async function cancelled(): Promise<number> {
  const { rows } = await engine.storage.query<{ cancelled: number }>(
    "SELECT sum(value) AS cancelled FROM system.errors WHERE name LIKE 'QUERY_WAS_CANCELLED%'",
  );
  return rows[0]?.cancelled ?? 0;
}

test.each([
  ['sql', 'AS n WHERE cityHash64', { sql: MANY, period }, 'application/json'],
  ['reports/funnel', 'footfall_funnel_', { ...BARS, steps: SLOW_STEPS }, 'application/json'],
  [
    'reports/funnel?list=people',
    'AS packed_events',
    { ...BARS, steps: SLOW_STEPS, people: { step: 2, outcome: 'reached' } },
    'text/csv',
  ],
  [
    'reports/breakdown',
    'AS exit_rate',
    { period, dimension: 'page', filters: SLOW_FILTERS },
    'application/json',
  ],
])('%s: who goes away ends the query in the engine', async (path, marked, body, accept) => {
  const before = await cancelled();
  const leaving = new AbortController();
  const answer = ask(path, body, accept, leaving.signal).catch((error: Error) => error);
  await vi.waitFor(async () => expect(await running(marked)).toBeGreaterThan(0), WAIT);

  leaving.abort();

  expect(await answer).toMatchObject({ name: 'AbortError' });
  await vi.waitFor(async () => expect(await running(marked)).toBe(0), WAIT);
  expect(await cancelled()).toBeGreaterThan(before);
});

test.each(['application/json', 'text/csv'])(
  'sql as %s: the same of a query that has read all and joins it for minutes',
  async (accept) => {
    const leaving = new AbortController();
    const answer = ask('sql', { sql: PAIRS, period }, accept, leaving.signal).catch((error: Error) => error);
    await vi.waitFor(async () => expect(await running('AS one CROSS JOIN', PAIRS_READ)).toBe(1), WAIT);

    leaving.abort();

    expect(await answer).toMatchObject({ name: 'AbortError' });
    await vi.waitFor(async () => expect(await running('AS one CROSS JOIN')).toBe(0), WAIT);
  },
);

test('the live report is asked for nobody who has gone, as the others are', async () => {
  const site = { siteId: 'shop', timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '' };
  const asked = findReport('live')?.answer({}, site, {
    reader: engine.reader,
    nowMs: now(),
    signal: AbortSignal.abort(),
  });

  await expect(asked).rejects.toThrow(/abort/i);
});

const WAIT = { timeout: 50_000, interval: 20 };
