import { expect, test } from 'vitest';
import type { EventRow } from '../../collector/row.ts';
import { type OpenSpool, openSpool, type SpoolOptions } from '../../collector/spool/spool.ts';
import { toRowFacts } from '../../collector/spool/spool-row.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

const LIMITS = { chunkBytes: 1_000_000, chunkRows: 1_000 };

function open(disk: MemoryDisk, options: Partial<SpoolOptions> = {}): Promise<OpenSpool> {
  return openSpool({ disk: disk.mount(), now: () => 0, ...options });
}

function rowsOf(count: number): EventRow[] {
  return Array.from({ length: count }, () => eventRow());
}

const idsOf = (rows: readonly EventRow[]) => rows.map((row) => row.event_id);

/** Takes everything out, in order, as the inserter would. */
async function drain(spool: OpenSpool): Promise<string[]> {
  const ids: string[] = [];
  for (let chunk = await spool.drain.next(LIMITS); chunk; chunk = await spool.drain.next(LIMITS)) {
    await spool.drain.begin(chunk, '1');
    for (const frame of chunk.frames)
      ids.push(...toRowFacts(frame.facts.toString('latin1')).map((row) => row.eventId));
    await spool.drain.finish(chunk);
  }
  return ids;
}

async function segmentsOn(disk: MemoryDisk): Promise<string[]> {
  return (await disk.mount().list()).filter((name) => name.endsWith('.segment'));
}

test('rows come out in the order they went in, and their file goes when they are finished', async () => {
  const disk = createMemoryDisk();
  const spool = await open(disk, { segmentBytes: 2_000 });
  const rows = rowsOf(20);

  for (const row of rows) await spool.append([row]);
  const filesBefore = (await segmentsOn(disk)).length;
  const ids = await drain(spool);
  await spool.drain.sweep();

  expect(ids).toEqual(idsOf(rows));
  expect(filesBefore).toBeGreaterThan(3);
  expect(await segmentsOn(disk)).toEqual([]);
  expect(spool.status()).toMatchObject({ isReady: true, bytes: 0, segments: 0 });
});

test('what was acknowledged before a crash comes out after it', async () => {
  const disk = createMemoryDisk();
  const rows = rowsOf(5);
  const before = await open(disk);
  await before.append(rows);

  disk.crash(() => 0);

  expect(await drain(await open(disk))).toEqual(idsOf(rows));
});

test('without the sync the same crash loses them', async () => {
  const disk = createMemoryDisk();
  const before = await open(disk);
  disk.setSyncing(false);
  await before.append(rowsOf(5));

  disk.crash(() => 0);

  expect(await drain(await open(disk))).toEqual([]);
});

test('appends that wait together share a write and a sync', async () => {
  const disk = createMemoryDisk();
  let syncs = 0;
  const mounted = disk.mount();
  const counting = {
    ...mounted,
    create: async (name: string) => {
      const file = await mounted.create(name);
      return {
        ...file,
        sync: () => {
          syncs += 1;
          return file.sync();
        },
      };
    },
  };
  const spool = await openSpool({ disk: counting, now: () => 0 });

  await Promise.all(Array.from({ length: 500 }, () => spool.append(rowsOf(1))));

  expect(syncs).toBeLessThanOrEqual(3);
  expect(await drain(spool)).toHaveLength(500);
});

test('a torn last write is cut off and counted, the rows before it stay', async () => {
  const disk = createMemoryDisk();
  const before = await open(disk);
  const rows = rowsOf(3);
  await before.append(rows);
  const lost = before.append(rowsOf(50)).catch(() => 'lost');
  await new Promise((resume) => setImmediate(resume));
  // Not a sync more: half of the second write has arrived.
  const file = await disk.mount().open('0000000001.segment');
  await file.truncate(disk.bytesOf('0000000001.segment').length - 700);
  await file.sync();
  disk.crash(() => 0.99);
  await lost;

  const after = await open(disk);

  expect(await drain(after)).toEqual(idsOf(rows));
  expect(after.status().tornBytes).toBeGreaterThan(0);
  expect(after.status().corruptBytes).toBe(0);
});

test('a corrupt middle is put aside and counted, the rows after it come out, the start is not refused', async () => {
  const disk = createMemoryDisk();
  const before = await open(disk);
  const [first, second, third] = [rowsOf(2), rowsOf(2), rowsOf(2)];
  for (const rows of [first, second, third]) await before.append(rows);
  const middle = Math.floor(disk.bytesOf('0000000001.segment').length / 2);
  disk.crash(() => 0);
  disk.corrupt('0000000001.segment', middle);

  const after = await open(disk);

  expect(await drain(after)).toEqual([...idsOf(first), ...idsOf(third)]);
  expect(after.quarantine.corruptRows()).toBe(2);
  const aside = (await disk.mount().list()).filter((name) => name.endsWith('.corrupt'));
  expect(aside).toHaveLength(1);
  expect(disk.bytesOf(aside[0] ?? '').toString()).toContain(second[0]?.event_id);
  expect(after.status().corruptBytes).toBe(disk.bytesOf(aside[0] ?? '').length);
});

test('a full disk refuses with SpoolUnavailable; what was written of it is taken back; later rows go in', async () => {
  const disk = createMemoryDisk();
  const spool = await open(disk);
  const [kept, refused, later] = [rowsOf(2), rowsOf(2), rowsOf(2)];
  await spool.append(kept);

  disk.fail('write', 'short', 'ENOSPC');
  const error = await spool.append(refused).catch((reason: unknown) => reason);
  await spool.append(later);

  expect(error).toMatchObject({ name: 'SpoolUnavailable', status: 503 });
  expect(await drain(spool)).toEqual([...idsOf(kept), ...idsOf(later)]);
});

test('a short write alone is no error: the rest is written after it', async () => {
  const disk = createMemoryDisk();
  const spool = await open(disk);
  const rows = rowsOf(4);

  disk.fail('write', 'short', 'short', 'short');
  await spool.append(rows);
  disk.crash(() => 0);

  expect(await drain(await open(disk))).toEqual(idsOf(rows));
});

test('after a failed sync the segment is sealed: later rows go to another one, and survive', async () => {
  const disk = createMemoryDisk();
  const spool = await open(disk);
  const [kept, later] = [rowsOf(2), rowsOf(2)];
  await spool.append(kept);

  disk.fail('sync', 'EIO');
  await expect(spool.append(rowsOf(2))).rejects.toMatchObject({ name: 'SpoolUnavailable' });
  await spool.append(later);
  disk.crash(() => 0);

  expect(await segmentsOn(disk)).toHaveLength(2);
  expect(await drain(await open(disk))).toEqual([...idsOf(kept), ...idsOf(later)]);
});

test('not ready for a moment after a failed write', async () => {
  const disk = createMemoryDisk();
  let now = 5_000;
  const spool = await openSpool({ disk: disk.mount(), now: () => now });

  disk.fail('write', 'EIO');
  await spool.append(rowsOf(1)).catch(() => undefined);
  const readyAfterFailure = spool.status().isReady;
  now += 2_000;

  expect([readyAfterFailure, spool.status().isReady]).toEqual([false, true]);
});

test('over its bound it refuses with SpoolFull and is not ready, until there is room again', async () => {
  const disk = createMemoryDisk();
  const spool = await open(disk, { maxBytes: 5_000, segmentBytes: 2_000 });
  const taken: string[] = [];
  let error: unknown;
  for (let count = 0; count < 50 && !error; count += 1) {
    const rows = rowsOf(1);
    await spool.append(rows).then(
      () => taken.push(...idsOf(rows)),
      (reason: unknown) => {
        error = reason;
      },
    );
  }
  const whenFull = spool.status();

  expect(error).toMatchObject({ name: 'SpoolFull', status: 503 });
  expect(whenFull.isReady).toBe(false);
  expect(whenFull.bytes).toBeLessThanOrEqual(5_000);
  expect(await drain(spool)).toEqual(taken);
  await spool.drain.sweep();
  await spool.append(rowsOf(1));
  expect(spool.status().isReady).toBe(true);
});

test('with too little free disk it refuses and is not ready', async () => {
  const disk = createMemoryDisk();
  disk.setFreeBytes(1_000);
  const spool = await open(disk, { minFreeBytes: 2_000 });

  await expect(spool.append(rowsOf(1))).rejects.toMatchObject({ name: 'SpoolFull' });
  expect(spool.status().isReady).toBe(false);
});

test('tells how long its oldest row has waited', async () => {
  const disk = createMemoryDisk();
  let now = 10_000;
  const spool = await openSpool({ disk: disk.mount(), now: () => now });
  await spool.append(rowsOf(1));
  now = 17_000;

  await spool.drain.next(LIMITS);
  const waiting = spool.status().oldestAgeMs;
  await drain(spool);

  expect([waiting, spool.status().oldestAgeMs]).toEqual([7_000, 0]);
});

test('an append larger than a segment is taken all the same', async () => {
  const disk = createMemoryDisk();
  const spool = await open(disk, { segmentBytes: 3_000 });
  const rows = rowsOf(200);

  await spool.append(rows);

  expect(await drain(spool)).toEqual(idsOf(rows));
});

test('a segment that cannot be read time and again is put aside, and does not hold up the next', async () => {
  const disk = createMemoryDisk();
  const before = await open(disk);
  await before.append(rowsOf(3));
  disk.crash(() => 0);
  const spool = await open(disk);
  const later = rowsOf(2);
  await spool.append(later);

  disk.fail('read', ...Array.from({ length: 20 }, () => 'EIO' as const));
  let failures = 0;
  let ids: string[] | undefined;
  while (ids === undefined && failures < 30) {
    ids = await drain(spool).catch(() => {
      failures += 1;
      return undefined;
    });
  }

  expect(ids).toEqual(idsOf(later));
  expect(failures).toBe(19);
  expect((await disk.mount().list()).filter((name) => name.endsWith('.corrupt'))).toHaveLength(1);
  expect(spool.quarantine.corruptRows()).toBe(1);
});
