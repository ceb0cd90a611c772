import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestEngine, type TestEngine } from '../engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 60_000);
afterAll(() => engine.stop());

test('a row that was inserted is there to be read, with its 64-bit id whole', async () => {
  await engine.storage.insert('events', [
    {
      site_id: 'shop',
      time: 1_795_308_067_037,
      visitor_id: '18446744073709551615',
      kind: 'page_view',
      name: 'page_view',
    },
  ]);

  const { rows } = await engine.reader.query(
    'SELECT toString(visitor_id) AS visitor_id, toUnixTimestamp64Milli(time) AS time FROM events WHERE site_id = {site:String}',
    { parameters: { site: 'shop' } },
  );

  expect(rows).toEqual([{ visitor_id: '18446744073709551615', time: 1_795_308_067_037 }]);
});

test('the reports’ user cannot write', async () => {
  await expect(engine.reader.insert('events', [{ site_id: 'shop' }])).rejects.toMatchObject({
    name: 'StorageError',
    code: 497,
  });
});

test('without a password the listener gives nothing away', async () => {
  const ask = (sql: string) => fetch(`${engine.engine.url}/?user=default`, { method: 'POST', body: sql });

  const answers = [];
  for (const sql of [
    "SELECT * FROM file('/etc/hostname', LineAsString)",
    'SELECT 1',
    'SYSTEM STOP LISTEN HTTP',
  ]) {
    answers.push((await ask(sql)).status);
  }

  expect(answers).toEqual([404, 404, 404]);
});

test('an engine that was killed comes back with every row', async () => {
  await engine.storage.insert('goals', [{ site_id: 'kept', name: 'Purchase' }]);
  const before = engine.engine.pid();

  process.kill(before ?? 0, 'SIGKILL');

  await vi.waitFor(
    async () => {
      const { rows } = await engine.storage.query("SELECT name FROM goals WHERE site_id = 'kept'");
      expect(rows).toEqual([{ name: 'Purchase' }]);
    },
    { timeout: 15_000, interval: 50 },
  );
  expect(engine.engine.pid()).not.toBe(before);
});
