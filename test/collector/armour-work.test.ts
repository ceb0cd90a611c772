/**
 * What a stranger can make us work: in proportion to what they send. Times are compared with an ordinary request's of
 * the same run, generously; what these tests are after costs thousands of times as much.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgentOf } from '../../collector/enrich/agent.ts';
import { scrub } from '../../collector/enrich/scrub.ts';
import { toSite } from '../../collector/sites.ts';
import { CHROME } from './doors.ts';
import { DOORS, type FuzzDoor, type FuzzDoors, openFuzzDoors } from './fuzz/doors.ts';
import { expectSentence } from './fuzz/sentence.ts';

let doors: FuzzDoors;
beforeAll(async () => {
  doors = await openFuzzDoors();
});
afterAll(() => doors.close());

/** Milliseconds of the fastest of some runs: what else the machine does only adds. */
async function fastestMs(runs: number, work: (run: number) => unknown): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now();
    await work(run);
    fastest = Math.min(fastest, performance.now() - startedAt);
  }
  return fastest;
}

const AGENT_UNITS = [
  ...[
    'a',
    '1',
    ' ',
    '.',
    ';',
    '/',
    '(',
    ')',
    '-',
    '_',
    '\t',
    '\xff',
    'a/1 ',
    'Android ',
    'Android;',
    'Android 4.4; ',
  ],
  ...[
    'Mozilla/5.0 (Linux; Android ',
    '; wv) ',
    'Opera Mini/',
    'Mac OS X 1_',
    'Windows NT ',
    'SM-',
    'build/',
    'lg ',
    'hp ',
  ],
  ...[
    'iphone os ',
    'Version/',
    'mobile ',
    'CrOS ',
    'linux ',
    'tv ',
    'smart-tv',
    'samsung ',
    'droid.+; ',
    'android; a build/',
  ],
  ...[
    'lenovo ',
    'nexus ',
    'mac ',
    'zte ',
    'htc ',
    'webkit ',
    'safari ',
    'gecko ',
    'bot',
    'crawl',
    'http',
    'spider/1.',
  ],
];

test('no user agent takes more than some dozen times as long as an ordinary one', async () => {
  const agentOf = createAgentOf();
  // Each is new to the memory of agents.
  const ordinary = await fastestMs(200, (run) => agentOf({ userAgent: CHROME.replace('141', String(run)) }));

  const slow: string[] = [];
  for (const unit of AGENT_UNITS) {
    const userAgent = unit.repeat(16_000 / unit.length);
    const brands = `"${unit}";v="`.repeat(2_000);
    const ms = await fastestMs(8, (run) => agentOf({ userAgent: run + userAgent, brands, platform: brands }));
    if (ms > 60 * ordinary) slow.push(`${unit}: ${ms} ms, an ordinary one ${ordinary} ms`);
  }

  expect(slow).toEqual([]);
});

test.each([
  'a',
  'a.',
  'a@',
  '@',
  'a@a',
  'a@a.',
  '%40',
  '1',
  '1 ',
  '1-',
  '1%20',
  '1+',
  '4 1',
  '[email]',
  '\0',
])('scrubbing a text of %j takes twice as long where it is twice as long', async (unit) => {
  const short = unit.repeat(20_000 / unit.length);

  const once = await fastestMs(8, () => scrub(short));
  const twice = await fastestMs(8, () => scrub(short + short));

  expect(twice).toBeLessThan(4 * once + 2);
});

test('a pattern of many stars is looked for in one pass', async () => {
  const excludedPaths = [`${'*a'.repeat(40)}*b`];
  const row = {
    site_id: 'shop',
    time_zone: 'UTC',
    currency: 'EUR',
    is_sample: false,
    settings: JSON.stringify({ excludedPaths }),
  };
  const site = toSite(row);
  const path = 'a'.repeat(2_000);

  const ms = await fastestMs(3, () => expect(site?.isExcludedPath(path)).toBe(false));

  expect(site?.isExcludedPath(`${path}b`)).toBe(true);
  expect(ms).toBeLessThan(50);
});

function doorOf(path: string): FuzzDoor {
  const door = DOORS.find((each) => each.path === path);
  if (door === undefined) throw new Error(`Expected a door at ${path}`);
  return door;
}

const MESSAGE = { type: 'track', event: 'e', userId: 'u' };
const many = (count: number) => Array.from({ length: count }, (_, at) => `k${at}`);
const BODIES: Record<string, string> = {
  'a context of 30,000 keys, shared by all messages': JSON.stringify({
    batch: Array(2_500).fill(MESSAGE),
    context: Object.fromEntries(many(30_000).map((key) => [key, 1])),
  }),
  'a message of 3,000 properties': JSON.stringify({
    batch: [{ ...MESSAGE, properties: Object.fromEntries(many(3_000).map((key) => [key, 1])) }],
  }),
  'times of 400,000 digits and 60,000 brackets': JSON.stringify({
    batch: [MESSAGE],
    sentAt: '1'.repeat(400_000),
    timestamp: '('.repeat(60_000),
  }),
  'lists within lists': JSON.stringify({ batch: [MESSAGE], deep: 0 }).replace(
    '0',
    '['.repeat(9e4) + ']'.repeat(9e4),
  ),
  'half a pair in every text': JSON.stringify({
    batch: [MESSAGE],
    context: { list: Array(40_000).fill('\ud800') },
  }),
};

describe('a batch costs no more than as many bytes of ordinary messages', () => {
  const door = doorOf('/v1/batch');
  const send = async (body: string) => expect((await doors.send(door, body)).status).toBeLessThan(500);
  let usualMs = 0;

  beforeAll(async () => {
    const text = 'x'.repeat(120);
    const ordinary = JSON.stringify({ batch: Array(2_500).fill({ ...MESSAGE, properties: { text } }) });
    usualMs = await fastestMs(4, () => send(ordinary));
  });

  test.each(Object.entries(BODIES))('%s', async (_, body) => {
    expect(await fastestMs(3, () => send(body))).toBeLessThan(5 * usualMs + 50);
  });
});

const PACKED = { 'content-encoding': 'gzip', 'content-type': 'application/json' };

test('a body that unpacks to more than a body may have is refused, and never there as a whole', async () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, 32));
  const before = process.memoryUsage().rss;

  const answers = await Promise.all(
    Array.from({ length: 4 }, () => doors.send(doorOf('/v1/batch'), bomb, PACKED)),
  );

  expect(bomb.length).toBeLessThan(512 * 1024);
  expect(answers.map((answer) => expectSentence(answer).code)).toEqual(Array(4).fill('too_large'));
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
});

test('what is packed badly, twice or not at all is refused with a sentence', async () => {
  const door = doorOf('/v1/batch');
  const good = gzipSync(JSON.stringify(door.valid[0]));
  const bad = Buffer.from(good);
  bad.fill(0, 20, 40);

  const bodies = [
    Buffer.alloc(0),
    good.subarray(0, 30),
    bad,
    gzipSync(good),
    Buffer.from('{}'),
    gzipSync(''),
  ];
  const answers = await Promise.all(bodies.map((body) => doors.send(door, body, PACKED)));

  for (const answer of answers) expect(expectSentence(answer).code).toBe('malformed');
  expect((await doors.send(door, good, PACKED)).status).toBe(200);
});

test('the door for pages takes nothing packed', async () => {
  const door = doorOf('/events');

  const answer = await doors.send(door, gzipSync(JSON.stringify(door.valid[0])), PACKED);

  expect(answer.status).toBe(415);
  expect(expectSentence(answer).code).toBe('unsupported_encoding');
});

test('nothing of all this was an error of ours', () => {
  expect(doors.failures).toEqual([]);
});
