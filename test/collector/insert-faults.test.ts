/** The process dies between two steps, the database in the midst of one: each row is stored once. */
import { expect, test } from 'vitest';
import { type Storage, StorageError } from '../../collector/storage/storage.ts';
import { isDrained, rowsOf, until, withEngine } from './inserter.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

const { start, countOf, storage: real } = withEngine();

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
    ...real(),
    async insertRaw(table, body, options) {
      const fault = plan.shift() ?? 'fine';
      if (fault === 'refused') throw new StorageError('Memory limit exceeded', 241);
      if (fault === 'cut_before') throw new StorageError('read ECONNRESET', undefined);
      await real().insertRaw(table, body, options);
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
    ...real(),
    async insertRaw(table, body, options) {
      if (!isFirst) return real().insertRaw(table, body, options);
      isFirst = false;
      const lines = body.toString().split('\n').slice(0, 2).join('\n');
      // The views get nothing: as if the engine had died between the table and them.
      await real().command('DETACH TABLE orders_from_events SYNC');
      await real().insertRaw(table, `${lines}\n`, options);
      await real().command('ATTACH TABLE orders_from_events');
      throw new StorageError('socket hang up', undefined);
    },
  };
  const { spool, counters } = await start(disk, { storage });

  await spool.append(rows);
  await until(() => counters.read().get('part')?.stored === 10);

  expect(await countOf('part')).toEqual({ rows: 10, ids: 10 });
  const { rows: orders } = await real().query(
    `SELECT order_id FROM orders WHERE site_id = 'part' GROUP BY order_id ORDER BY order_id`,
  );
  expect(orders).toEqual([{ order_id: 'o1' }, { order_id: 'o2' }]);
});

test('whatever is filled from events may be filled twice: a repeated insert does so', async () => {
  const { rows } = await real().query<{ name: string; engine: string; types: string[] }>(
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
