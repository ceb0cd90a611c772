import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestEngine } from '../engine.ts';
import { startTestEngine } from '../engine.ts';
import { batch, NOON, openDoors, pageView } from './doors.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

test('consent in mid-visit ties the cookieless visitor of that page to the lasting one, and to nobody else', async () => {
  const doors = await openDoors();
  const seen = pageView();
  const engagement = {
    ...pageView(),
    kind: 'engagement',
    pageView: seen.id,
    engagedMs: 900,
    scrollPercent: 50,
  };
  const stranger = { anonymousId: 'device-2', consent: 'granted' as const };

  await doors.post(batch([seen]));
  await doors.post(
    batch([{ ...engagement, at: NOON + 5_000 }], { anonymousId: 'device-1', consent: 'granted' }),
  );
  await doors.post(batch([pageView({ at: NOON + 6_000 })], stranger));
  await engine.storage.insert('events', doors.rows);
  const { rows } = await engine.storage.query(
    `SELECT toString(visitor_id) AS cookieless, toString(min(link).2) AS lasting,
            toUnixTimestamp64Milli(min(link).1) AS until_time
     FROM visitor_links GROUP BY visitor_id`,
  );

  const [before, after, other] = doors.rows;
  expect(rows).toEqual([
    { cookieless: before?.visitor_id, lasting: after?.visitor_id, until_time: NOON + 5_000 },
  ]);
  expect(after?.session_hint).toBe(before?.session_hint);
  expect(other?.cookieless_visitor_id).toBeUndefined();
  await doors.close();
});
