/** Rows that ClickHouse refuses, and answers that blame no row. */
import { expect, test } from 'vitest';
import { type Storage, StorageError } from '../../collector/storage/storage.ts';
import { rowsOf, until, withEngine } from './inserter.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

const { start, countOf, storage: real } = withEngine();

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

test('an answer that blames no row is not held against one while nothing else goes in', async () => {
  const disk = createMemoryDisk();
  let refusals = 0;
  const storage: Storage = {
    ...real(),
    async insertRaw(table, body, options) {
      refusals += 1;
      if (refusals <= 40) throw new StorageError('Table is in readonly mode', 242);
      return real().insertRaw(table, body, options);
    },
  };
  const { spool, counters } = await start(disk, { storage });

  await spool.append(rowsOf('readonly', 4));
  await until(() => counters.read().get('readonly')?.stored === 4);

  expect(spool.status().deadLetterFiles).toBe(0);
});

test('a row that is refused with an unheard-of code is found out after some patience', async () => {
  const storage: Storage = {
    ...real(),
    async insertRaw(table, body, options) {
      if (body.toString().includes('/poison')) throw new StorageError('Something new', 9_999);
      return real().insertRaw(table, body, options);
    },
  };
  const { spool, counters } = await start(createMemoryDisk(), { storage });

  await spool.append([...rowsOf('poison', 6), eventRow({ site_id: 'poison', path: '/poison' })]);
  await until(() => counters.read().get('poison')?.dropped.dead_letter === 1);

  expect(await countOf('poison')).toEqual({ rows: 6, ids: 6 });
});
