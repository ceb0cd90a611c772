import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventRow } from '../../collector/row.ts';
import { openDisk } from '../../collector/spool/disk.ts';
import { openSpool } from '../../collector/spool/spool.ts';
import { removeDirectory } from '../remove-directory.ts';
import { buildOnce, startTestServer } from '../server.ts';
import { eventRow } from './rows.ts';

const PROGRAM = join(import.meta.dirname, '../../.build/server/spool.js');

let dataDirectory: string;
beforeAll(buildOnce);
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'footfall-spool-'));
});
afterEach(() => removeDirectory(dataDirectory));

function run(...words: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, ...words], {
    env: { PATH: process.env.PATH, FOOTFALL_DATA: dataDirectory },
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

/** A spool that a stopped server left: three rows wait, two are dead. */
async function leaveSpool() {
  const disk = await openDisk(join(dataDirectory, 'spool'));
  const spool = await openSpool({ disk, now: Date.now });
  await spool.append([eventRow(), eventRow(), eventRow()]);
  const error = "Cannot parse 'much': (while reading the value of key revenue): (at row 7)";
  const letters = [eventRow(), eventRow()].map((row) => ({ at: Date.UTC(2026, 10, 22), error, row }));
  await spool.deadLetters.write('42', letters);
  await spool.close();
  return disk;
}

test('status says what waits and what is dead', async () => {
  await leaveSpool();

  const { stdout, status } = run('status');

  expect(status).toBe(0);
  expect(stdout).toMatch(/^server +not running$/m);
  expect(stdout).toMatch(/^waiting +3 events, the oldest for \d+ s$/m);
  expect(stdout).toMatch(/^dead +2 events in 1 batches/m);
});

test('dead list groups the rows of a batch by reason', async () => {
  await leaveSpool();

  const { stdout } = run('dead', 'list');

  expect(stdout).toBe(
    "42  2026-11-22T00:00:00.000Z  2 events\n  2 × shop: Cannot parse 'much': (while reading the value of key revenue)\n",
  );
});

test('dead replay hands a batch to the server, dead purge deletes it', async () => {
  const disk = await leaveSpool();

  const replayed = run('dead', 'replay', '42');
  const names = await disk.list();
  await disk.rename('42.replay.ndjson', '42.dead.ndjson');
  const purged = run('dead', 'purge', 'all');

  expect(replayed.stdout).toMatch(/^1 batches will be tried again when the server starts/);
  expect(names).toContain('42.replay.ndjson');
  expect(purged.stdout).toBe('2 events of 1 batches are deleted.\n');
  expect(run('dead', 'list').stdout).toBe('No dead letters.\n');
});

test('a running server tells of dead letters, stores a replayed batch within seconds, and forgets a purged one', async () => {
  const disk = await openDisk(join(dataDirectory, 'spool'));
  const time = Date.now();
  const write = async (batch: string, row: EventRow) => {
    const file = await disk.create(`${batch}.dead.ndjson`);
    await file.write(Buffer.from(`${JSON.stringify({ at: time, error: 'No such column', row })}\n`), 0);
    await file.close();
  };
  await write('7', eventRow({ site_id: 'my-site', time }));
  await write('8', eventRow({ site_id: 'my-site', time }));
  const server = await startTestServer({ dataDirectory });

  const told = run('status').stdout;
  const banner = await fetch(`${server.url}/api/alerts`, { headers: { cookie: await server.signIn() } });
  const { alerts }: { alerts: { kind: string; message: string }[] } = JSON.parse(await banner.text());
  const purged = run('dead', 'purge', '8').stdout;
  const replayed = run('dead', 'replay', 'all').stdout;
  const storedOf = async () =>
    /^footfall_events_stored_total\{site="my-site"\} (.*)$/m.exec(
      await (await fetch(`${server.url}/metrics`)).text(),
    )?.[1];
  await expect.poll(storedOf, { timeout: 20_000 }).toBe('1');

  expect(alerts).toMatchObject([{ kind: 'dead_letters', message: expect.stringContaining('dead replay') }]);
  expect(told).toMatch(/^server +running$/m);
  expect(told).toMatch(/^dead +2 events in 2 batches/m);
  expect(purged).toBe('1 events of 1 batches are deleted.\n');
  expect(replayed).toMatch(/^1 batches will be tried again within seconds/);
  expect(run('dead', 'list').stdout).toBe('No dead letters.\n');
  await server.end();
});

test('wrong words, an unknown batch and a directory without a spool are told in a sentence, exit code 1', async () => {
  const without = run('status');
  await leaveSpool();

  expect(without).toMatchObject({ status: 1, stderr: expect.stringMatching(/^There is no spool in /) });
  expect(run('dead', 'purge')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^Expected one of:/),
  });
  expect(run('dead', 'replay', '7')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^There are no dead letters of batch 7/),
  });
});
