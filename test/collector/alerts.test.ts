import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Alert, watchForTrouble } from '../../collector/alerts.ts';
import type { InserterStatus } from '../../collector/insert.ts';
import type { SpoolStatus } from '../../collector/spool/spool.ts';
import { createWebhook } from '../../collector/webhook.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 30);
const HOUR_MS = 3_600_000;

const wellSpool: SpoolStatus = {
  isReady: true,
  bytes: 1_000,
  maxBytes: 2e9,
  freeBytes: 5e10,
  segments: 1,
  oldestAgeMs: 300,
  deadLetterFiles: 0,
  tornBytes: 0,
  corruptBytes: 0,
};
const wellInserter: InserterStatus = { batches: 1, rows: 1, lastBatchMs: 20, failing: undefined };

let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** Watches a world that the test changes as it goes. */
function watch() {
  const world = { spool: wellSpool, inserter: wellInserter, now: NOW };
  const told: string[] = [];
  const alerts = watchForTrouble({
    spool: () => world.spool,
    inserter: () => world.inserter,
    storage: engine.storage,
    now: () => world.now,
    tell: (alert, state) => told.push(`${alert.kind} ${alert.siteId} ${state}`),
  });
  alerts.stop();
  return { world, told, alerts };
}

test('all is well: nothing is said', async () => {
  const { alerts, told } = watch();

  await alerts.look();

  expect([...alerts.current(), ...told]).toEqual([]);
});

test('each kind of trouble is told once when it begins and once when it ends', async () => {
  const { world, alerts, told } = watch();

  world.spool = { ...wellSpool, isReady: false, deadLetterFiles: 2, freeBytes: 5e8 };
  await alerts.look();
  world.now += 60_000;
  await alerts.look();
  const during = alerts.current();
  world.spool = wellSpool;
  await alerts.look();

  expect(told).toEqual([
    'refusing_events  begins',
    'disk_low  begins',
    'dead_letters  begins',
    'refusing_events  ends',
    'disk_low  ends',
    'dead_letters  ends',
  ]);
  expect(during.map(({ since }) => since)).toEqual([NOW, NOW, NOW]);
  expect(during[1]?.message).toContain('0.5 GB');
  expect(during[1]?.facts).toEqual({ freeBytes: 5e8 });
});

test('a database away for over a minute is told, a hiccup is not', async () => {
  const { world, alerts } = watch();
  world.inserter = { ...wellInserter, failing: { since: NOW, attempts: 3, message: 'ECONNREFUSED' } };

  await alerts.look();
  const atOnce = alerts.current().map(({ kind }) => kind);
  world.now += 3 * 60_000;
  world.spool = { ...wellSpool, oldestAgeMs: 3 * 60_000 };
  await alerts.look();

  expect(atOnce).toEqual([]);
  expect(alerts.current().map(({ kind }) => kind)).toEqual(['database_away']);
  expect(alerts.current()[0]?.message).toContain('3 minutes');
});

test('events that wait for a database which takes others are told once they have waited two minutes', async () => {
  const { world, alerts, told } = watch();

  world.spool = { ...wellSpool, oldestAgeMs: 100_000 };
  await alerts.look();
  world.spool = { ...wellSpool, oldestAgeMs: 150_000 };
  await alerts.look();
  const [alert] = alerts.current();
  world.spool = wellSpool;
  await alerts.look();

  expect(told).toEqual(['spool_old  begins', 'spool_old  ends']);
  expect(alert?.message).toContain('3 minutes');
});

test('a site that is busy at this hour on other days and sends nothing is named; quiet ones are not', async () => {
  const rows = (siteId: string, perDay: number, days: number[]) =>
    days.flatMap((day) =>
      Array.from({ length: perDay }, (_, minute) => ({
        site_id: siteId,
        time: NOW - day * 24 * HOUR_MS - 60_000 * (minute + 1),
        kind: 'page_view',
        name: 'page_view',
      })),
    );
  await engine.storage.insert('events', [
    ...rows('fallen-silent', 25, [1, 2, 3]),
    ...rows('still-busy', 25, [0, 1, 2, 3]),
    ...rows('closed-on-sundays', 25, [1, 3]),
    ...rows('small', 5, [1, 2, 3]),
  ]);
  const { alerts, told } = watch();

  await alerts.look();

  expect(told).toEqual(['site_silent fallen-silent begins']);
});

test('the webhook posts what chat programs show, and tries again after a failure', async () => {
  const bodies: string[] = [];
  const receiver = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      bodies.push(body);
      answer.writeHead(bodies.length === 1 ? 500 : 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const alert: Alert = { kind: 'disk_low', siteId: '', message: 'The disk is low.', facts: {}, since: NOW };

  await createWebhook(`http://127.0.0.1:${port}/hook`, 'https://stats.example.com', () => {})(
    alert,
    'begins',
  );
  receiver.close();

  expect(bodies.map((body) => JSON.parse(body))).toEqual(
    Array(2).fill({
      text: 'Footfall (https://stats.example.com): The disk is low.',
      state: 'begins',
      kind: 'disk_low',
      site: '',
      since: '2026-11-20T12:30:00.000Z',
    }),
  );
});
