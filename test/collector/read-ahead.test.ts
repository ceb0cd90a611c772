/** A backlog: the next batch is read, and its ids looked up, while one is inserted. */
import { expect, test } from 'vitest';
import type { InserterOptions } from '../../collector/insert.ts';
import type { OpenSpool } from '../../collector/spool/spool.ts';
import { type Storage, StorageError } from '../../collector/storage/storage.ts';
import { rowsOf, until, withEngine } from './inserter.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';

const { start, countOf, storage: real } = withEngine();

const limits = { chunkBytes: 1_000_000, chunkRows: 10 };
const BATCHES = 8;

/** Batches of ten of which five bear ids of the batch before. */
async function appendBacklog(spool: OpenSpool, site: string): Promise<void> {
  const rows = rowsOf(site, 5 * (BATCHES + 1));
  for (let batch = 0; batch < BATCHES; batch += 1) await spool.append(rows.slice(5 * batch, 5 * batch + 10));
}

/** An inserter that begins once the whole backlog waits. */
async function startWithBacklog(disk: MemoryDisk, site: string, options: Partial<InserterOptions> = {}) {
  let open: () => void = () => undefined;
  const isThere = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { onStep } = options;
  const started = await start(disk, {
    ...options,
    limits,
    onStep: async (step) => {
      await isThere;
      await onStep?.(step);
    },
  });
  await appendBacklog(started.spool, site);
  open();
  return started;
}

test('the ids of a batch are looked up while the one before is inserted', async () => {
  let lookUps = 0;
  let inserts = 0;
  let see: () => void = () => undefined;
  const seen = new Promise<void>((resolve) => {
    see = resolve;
  });
  const storage: Storage = {
    ...real(),
    query: (sql, options) => {
      if (sql.includes('FROM event_ids')) lookUps += 1;
      if (lookUps === 2) see();
      return real().query(sql, options);
    },
    async insertRaw(...call) {
      inserts += 1;
      if (inserts === 1) await seen;
      return real().insertRaw(...call);
    },
  };
  const { counters } = await startWithBacklog(createMemoryDisk(), 'ahead', { storage });

  await until(() => counters.read().get('ahead')?.stored === 5 * (BATCHES + 1));
});

test('an id that the batch before has brought is known: each is stored once', async () => {
  const { counters } = await startWithBacklog(createMemoryDisk(), 'overlap');

  await until(() => counters.read().get('overlap')?.dropped.duplicate === 5 * (BATCHES - 1));

  expect(await countOf('overlap')).toEqual({ rows: 5 * (BATCHES + 1), ids: 5 * (BATCHES + 1) });
});

test('an insert that fails, and a look-up that does, while the next batch is read: each is stored once', async () => {
  let calls = 0;
  const isCut = () => {
    calls += 1;
    return calls % 3 === 0;
  };
  const storage: Storage = {
    ...real(),
    query: async (sql, options) => {
      if (sql.includes('FROM event_ids') && isCut()) throw new StorageError('read ECONNRESET', undefined);
      return real().query(sql, options);
    },
    async insertRaw(...call) {
      await real().insertRaw(...call);
      if (isCut()) throw new StorageError('read ECONNRESET', undefined);
    },
  };
  const { counters } = await startWithBacklog(createMemoryDisk(), 'failing', { storage });

  await until(() => counters.read().get('failing')?.dropped.duplicate === 5 * (BATCHES - 1));

  expect(await countOf('failing')).toEqual({ rows: 5 * (BATCHES + 1), ids: 5 * (BATCHES + 1) });
});

test.each(['begun', 'known_ids_read', 'events_inserted', 'ids_written', 'finished'] as const)(
  'the process dies in the third batch after "%s": the next one stores each row once',
  async (fatal) => {
    const site = `backlog-${fatal.replaceAll('_', '-')}`;
    const disk = createMemoryDisk();
    let times = 0;
    const died = new Promise<void>((resolve) => {
      void startWithBacklog(disk, site, {
        onStep: (step) => {
          if (step !== fatal) return;
          times += 1;
          if (times < 3) return;
          disk.crash(() => 0);
          resolve();
          return new Promise(() => undefined);
        },
      });
    });
    await died;

    const after = await start(disk, { limits });
    await after.spool.append(rowsOf(`${site}-last`, 1));
    await until(() => after.counters.read().get(`${site}-last`)?.stored === 1);

    expect(await countOf(site)).toEqual({ rows: 5 * (BATCHES + 1), ids: 5 * (BATCHES + 1) });
  },
);
