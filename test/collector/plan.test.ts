import { afterEach, expect, test } from 'vitest';
import type { SiteSettings } from '../../collector/site-settings.ts';
import { batch, NOON, openDoors, pageView } from './doors.ts';

const EVENTS: SiteSettings['plan']['events'] = [
  {
    name: 'purchase',
    properties: [
      { name: 'items', type: 'number', required: true },
      { name: 'gift', type: 'boolean', required: false },
    ],
  },
];

let doors: Awaited<ReturnType<typeof openDoors>>;
afterEach(() => doors.close());

let sent = 0;

function custom(name: string, properties?: object) {
  sent += 1;
  const event = { kind: 'custom', id: `plan-${sent}`, at: NOON, url: 'https://shop.example/', name };
  return properties === undefined ? event : { ...event, properties };
}

const FAULTS = [
  custom('purchse', { items: 1 }),
  custom('purchase', { gift: true }),
  custom('purchase', { items: '1' }),
];

test('an enforced plan refuses what it does not foresee, in words, and counts it as unplanned', async () => {
  doors = await openDoors({ settings: { plan: { mode: 'enforce', events: EVENTS } } });

  const answer = await doors.post(
    batch([custom('purchase', { items: 1, note: 'free' }), pageView(), ...FAULTS]),
  );

  expect(answer.body.accepted).toBe(2);
  expect(answer.body.refused.map(({ reason, message }) => [reason, message])).toEqual([
    ['unplanned', 'The tracking plan does not know the event "purchse"'],
    ['unplanned', 'The tracking plan asks for the property "items" of "purchase"'],
    ['unplanned', 'The tracking plan expects the property "items" of "purchase" to be a number, got "1"'],
  ]);
  expect(doors.counters.read().get('shop')).toEqual({ accepted: 2, stored: 0, dropped: { unplanned: 3 } });
});

test('an observed plan stores all and marks what it does not foresee', async () => {
  doors = await openDoors({ settings: { plan: { mode: 'observe', events: EVENTS } } });

  await doors.post(batch([custom('purchase', { items: 1 }), ...FAULTS]));

  expect(doors.rows.map((row) => row.plan_fault)).toEqual([
    undefined,
    'unknown_event',
    'missing_property',
    'wrong_type',
  ]);
});

test('a server’s events are held to the plan as well', async () => {
  doors = await openDoors({ settings: { plan: { mode: 'enforce', events: EVENTS } } });

  const headers = { authorization: `Basic ${Buffer.from('shop:').toString('base64')}` };
  const answer = await doors.post({ userId: 'ann', event: 'purchse' }, headers, '/v1/track');

  expect(answer.body.refused).toMatchObject([{ reason: 'unplanned' }]);
});
