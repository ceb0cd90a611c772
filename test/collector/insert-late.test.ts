/** An insert that nobody waits for any more arrives all the same, when what it bears has been tried again. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Storage, StorageError } from '../../collector/storage/storage.ts';
import { rowsOf, until, withEngine } from './inserter.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

const { start, countOf, storage: real } = withEngine();

type Insert = Parameters<Storage['insertRaw']>;

/** A storage that keeps the first insert that `isLate` says so of; `arrive` sends it on, as it was. */
function withLateInsert(isLate: (body: string) => boolean, refuse: (body: string) => Promise<void>) {
  let kept: Insert | undefined;
  const storage: Storage = {
    ...real(),
    async insertRaw(...call) {
      const [table, body] = call;
      if (table !== 'events') return real().insertRaw(...call);
      if (!kept && isLate(body.toString())) {
        // The lines are the spool's, which stamps and reads them again.
        kept = [table, body.toString(), { ...call[2], signal: new AbortController().signal }];
        throw new StorageError('socket hang up', undefined);
      }
      await refuse(body.toString());
      return real().insertRaw(...call);
    },
  };
  const arrive = async () => {
    if (!kept) throw new Error('No insert was kept');
    await real().insertRaw(...kept);
  };
  return { storage, arrive };
}

test.each([
  ['first', 0],
  ['second', 10],
])(
  'the %s half of a refused batch comes late, after its repetition: each row is stored once',
  async (half, at) => {
    const site = `late-${half}`;
    const good = rowsOf(site, 15);
    const bad = eventRow({ site_id: site, revenue: 'a lot' });
    const isBad = (body: string) => body.includes('a lot');
    const { storage, arrive } = withLateInsert(
      (body) => !isBad(body),
      async () => undefined,
    );
    const { spool, counters } = await start(createMemoryDisk(), { storage });

    await spool.append([...good.slice(0, at), bad, ...good.slice(at)]);
    await until(() => counters.read().get(site)?.stored === 15);
    await arrive();

    expect(await countOf(site)).toEqual({ rows: 15, ids: 15 });
    expect(spool.status().deadLetterFiles).toBe(1);
  },
);

test('a large batch goes in by two halves at once: of one a row is refused, the other comes late, each row is stored once', async () => {
  const bad = eventRow({ site_id: 'halves', revenue: 'a lot' });
  let atOnce = 0;
  let most = 0;
  const { storage, arrive } = withLateInsert(
    (body) => !body.includes('a lot'),
    async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await pause(20);
      atOnce -= 1;
    },
  );
  const { spool, counters } = await start(createMemoryDisk(), { storage });

  await spool.append([bad, ...rowsOf('halves', 20_000)]);
  await until(() => counters.read().get('halves')?.stored === 20_000);
  await arrive();

  expect(await countOf('halves')).toEqual({ rows: 20_000, ids: 20_000 });
  expect(counters.read().get('halves')?.dropped).toEqual({ dead_letter: 1 });
  expect(most).toBe(2);
});

test('no row is suspected while the whole may be on its way: the halves would go in, and then it', async () => {
  let refusals = 0;
  const late = withLateInsert(
    () => true,
    async (body) => {
      if (body.trim().split('\n').length < 8) return;
      refusals += 1;
      if (refusals === 8) await late.arrive();
      throw new StorageError('Something new', 9_999);
    },
  );
  const { spool, counters } = await start(createMemoryDisk(), { storage: late.storage });

  await spool.append(rowsOf('unsuspected', 8));
  await until(() => counters.read().get('unsuspected')?.stored === 8);

  expect(await countOf('unsuspected')).toEqual({ rows: 8, ids: 8 });
  expect(refusals).toBe(8);
});
