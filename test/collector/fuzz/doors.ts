/** Every door that takes events, in one list: a new door gets a line here and all of the armour's tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { DoorKey } from '../../../collector/keys.ts';
import { LIMITS } from '../../../collector/protocol.ts';
import type { World } from '../../../collector/world.ts';
import { NOON, openDoors } from '../doors.ts';
import type { RawAnswer } from './raw.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export type FuzzDoor = {
  path: string;
  /** Beside those that every request bears. */
  headers: Record<string, string>;
  maxBytes: number;
  /** What it answers when it takes a body. */
  taken: 200 | 202;
  /** Bodies that are taken whole, one kind of event after the other. */
  valid: readonly JsonObject[];
};

const KEY: DoorKey = { siteId: 'shop', scopes: ['import', 'write'] };
const AUTHORIZATION = { authorization: 'Bearer good' };

function basic(key: string) {
  return { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` };
}

const TIMESTAMP = '2026-11-22T11:59:00.000Z';
const MESSAGES: readonly JsonObject[] = [
  {
    type: 'track',
    userId: 'ann',
    messageId: 'm-1',
    timestamp: TIMESTAMP,
    event: 'Order Completed',
    properties: {
      order_id: 'A-1',
      revenue: 19.9,
      currency: 'EUR',
      products: [{ sku: '茶' }],
      nested: { deep: true },
    },
  },
  {
    type: 'page',
    anonymousId: 'device',
    messageId: 'm-2',
    timestamp: TIMESTAMP,
    name: 'Tea',
    properties: {
      url: 'https://shop.example/tea?utm_source=mail',
      title: 'Tea',
      referrer: 'https://google.com/',
    },
    context: { ip: '8.8.8.8', userAgent: 'Mozilla/5.0', locale: 'de-DE', library: { name: 'analytics.js' } },
  },
  { type: 'screen', userId: 'ann', messageId: 'm-3', timestamp: TIMESTAMP, name: 'Main' },
  { type: 'identify', userId: 'ann', messageId: 'm-4', timestamp: TIMESTAMP, traits: { plan: 'pro' } },
  {
    type: 'group',
    userId: 'ann',
    messageId: 'm-5',
    timestamp: TIMESTAMP,
    groupId: 'acme',
    traits: { seats: 5 },
  },
  { type: 'alias', userId: 'ann', messageId: 'm-6', timestamp: TIMESTAMP, previousId: 'device' },
];

const WHOM = {
  ip: '8.8.8.8',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  language: 'de-DE,de;q=0.9',
};

export const DOORS: readonly FuzzDoor[] = [
  { path: '/events', headers: {}, maxBytes: LIMITS.bodyBytes, taken: 202, valid: readExamples() },
  {
    path: '/v1/events',
    headers: AUTHORIZATION,
    maxBytes: 512 * 1024,
    taken: 202,
    valid: readExamples().map(({ version, site, sentAt, events, ...whom }) => ({
      version: version ?? 1,
      site: site ?? 'shop',
      sentAt: sentAt ?? NOON,
      sentBy: 'browser',
      events: asArray(events).map((event) => ({ ...WHOM, ...whom, ...asObject(event) })),
    })),
  },
  segmentDoor('/v1/track', 'shop', MESSAGES.slice(0, 1)),
  segmentDoor('/v1/batch', 'shop', [{ batch: [...MESSAGES], context: { locale: 'de' } }]),
  segmentDoor('/v1/import', 'good', [{ batch: [...MESSAGES].reverse(), sentAt: '2026-11-22T12:00:00Z' }]),
];

function segmentDoor(path: string, key: string, valid: readonly JsonObject[]): FuzzDoor {
  return { path, headers: basic(key), maxBytes: 512 * 1024, taken: 200, valid };
}

/** The protocol's own examples, one per file, at the site and the time of the tests' world. */
function readExamples(): JsonObject[] {
  const directory = join(import.meta.dirname, '../../protocol/valid/1');
  return readdirSync(directory).map((file) => {
    // Our own files, all of them objects.
    const body = JSON.parse(readFileSync(join(directory, file), 'utf8')) as JsonObject;
    const events = asArray(body.events).map((event) => ({ ...asObject(event), at: NOON }));
    return { ...body, site: 'shop', sentAt: NOON, events };
  });
}

export function asArray(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** The tests' doors with a key that opens them all, and a client that sends any bytes with any headers. */
export async function openFuzzDoors(changes: Partial<World> = {}) {
  const keys = { find: async (secret: string) => (secret === 'good' ? KEY : undefined) };
  const doors = await openDoors({ keys, ...changes });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });

  return {
    ...doors,
    send: (door: FuzzDoor, body: Uint8Array | string, headers: Record<string, string> = {}) =>
      send(doors.port, agent, door.path, { ...door.headers, ...headers }, body),
    async close() {
      agent.destroy();
      await doors.close();
    },
  };
}

export type FuzzDoors = Awaited<ReturnType<typeof openFuzzDoors>>;

function send(
  port: number,
  agent: Agent,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array | string,
): Promise<RawAnswer> {
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const asked = request({
      port,
      path,
      agent,
      method: 'POST',
      headers: { 'content-length': bytes.length, ...headers },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          // Always there on a client's response.
          status: response.statusCode ?? 0,
          headers: new Map(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    asked.end(bytes);
  });
}
