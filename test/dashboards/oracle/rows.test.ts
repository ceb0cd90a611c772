import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { arbitraryPlace, arbitraryWorld } from './random-worlds.ts';
import { toEventRows } from './rows.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 60_000);
afterAll(() => engine.stop());

test('a random world lies in the tables as it is in the oracle', async () => {
  const worlds = fc.sample(
    arbitraryPlace().chain((place) => arbitraryWorld(place)),
    { numRuns: 20, seed: 7 },
  );
  const rows = worlds.flatMap((world, index) => toEventRows(`world-${index}`, world.events));
  await engine.storage.insert('events', rows);

  const { rows: found } = await engine.storage.query<{ site_id: string; told: string[] }>(
    `SELECT site_id, groupArray(told) AS told FROM (
       SELECT site_id, concat(toString(toUnixTimestamp64Milli(time)), ' ', toString(kind), ' ', name, ' ', path, ' ',
         toString(visitor_id), ' ', user_id, ' ', properties['plan'], ' ',
         toString(numeric_properties['price']), ' ', toString(revenue * 100), ' ', order_id) AS told
       FROM events ORDER BY site_id, event_id)
     GROUP BY site_id`,
  );

  for (const [index, world] of worlds.entries()) {
    const site = `world-${index}`;
    const told = toEventRows(site, world.events).map((row, at) => {
      const event = world.events[at];
      return [
        row.time,
        row.kind,
        row.name,
        row.path,
        row.visitor_id,
        row.user_id,
        event?.texts.plan ?? '',
        event?.numbers.price ?? 0,
        event?.revenueCents,
        event?.orderId,
      ].join(' ');
    });
    expect(found.find((row) => row.site_id === site)?.told ?? []).toEqual(told);
  }
});
