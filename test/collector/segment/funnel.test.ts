/** A browser begins, a server ends: what Segment's own library for Node sends belongs to the person whom it names. */
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FunnelAnswer } from '../../../dashboards/reports/funnel/answer.ts';
import { findReport } from '../../../dashboards/reports/registry.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { batch, CHROME, openDoors, pageView } from '../doors.ts';

let engine: TestEngine;
let doors: Awaited<ReturnType<typeof openDoors>>;
beforeAll(async () => {
  engine = await startTestEngine();
  doors = await openDoors({ spool: { append: (rows) => engine.storage.insert('events', rows) } });
  doors.clock.now = Date.now();
});
afterAll(async () => {
  await doors?.close();
  await engine?.stop();
});

const FUNNEL = {
  period: { preset: 'today' },
  steps: [{ page: { match: 'exact', path: '/tea' } }, { event: 'Order Completed' }],
};

/** Looks at the tea, from an address and with what else the test says. */
function seeTea(address: string, facts: Parameters<typeof batch>[1] = {}, more: object[] = []) {
  const at = doors.clock.now - 60_000;
  const page = pageView({ at, url: 'https://shop.example/tea' });
  return doors.post(
    batch([page, ...more.map((one) => ({ ...pageView({ at: at + 1_000 }), ...one }))], {
      sentAt: doors.clock.now,
      ...facts,
    }),
    { 'x-forwarded-for': address },
  );
}

test('a purchase sent from Node closes the funnel that an anonymous browser began', async () => {
  // By a lasting id, by a user whom the browser identified later, by address and browser; and one who buys nothing.
  await seeTea('81.2.69.1', { anonymousId: 'device-ann', consent: 'granted' });
  await seeTea('81.2.69.2', { anonymousId: 'device-ben', consent: 'granted' });
  await seeTea('81.2.69.2', { anonymousId: 'device-ben', userId: 'ben', consent: 'granted' }, [
    { kind: 'identify' },
  ]);
  await seeTea('81.2.69.3');
  await seeTea('81.2.69.4');
  const analytics = new Analytics({
    writeKey: 'shop',
    host: `http://127.0.0.1:${doors.port}`,
    maxRetries: 0,
  });
  const order = (id: string) => ({
    event: 'Order Completed',
    properties: { order_id: id, revenue: 20, currency: 'EUR' },
  });

  analytics.track({ ...order('A-1'), anonymousId: 'device-ann' });
  analytics.track({ ...order('A-2'), userId: 'ben' });
  // The library asks for an id: the visitor's address and browser say whom it is about in their own door's words.
  await doors.post(
    { batch: [{ type: 'track', ...order('A-3'), context: { ip: '81.2.69.3', userAgent: CHROME } }] },
    { authorization: `Basic ${Buffer.from('shop:').toString('base64')}` },
    '/v1/batch',
  );
  analytics.track({ ...order('A-4'), userId: 'somebody-else' });
  await analytics.closeAndFlush();

  const site = { siteId: 'shop', timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '' };
  const answer = await findReport('funnel')?.answer(FUNNEL, site, {
    reader: engine.reader,
    nowMs: Date.now() + 1_000,
  });
  const { rows } = answer as unknown as FunnelAnswer; // The registry knows answers as rows and meta.
  expect(doors.failures).toEqual([]);
  expect(rows.map((row) => row.people)).toEqual([4, 3]);
  expect(rows.at(-1)?.revenue).toMatchObject([{ currency: 'EUR', amount: 60 }]);
});
