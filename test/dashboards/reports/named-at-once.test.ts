/** Users named on one device in one millisecond: whose what follows is does not hang on the order of rows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../../../dashboards/reports/people/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { personsOf } from '../oracle/persons.ts';
import { toEventRows } from '../oracle/rows.ts';
import { eventsOf } from '../oracle/world.ts';
import { askReport, at } from './ask.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine?.stop());

const start = at('2026-11-02 10:00');
const device = { visitor: 'shared', isLasting: true };
const identify = { ...device, kind: 'identify', name: 'identify' } as const;
const EVENTS = eventsOf([
  { ...device, timeMs: start - 60_000, name: 'before' },
  { ...identify, timeMs: start, userId: 'ann' },
  { ...identify, timeMs: start, userId: 'ben' },
  { ...device, timeMs: start + 60_000, name: 'after' },
]);
const ORDERS = {
  'as they were sent': EVENTS,
  'the other way round': EVENTS.toReversed(),
};

test('the one named last, by the event’s id, owns what follows; the one named first what went before', () => {
  const persons = personsOf(EVENTS);
  expect(EVENTS.map((event) => [event.name, persons.get(event)])).toEqual([
    ['before', 'user:ann'],
    ['identify', 'user:ann'],
    ['identify', 'user:ben'],
    ['after', 'user:ben'],
  ]);
});

test.each(Object.entries(ORDERS))('so it is with rows %s', async (order, events) => {
  await engine.storage.insert('events', toEventRows(order, events));

  const { rows } = await askReport(
    engine,
    order,
    people,
    { period: { from: '2026-11-02', to: '2026-11-02' } },
    { nowMs: at('2026-11-03 12:00') },
  );

  expect(rows.map(({ user_id, events: count }) => [user_id, count]).sort()).toEqual([
    ['ann', 2],
    ['ben', 2],
  ]);
});
