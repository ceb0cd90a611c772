/** An accepted event can never become a dead letter: what the doors take goes through spool and inserter into ClickHouse. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCounters } from '../../../collector/counters.ts';
import { startInserter } from '../../../collector/insert.ts';
import type { Receipt } from '../../../collector/protocol.ts';
import type { EventRow } from '../../../collector/row.ts';
import { openSpool } from '../../../collector/spool/spool.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { createMemoryDisk } from '../memory-disk.ts';
import { DOORS, openFuzzDoors } from './doors.ts';
import { FC_RUNS, hostileBatch, hostileImport } from './hostile.ts';
import { hostileMessages } from './hostile-segment.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

test('every accepted event is in the table, as its row says, and none is a dead letter', async () => {
  const spool = await openSpool({ disk: createMemoryDisk().mount(), now: Date.now });
  const counters = createCounters();
  const rows = new Map<string, EventRow>();
  const keep = async (added: readonly EventRow[]) => {
    for (const row of added) if (!rows.has(row.event_id)) rows.set(row.event_id, row);
    await spool.append(added);
  };
  const doors = await openFuzzDoors({ spool: { append: keep } });
  const bodies = fc.sample(
    fc.tuple(hostileBatch, hostileImport, hostileMessages, hostileMessages),
    Math.ceil(FC_RUNS / 2),
  );
  let accepted = 0;
  for (const pair of bodies) {
    for (const [index, body] of pair.entries()) {
      const door = DOORS.find(({ path }) => path === PATHS[index]);
      const answer = door && (await doors.send(door, JSON.stringify(body)));
      // A receipt, which the door's own tests hold to its shape.
      if (answer?.status === door?.taken && answer) accepted += (JSON.parse(answer.body) as Receipt).accepted;
    }
  }
  const complaints: string[] = [];
  const inserter = startInserter({
    spool,
    storage: engine.storage,
    counters,
    now: Date.now,
    gatherMs: 1,
    log: (message) => complaints.push(message),
  });
  const counts = () => counters.read().get('shop') ?? { accepted: 0, stored: 0, dropped: {} };
  const deadline = Date.now() + 45_000;
  while (counts().stored + (counts().dropped.duplicate ?? 0) < accepted && Date.now() < deadline) {
    if (complaints.length > 0 || counts().dropped.dead_letter) break;
    await new Promise((resume) => setTimeout(resume, 20));
  }
  await inserter.stop();
  await spool.close();
  await doors.close();

  expect(complaints).toEqual([]);
  expect(counts().dropped.dead_letter).toBeUndefined();
  expect(spool.status().deadLetterFiles).toBe(0);
  expect(counts().stored).toBe(rows.size);
  expect(rows.size, 'Most of what this test makes is taken').toBeGreaterThan(FC_RUNS * 2);
  expect(await readBack()).toEqual([...rows.values()].map(toComparable).sort(byId));
});

// Whose bodies come in this order.
const PATHS = ['/events', '/v1/events', '/v1/batch', '/v1/import'];

const TEXTS = [
  'kind',
  'name',
  'visitor_id',
  'page_view_id',
  'anonymous_id',
  'user_id',
  'account_id',
  'hostname',
  'path',
  'query',
] as const;
const MORE_TEXTS = [
  'title',
  'referrer',
  'source',
  'campaign',
  'term',
  'browser',
  'os',
  'os_version',
  'device',
  'target',
  'order_id',
] as const;
const NUMBERS = ['seq', 'status', 'engaged_ms', 'scroll_percent'] as const;

type Comparable = {
  event_id: string;
  time: number;
  properties: Record<string, string>;
  numbers: Record<string, number>;
};

/** Text by text what the table gave back. */
async function readBack(): Promise<Comparable[]> {
  const texts = [...TEXTS, ...MORE_TEXTS].map((name) => `toString(${name}) AS ${name}_text`);
  const { rows } = await engine.storage.query<Comparable>(
    `SELECT toString(event_id) AS event_id, toUnixTimestamp64Milli(time) AS time, ${texts.join(', ')}, ${NUMBERS.join(', ')},
       properties, numeric_properties AS numbers
     FROM events WHERE site_id = 'shop'`,
  );
  return rows
    .map((row) => ({ ...row, properties: sorted(row.properties), numbers: sorted(row.numbers) }))
    .sort(byId);
}

function toComparable(row: EventRow): Comparable {
  const texts = [...TEXTS, ...MORE_TEXTS].map((name) => [`${name}_text`, row[name] ?? '']);
  const numbers = NUMBERS.map((name) => [name, (row[name] ?? 0) + 0]);
  return {
    event_id: row.event_id,
    time: row.time + 0,
    ...Object.fromEntries([...texts, ...numbers]),
    properties: sorted(row.properties ?? {}),
    numbers: sorted(row.numeric_properties ?? {}),
  };
}

/** Without a prototype and in order, so that a property called __proto__ is compared like any other. */
function sorted<Value>(bag: Record<string, Value>): Record<string, Value> {
  const entries = Object.entries(bag).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

function byId(one: Comparable, other: Comparable): number {
  return one.event_id < other.event_id ? -1 : 1;
}
