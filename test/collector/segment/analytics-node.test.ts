import { Analytics } from '@segment/analytics-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDoors } from '../doors.ts';

let doors: Awaited<ReturnType<typeof openDoors>>;
beforeEach(async () => {
  doors = await openDoors();
});
afterEach(() => doors.close());

/** Segment's own library for Node, with nothing changed but key and host. */
function createAnalytics() {
  return new Analytics({ writeKey: 'shop', host: `http://127.0.0.1:${doors.port}`, maxRetries: 0 });
}

test('Segment’s library for Node delivers every kind of message', async () => {
  doors.clock.now = Date.now();
  const analytics = createAnalytics();
  const errors: unknown[] = [];
  analytics.on('error', (error) => errors.push(error));

  analytics.identify({ userId: 'ann', traits: { plan: 'pro' } });
  analytics.track({
    userId: 'ann',
    event: 'Order Completed',
    properties: { orderId: 'A-1', revenue: 12.5, currency: 'EUR' },
  });
  analytics.page({ anonymousId: 'device-1', name: 'Home', properties: { url: 'https://shop.example/' } });
  analytics.screen({ userId: 'ann', name: 'Main' });
  analytics.group({ userId: 'ann', groupId: 'acme' });
  analytics.alias({ userId: 'ann', previousId: 'ann-before' });
  await analytics.closeAndFlush();

  expect(errors).toEqual([]);
  expect(doors.rows.map(({ kind, user_id, order_id }) => [kind, user_id, order_id])).toEqual([
    ['identify', 'ann', undefined],
    ['custom', 'ann', 'A-1'],
    ['page_view', undefined, undefined],
    ['screen', 'ann', undefined],
    ['group', 'ann', undefined],
    ['alias', 'ann', undefined],
  ]);
  expect(doors.rows[1]).toMatchObject({ revenue: '12.5000', currency: 'EUR', sent_by: 'server' });
});
