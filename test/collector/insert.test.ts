import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCounters } from '../../collector/counters.ts';
import { type Inserter, type InserterOptions, startInserter } from '../../collector/insert.ts';
import { createRecentDrops } from '../../collector/recent-drops.ts';
import type { EventRow } from '../../collector/row.ts';
import { type OpenSpool, openSpool } from '../../collector/spool/spool.ts';
import { type Storage, StorageError } from '../../collector/storage/storage.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 60_000);
afterAll(async () => {
  // Those that hang at a step, as if dead, never end.
  await Promise.race([Promise.all(running.map((inserter) => inserter.stop())), pause(3_000)]);
  await engine?.stop();
}, 30_000);

const running: Inserter[] = [];

/** A collector's back half on a memory disk and the real engine. */
async function start(disk: MemoryDisk, options: Partial<InserterOptions> = {}) {
  const spool = await openSpool({ disk: disk.mount(), now: Date.now });
  const counters = createCounters();
  const recentDrops = createRecentDrops(Date.now);
  const inserter = startInserter({
    spool,
    storage: engine.storage,
    counters,
    recentDrops,
    now: Date.now,
    gatherMs: 1,
    wait: async (ms, signal) => {
      // Backoff and idling in fast motion, but never a busy loop.
      await new Promise((resume) => setTimeout(resume, Math.min(ms, 20)));
      signal.throwIfAborted();
    },
    ...options,
  });
  running.push(inserter);
  return { spool, counters, recentDrops, inserter };
}

async function countOf(siteId: string, table = 'events'): Promise<{ rows: number; ids: number }> {
  const { rows } = await engine.storage.query<{ rows: number; ids: number }>(
    `SELECT count() AS rows, uniqExact(event_id) AS ids FROM ${table === 'events' ? 'events' : 'event_ids'}
     WHERE site_id = {site:String}`,
    { parameters: { site: siteId } },
  );
  return rows[0] ?? { rows: -1, ids: -1 };
}

async function until(isTrue: () => Promise<boolean> | boolean, timeoutMs = 45_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Still not so after ${timeoutMs} ms: ${isTrue}`);
    await new Promise((resume) => setTimeout(resume, 10));
  }
}

const isDrained = (spool: OpenSpool) => async () =>
  (await spool.drain.next({ chunkBytes: 1000, chunkRows: 1 })) === undefined;

function rowsOf(siteId: string, count: number, facts: Partial<EventRow> = {}): EventRow[] {
  return Array.from({ length: count }, () => eventRow({ site_id: siteId, ...facts }));
}

test('an appended row is in events and its id in event_ids, counted as stored', async () => {
  const { spool, counters } = await start(createMemoryDisk());

  await spool.append(rowsOf('one', 3));
  await until(() => counters.read().get('one')?.stored === 3);

  expect(await countOf('one')).toEqual({ rows: 3, ids: 3 });
  expect(await countOf('one', 'event_ids')).toEqual({ rows: 3, ids: 3 });
});

test('a row keeps every value on its way, 64-bit numbers and umlauts among them', async () => {
  const { spool, counters } = await start(createMemoryDisk());
  const row = eventRow({ site_id: 'values', revenue: '19.99', properties: { größe: '„42“\n' }, seq: 7 });

  await spool.append([row]);
  await until(() => counters.read().get('values')?.stored === 1);

  const { rows } = await engine.storage.query(
    `SELECT toString(visitor_id) AS visitor_id, toString(event_id) AS event_id, toUnixTimestamp64Milli(time) AS time,
            path, toString(revenue) AS revenue, properties, seq FROM events WHERE site_id = 'values'`,
  );
  expect(rows).toEqual([
    {
      visitor_id: row.visitor_id,
      event_id: row.event_id,
      time: row.time,
      path: row.path,
      revenue: '19.99',
      properties: row.properties,
      seq: 7,
    },
  ]);
});

test('an id that comes again is a duplicate: in the same append, a later one, after a restart; the first wins', async () => {
  const disk = createMemoryDisk();
  const first = eventRow({ site_id: 'again', path: '/first' });
  const before = await start(disk);
  await before.spool.append([first, { ...first, path: '/second' }]);
  await until(() => before.counters.read().get('again')?.stored === 1);
  await before.spool.append([{ ...first, path: '/third', time: first.time + 60_000 }]);
  await until(() => before.counters.read().get('again')?.dropped.duplicate === 2);
  await before.inserter.stop();
  disk.crash(() => 0);

  const after = await start(disk);
  await after.spool.append([{ ...first, path: '/fourth', visitor_id: '1' }]);
  await until(isDrained(after.spool));
  await until(() => (after.counters.read().get('again')?.dropped.duplicate ?? 0) >= 1);

  await until(() => after.recentDrops.read('again').at(-1)?.path === '/fourth');
  expect(after.recentDrops.read('again').at(-1)).toMatchObject({
    reason: 'duplicate',
    kind: 'page_view',
    event_id: first.event_id,
  });
  const { rows } = await engine.storage.query(`SELECT path FROM events WHERE site_id = 'again'`);
  expect(rows).toEqual([{ path: '/first' }]);
});

test('an id is known for 35 days after it was received, one that was imported for ever', async () => {
  const rows = ['fresh', 'stale', 'imported'].map((path) => eventRow({ site_id: 'known', path }));
  const daysAgo = [34, 36, 4_000];
  await engine.storage.insert(
    'event_ids',
    rows.map((row, index) => ({
      site_id: 'known',
      event_id: row.event_id,
      batch_id: '1',
      received_time: Math.floor(Date.now() / 1_000) - (daysAgo[index] ?? 0) * 86_400,
      is_import: row.path === 'imported',
    })),
  );
  const { spool, counters } = await start(createMemoryDisk());

  await spool.append(rows);
  await until(() => counters.read().get('known')?.stored === 1);

  expect(counters.read().get('known')?.dropped).toEqual({ duplicate: 2 });
  const { rows: stored } = await engine.storage.query(`SELECT path FROM events WHERE site_id = 'known'`);
  expect(stored).toEqual([{ path: 'stale' }]);
});

test('an orderly stop leaves no stored row on the disk', async () => {
  const disk = createMemoryDisk();
  const { spool, counters, inserter } = await start(disk);
  await spool.append(rowsOf('stop', 3));
  await until(() => counters.read().get('stop')?.stored === 3);

  await inserter.stop();

  expect((await disk.mount().list()).filter((name) => name.endsWith('.segment'))).toEqual([]);
});

test('the same id on two sites is two events', async () => {
  const { spool, counters } = await start(createMemoryDisk());
  const row = eventRow({ site_id: 'left' });

  await spool.append([row, { ...row, site_id: 'right' }]);
  await until(() => counters.read().get('right')?.stored === 1);

  expect([await countOf('left'), await countOf('right')]).toEqual([
    { rows: 1, ids: 1 },
    { rows: 1, ids: 1 },
  ]);
});

test('an import of 11 years goes in, though a block may touch only 100 months', async () => {
  const { spool, counters } = await start(createMemoryDisk());
  const rows = Array.from({ length: 132 }, (_, month) =>
    eventRow({ site_id: 'years', sent_by: 'import', time: Date.UTC(2014, month, 15) }),
  );

  await spool.append(rows);
  await until(() => counters.read().get('years')?.stored === 132);

  expect(await countOf('years')).toEqual({ rows: 132, ids: 132 });
});

const STEPS = [
  'begun',
  'known_ids_read',
  'claimed',
  'events_inserted',
  'ids_written',
  'dead_letters_written',
  'finished',
] as const;

test.each(STEPS)('the process dies after "%s": the next one stores each row once', async (fatal) => {
  const site = `dies-${fatal.replaceAll('_', '-')}`;
  const disk = createMemoryDisk();
  const died = new Promise<void>((resolve) => {
    void start(disk, {
      onStep: (step) => {
        if (step !== fatal) return;
        disk.crash(() => 0);
        resolve();
        return new Promise(() => undefined);
      },
    }).then(({ spool }) => spool.append([...rowsOf(site, 20), eventRow({ site_id: site, revenue: 'much' })]));
  });
  await died;

  const after = await start(disk);
  await after.spool.append(rowsOf(site, 5));
  await until(() => (after.counters.read().get(site)?.stored ?? 0) >= 5);
  await until(isDrained(after.spool));

  expect(await countOf(site)).toEqual({ rows: 25, ids: 25 });
  expect((await countOf(site, 'event_ids')).ids).toBe(25);
  expect(after.spool.status().deadLetterFiles).toBe(1);
});

test('a row that ClickHouse refuses becomes a dead letter with its reason; the others go in', async () => {
  const disk = createMemoryDisk();
  const { spool, counters, recentDrops } = await start(disk);
  const bad = eventRow({ site_id: 'dead', revenue: 'a lot' });

  await spool.append([...rowsOf('dead', 10), bad, ...rowsOf('dead', 10)]);
  await until(() => counters.read().get('dead')?.dropped.dead_letter === 1);

  expect(recentDrops.read('dead')).toMatchObject([
    { reason: 'dead_letter', path: '/products/größe-42', message: expect.stringContaining('revenue') },
  ]);
  expect(await countOf('dead')).toEqual({ rows: 20, ids: 20 });
  const [name] = (await disk.mount().list()).filter((file) => file.endsWith('.dead.ndjson'));
  const [letter] = await spool.deadLetters.read(name ?? '');
  expect(letter?.row).toEqual(bad);
  expect(letter?.error).toMatch(/revenue/);
});

test('dead letters that are replayed come in once, though the process dies between', async () => {
  const disk = createMemoryDisk();
  const { spool, counters } = await start(disk);
  const row = eventRow({ site_id: 'replay' });
  const letters = `${JSON.stringify({ at: 1, error: 'mended', row })}\n`;
  for (const name of ['1.replay.ndjson', '2.replay.ndjson']) {
    const file = await disk.mount().create(name);
    await file.write(Buffer.from(letters), 0);
  }

  await spool.append(rowsOf('replay', 1));
  await until(() => counters.read().get('replay')?.dropped.duplicate === 1);

  expect(await countOf('replay')).toEqual({ rows: 2, ids: 2 });
  expect((await disk.mount().list()).filter((name) => name.endsWith('.ndjson'))).toEqual([]);
});

test('a damaged cursor doubles nothing: waiting rows are looked up in events', async () => {
  const disk = createMemoryDisk();
  const died = new Promise<void>((resolve) => {
    void start(disk, {
      onStep: (step) => {
        if (step !== 'events_inserted') return;
        disk.crash(() => 0);
        resolve();
        return new Promise(() => undefined);
      },
    }).then(({ spool }) => spool.append(rowsOf('damaged', 20)));
  });
  await died;
  disk.bytesOf('cursor').fill(0x78);

  const after = await start(disk);
  await after.spool.append(rowsOf('damaged', 5));
  await until(() => after.counters.read().get('damaged')?.stored === 5);

  expect(await countOf('damaged')).toEqual({ rows: 25, ids: 25 });
  expect(await countOf('damaged', 'event_ids')).toEqual({ rows: 25, ids: 25 });
});

/** The real storage, whose insert into `events` goes wrong as told: before it is done, or after. */
function flaky(plan: ('refused' | 'cut_before' | 'cut_after' | 'fine')[]): Storage {
  return {
    ...engine.storage,
    async insertRaw(table, body, options) {
      const fault = plan.shift() ?? 'fine';
      if (fault === 'refused') throw new StorageError('Memory limit exceeded', 241);
      if (fault === 'cut_before') throw new StorageError('read ECONNRESET', undefined);
      await engine.storage.insertRaw(table, body, options);
      if (fault === 'cut_after') throw new StorageError('read ECONNRESET', undefined);
    },
  };
}

test.each([
  [
    'absent for a while',
    ['refused', 'cut_before', 'cut_before', 'refused', 'cut_before', 'refused', 'refused'],
  ],
  ['gone after it has committed', ['cut_after']],
  ['flapping', ['cut_after', 'fine', 'cut_before', 'cut_after', 'fine', 'refused', 'cut_after']],
] as const)('the database is %s: each row is stored once', async (kind, plan) => {
  const site = kind.replaceAll(' ', '-');
  const { spool, counters } = await start(createMemoryDisk(), { storage: flaky([...plan]) });

  for (let batch = 1; batch <= 4; batch += 1) {
    await spool.append(rowsOf(site, 50));
    await until(() => counters.read().get(site)?.stored === batch * 50);
  }

  expect(await countOf(site)).toEqual({ rows: 200, ids: 200 });
});

test('a batch of which only a part arrived is completed, views included', async () => {
  const disk = createMemoryDisk();
  const arrived = ['o1', 'o2'].map((order_id) => eventRow({ site_id: 'part', order_id }));
  const rows = [...arrived, ...rowsOf('part', 8)];
  let isFirst = true;
  const storage: Storage = {
    ...engine.storage,
    async insertRaw(table, body, options) {
      if (!isFirst) return engine.storage.insertRaw(table, body, options);
      isFirst = false;
      const lines = body.toString().split('\n').slice(0, 2).join('\n');
      // The views get nothing: as if the engine had died between the table and them.
      await engine.storage.command('DETACH TABLE orders_from_events SYNC');
      await engine.storage.insertRaw(table, `${lines}\n`, options);
      await engine.storage.command('ATTACH TABLE orders_from_events');
      throw new StorageError('socket hang up', undefined);
    },
  };
  const { spool, counters } = await start(disk, { storage });

  await spool.append(rows);
  await until(() => counters.read().get('part')?.stored === 10);

  expect(await countOf('part')).toEqual({ rows: 10, ids: 10 });
  const { rows: orders } = await engine.storage.query(
    `SELECT order_id FROM orders WHERE site_id = 'part' GROUP BY order_id ORDER BY order_id`,
  );
  expect(orders).toEqual([{ order_id: 'o1' }, { order_id: 'o2' }]);
});

test('whatever is filled from events may be filled twice: a repeated insert does so', async () => {
  const { rows } = await engine.storage.query<{ name: string; engine: string; types: string[] }>(
    `SELECT name, engine,
            (SELECT groupArray(type) FROM system.columns
             WHERE database = currentDatabase() AND table = tables.name AND NOT is_in_sorting_key) AS types
     FROM system.tables AS tables
     WHERE database = currentDatabase() AND name IN (
       SELECT extract(create_table_query, ' TO [^ ]+\\\\.([a-z_0-9]+)') FROM system.tables
       WHERE database = currentDatabase() AND engine = 'MaterializedView' AND match(as_select, '\\\\bevents\\\\b'))`,
  );

  const additive = rows.filter(
    ({ engine: kind, types }) =>
      kind !== 'ReplacingMergeTree' &&
      !types.every((type) =>
        /^SimpleAggregateFunction\((min|max|any|anyLast|groupUniqArrayArray)\b/.test(type),
      ),
  );
  expect(rows.length).toBeGreaterThan(1);
  // Its sums only vouch for days whose sessions are stored: another sum, and the day is worked out once more.
  expect(additive.map(({ name }) => name)).toEqual(['event_sums']);
});

test('an answer that blames no row is not held against one while nothing else goes in', async () => {
  const disk = createMemoryDisk();
  let refusals = 0;
  const storage: Storage = {
    ...engine.storage,
    async insertRaw(table, body, options) {
      refusals += 1;
      if (refusals <= 40) throw new StorageError('Table is in readonly mode', 242);
      return engine.storage.insertRaw(table, body, options);
    },
  };
  const { spool, counters } = await start(disk, { storage });

  await spool.append(rowsOf('readonly', 4));
  await until(() => counters.read().get('readonly')?.stored === 4);

  expect(spool.status().deadLetterFiles).toBe(0);
});

test('a row that is refused with an unheard-of code is found out after some patience', async () => {
  const storage: Storage = {
    ...engine.storage,
    async insertRaw(table, body, options) {
      if (body.toString().includes('/poison')) throw new StorageError('Something new', 9_999);
      return engine.storage.insertRaw(table, body, options);
    },
  };
  const { spool, counters } = await start(createMemoryDisk(), { storage });

  await spool.append([...rowsOf('poison', 6), eventRow({ site_id: 'poison', path: '/poison' })]);
  await until(() => counters.read().get('poison')?.dropped.dead_letter === 1);

  expect(await countOf('poison')).toEqual({ rows: 6, ids: 6 });
});
