/** A data directory outlives versions: an older one is brought up to date, a newer one is left alone. */
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openDatabase } from '../../collector/database.ts';
import { engineAddress, startEngine } from '../../collector/engine/engine.ts';
import { findKnownIds } from '../../collector/insert/known-ids.ts';
import { applySchema } from '../../collector/schema/apply.ts';
import { createClickHouse } from '../../collector/storage/clickhouse.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { SCHEMA_DIRECTORY } from '../engine.ts';
import { removeDirectory } from '../remove-directory.ts';
import { buildOnce, spawnServer, startTestServer } from '../server.ts';

let directories: string[] = [];

afterEach(async () => {
  for (const directory of directories) await removeDirectory(directory);
  directories = [];
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'footfall-schema-'));
  directories.push(directory);
  return directory;
}

/** Does `work` with the tables of a data directory on which no server runs. */
async function withTables<T>(dataDirectory: string, work: (storage: Storage) => Promise<T>): Promise<T> {
  const engine = await startEngine({ directory: join(dataDirectory, 'clickhouse') });
  const root = createClickHouse(engineAddress(engine, 'owner', 'default'));
  await root.command('CREATE DATABASE IF NOT EXISTS footfall');
  await root.close();
  const storage = createClickHouse(engineAddress(engine, 'owner', 'footfall'));
  try {
    return await work(storage);
  } finally {
    await storage.close();
    await engine.stop();
  }
}

/** The schema as it was when `last` was its newest file. */
function schemaUpTo(last: number): string {
  const directory = join(newDirectory(), 'schema');
  mkdirSync(directory);
  for (const file of readdirSync(SCHEMA_DIRECTORY)) {
    const number = Number.parseInt(file, 10);
    if (number <= last) copyFileSync(join(SCHEMA_DIRECTORY, file), join(directory, file));
  }
  return directory;
}

const EVENT = {
  site_id: 'my-site',
  time: 1_795_300_000_000,
  visitor_id: '17',
  event_id: '0198c0de-0000-7000-8000-000000000001',
  kind: 'custom',
  name: 'purchase',
  user_id: 'u1',
  anonymous_id: 'a1',
};

test('a data directory made by the first schema keeps its events and gains the newer tables', async () => {
  const dataDirectory = newDirectory();
  await withTables(dataDirectory, async (storage) => {
    await applySchema(storage, schemaUpTo(1));
    await storage.insert('events', [EVENT]);
  });

  const server = await startTestServer({ dataDirectory });
  await server.end();

  const found = await withTables(dataDirectory, async (storage) => ({
    events: (await storage.query('SELECT name, user_id FROM events')).rows,
    versions: (await storage.query<{ name: string }>('SELECT name FROM schema_versions ORDER BY version'))
      .rows,
    sites: (await storage.query(`SELECT site_id FROM sites FINAL WHERE site_id = 'my-site'`)).rows,
  }));
  expect(found.events).toEqual([{ name: 'purchase', user_id: 'u1' }]);
  expect(found.versions.map(({ name }) => name)).toEqual(
    readdirSync(SCHEMA_DIRECTORY)
      .filter((file) => file.endsWith('.sql'))
      .sort(),
  );
  expect(found.sites).toEqual([{ site_id: 'my-site' }]);
});

test('an id that was known before the ids were put in the order of their time is known after', async () => {
  const found = await withTables(newDirectory(), async (storage) => {
    await applySchema(storage, schemaUpTo(16));
    const { site_id, event_id } = EVENT;
    await storage.insert('event_ids', [{ site_id, event_id, batch_id: '9', received_time: 1_795_300_000 }]);
    // Half a copy, as of an application that was cut off.
    await storage.command('CREATE TABLE event_ids_by_time AS event_ids');
    await applySchema(storage, SCHEMA_DIRECTORY);
    const { rows: tables } = await storage.query<{ sorting_key: string }>(
      `SELECT sorting_key FROM system.tables WHERE database = currentDatabase() AND name LIKE 'event_ids%'`,
    );
    expect(tables).toEqual([{ sorting_key: 'site_id, UUIDToNum(event_id)' }]);
    const row = { key: '', siteId: site_id, eventId: event_id, month: 0, time: 0, line: Buffer.alloc(0) };
    return findKnownIds(storage, [row], new AbortController().signal);
  });

  expect([...found]).toEqual([[`${EVENT.site_id} ${EVENT.event_id}`, '9']]);
});

test('a data directory of a newer schema is refused with one sentence and left as it was', async () => {
  const dataDirectory = newDirectory();
  await withTables(dataDirectory, async (storage) => {
    await applySchema(storage, SCHEMA_DIRECTORY);
    await storage.insert('schema_versions', [{ version: 999, name: '999-of-the-future.sql' }]);
    await storage.insert('events', [EVENT]);
  });

  buildOnce();
  const child = spawnServer({ FOOTFALL_DATA: dataDirectory });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');

  expect(code).toBe(1);
  expect(said).toMatch(
    /^The data was written by a newer Footfall \(schema 999, this one knows \d+\): start that version or newer, or name another data directory\.\n$/,
  );
  const events = await withTables(dataDirectory, (storage) => storage.query('SELECT name FROM events'));
  expect(events.rows).toEqual([{ name: 'purchase' }]);
});

test('applying the newest schema a second time changes nothing', async () => {
  const directory = newDirectory();
  const options = { server: undefined, directory, memoryBytes: 1_000_000_000, onRestart: () => {} };
  const first = await openDatabase(options);
  await first.prepare();
  const before = await first.storage.query('SELECT count() AS versions FROM schema_versions');
  await first.close();

  const second = await openDatabase(options);
  await second.prepare();
  const after = await second.storage.query('SELECT count() AS versions FROM schema_versions');
  await second.close();

  expect(after.rows).toEqual(before.rows);
});

test('no two files of the schema share a number: of those, a database that knows one would never get the other', () => {
  const numbers = readdirSync(SCHEMA_DIRECTORY).flatMap((file) => file.match(/^\d{3}(?=-)/) ?? []);
  expect(numbers.length).toBeGreaterThan(1);
  expect(new Set(numbers).size).toBe(numbers.length);
});
