import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { EventRow } from '../../collector/row.ts';
import { type Disk, openDisk } from '../../collector/spool/disk.ts';
import { type OpenSpool, openSpool } from '../../collector/spool/spool.ts';
import { toRowFacts } from '../../collector/spool/spool-row.ts';
import { eventRow } from '../collector/rows.ts';
import { removeDirectory } from '../remove-directory.ts';

const BYTES = 1024 * 1024;

let unmount = async () => {};
afterEach(() => unmount());

/** A disk of one mebibyte: a real tmpfs where this user may mount one, else a real directory behind a quota. */
async function smallDisk(): Promise<Disk> {
  const directory = mkdtempSync(join(tmpdir(), 'footfall-small-'));
  const isMounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', directory]).status === 0;
  unmount = async () => {
    if (isMounted) spawnSync('umount', [directory]);
    await removeDirectory(directory);
  };
  const disk = await openDisk(directory);
  return isMounted ? disk : withQuota(disk);
}

function withQuota(disk: Disk): Disk {
  const used = async () => {
    const sizes = await Promise.all((await disk.list()).map((name) => disk.sizeOf(name)));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  return {
    ...disk,
    async create(name) {
      const file = await disk.create(name);
      return {
        ...file,
        async write(bytes, position) {
          const room = BYTES - (await used());
          if (room <= 0)
            throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
          return file.write(bytes.subarray(0, room), position);
        },
      };
    },
  };
}

async function drain(spool: OpenSpool): Promise<string[]> {
  const ids: string[] = [];
  const limits = { chunkBytes: 100_000, chunkRows: 1_000 };
  for (let chunk = await spool.drain.next(limits); chunk; chunk = await spool.drain.next(limits)) {
    await spool.drain.begin(chunk, '1');
    for (const frame of chunk.frames)
      ids.push(...toRowFacts(frame.facts.toString('latin1')).map((row) => row.eventId));
    await spool.drain.finish(chunk);
  }
  return ids;
}

test('a disk that fills up under load: refused is refused, acknowledged comes out once, and it goes on', async () => {
  const disk = await smallDisk();
  // Its own bounds would stop it in time; here the disk itself is to say no.
  const options = { now: Date.now, minFreeBytes: 0, segmentBytes: 200_000 };
  const spool = await openSpool({ disk, ...options });
  const taken: string[] = [];
  const errors: unknown[] = [];
  const append = (rows: readonly EventRow[]) =>
    spool.append(rows).then(
      () => taken.push(...rows.map((row) => row.event_id)),
      (error: unknown) => errors.push(error),
    );

  while (errors.length < 20) {
    await Promise.all([1, 2, 3].map(() => append(Array.from({ length: 7 }, () => eventRow()))));
  }
  const whenFull = spool.status();
  const drainedWhenFull = await drain(spool);
  await spool.drain.sweep();
  const later = Array.from({ length: 50 }, () => eventRow());
  await append(later);
  await spool.close();

  expect(errors.every((error) => error instanceof Error && error.name === 'SpoolUnavailable')).toBe(true);
  expect(String(errors[0])).toMatch(/ENOSPC/);
  expect(whenFull.isReady).toBe(false);
  expect(taken.length).toBeGreaterThan(1_000);
  const afterRestart = await openSpool({ disk, ...options });
  expect([...drainedWhenFull, ...(await drain(afterRestart))]).toEqual(taken);
  await afterRestart.close();
});
