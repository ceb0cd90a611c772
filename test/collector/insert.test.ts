import { expect, test } from 'vitest';
import { findKnownIds } from '../../collector/insert/known-ids.ts';
import type { QueryOptions } from '../../collector/storage/storage.ts';
import { isDrained, rowsOf, until, withEngine } from './inserter.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

const { start, countOf, storage } = withEngine();

const EMPTY_ROW = { key: '', month: 0, time: 0, line: Buffer.alloc(0) };

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

  const { rows } = await storage().query(
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
  const { rows } = await storage().query(`SELECT path FROM events WHERE site_id = 'again'`);
  expect(rows).toEqual([{ path: '/first' }]);
});

test('an id is known for 35 days after it was received, one that was imported for ever', async () => {
  const rows = ['fresh', 'stale', 'imported'].map((path) => eventRow({ site_id: 'known', path }));
  const daysAgo = [34, 36, 4_000];
  await storage().insert(
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
  const { rows: stored } = await storage().query(`SELECT path FROM events WHERE site_id = 'known'`);
  expect(stored).toEqual([{ path: 'stale' }]);
});

test('looking up the ids of a batch reads only where ids of their time lie, however many are known', async () => {
  // A hundred days, two thousand ids each, as `toEventId` makes them.
  await storage().command(
    `INSERT INTO event_ids SELECT 'much', reinterpretAsUUID(reverse(concat(
         substring(reverse(reinterpretAsString(toUInt64(1790000000000 + intDiv(number, 2000) * 86400000 + number % 2000))), 3),
         substring(sipHash128(number), 1, 10)))), 1, now(), true
     FROM numbers(200000)`,
  );
  const { rows: known } = await storage().query<{ event_id: string }>(
    `SELECT toString(event_id) AS event_id FROM event_ids WHERE site_id = 'much'
     ORDER BY toString(event_id) LIMIT 500 OFFSET 100000`,
  );
  const batch = known.map(({ event_id }) => ({ ...EMPTY_ROW, siteId: 'much', eventId: event_id }));
  let rowsRead = 0;
  const counting = {
    ...storage(),
    query: async <Row>(sql: string, options?: QueryOptions) => {
      const answer = await storage().query<Row>(sql, options);
      rowsRead += answer.statistics.rowsRead;
      return answer;
    },
  };

  const found = await findKnownIds(counting, batch, new AbortController().signal);

  expect(found.size).toBe(500);
  expect(rowsRead).toBeLessThan(10_000);
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
