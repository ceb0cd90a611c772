import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinDatabase } from '../../collector/database.ts';
import { removeSite } from '../../collector/remove-site.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { runSample, type Sample } from './sample.ts';

let server: TestServer;
let database: ReturnType<typeof joinDatabase>;
let sample: Sample;
let truthFile: string;

/** The same as `npm run sample` makes, of fewer people: late, repeated, over midnight, on two devices, half cookieless. */
beforeAll(async () => {
  server = await startTestServer();
  database = joinDatabase(join(server.dataDirectory, 'clickhouse'));
  truthFile = join(server.dataDirectory, 'truth.json');
  sample = await runSample({
    storage: database.storage,
    url: server.url,
    siteId: 'sample',
    truthFile,
    people: 400,
    days: 90,
    endsAt: Date.UTC(2026, 10, 22),
    seed: 7,
  });
}, 120_000);

afterAll(async () => {
  await database?.close();
  await server?.stop();
});

test('every figure that the reports give is the one the plan was made with', () => {
  const found = Object.fromEntries(sample.comparisons.map(({ what, found }) => [what, found]));
  const expected = Object.fromEntries(sample.comparisons.map(({ what, expected }) => [what, expected]));

  expect(found).toEqual(expected);
});

test('the truth was written down before anything was sent', () => {
  expect(JSON.parse(readFileSync(truthFile, 'utf8'))).toEqual(sample.truth);
});

test('removing the sample leaves nothing of it in any table', async () => {
  await removeSite(database.storage, 'sample');

  const { rows } = await database.storage.query<{ left: number }>(`
    SELECT (SELECT count() FROM events) + (SELECT count() FROM event_ids) + (SELECT count() FROM orders)
      + (SELECT count() FROM sites FINAL WHERE site_id = 'sample' AND NOT is_deleted) AS left`);
  expect(rows).toEqual([{ left: 0 }]);
}, 60_000);
