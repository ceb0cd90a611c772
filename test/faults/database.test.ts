import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCounters } from '../../collector/counters.ts';
import { engineAddress } from '../../collector/engine/engine.ts';
import { startInserter } from '../../collector/insert.ts';
import { openDisk } from '../../collector/spool/disk.ts';
import { openSpool } from '../../collector/spool/spool.ts';
import { createClickHouse } from '../../collector/storage/clickhouse.ts';
import { eventRow } from '../collector/rows.ts';
import { DATABASE, startTestEngine, type TestEngine } from '../engine.ts';
import { removeDirectory } from '../remove-directory.ts';
import { type CuttingProxy, type ProxyMode, startCuttingProxy } from './cutting-proxy.ts';

// `npm run test:faults` lets it be away for two minutes.
const ABSENT_MS = Number(process.env.FAULT_ABSENT_MS ?? 3_000);

let engine: TestEngine;
let proxy: CuttingProxy;
beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startCuttingProxy(engine.engine.url);
});
afterAll(async () => {
  await proxy?.close();
  await engine?.stop();
});

/** Appends rows for as long as the plan lasts; gives what is stored when all is well again. */
async function live(site: string, plan: readonly { mode: ProxyMode; forMs: number }[]) {
  const directory = mkdtempSync(join(tmpdir(), 'footfall-spool-'));
  const storage = createClickHouse({ ...engineAddress(engine.engine, 'owner', DATABASE), url: proxy.url });
  const spool = await openSpool({ disk: await openDisk(directory), now: Date.now });
  const counters = createCounters();
  const cutsBefore = proxy.cuts();
  const inserter = startInserter({ spool, storage, counters, now: Date.now, gatherMs: 20 });
  let sent = 0;
  try {
    for (const { mode, forMs } of plan) {
      proxy.setMode(mode);
      for (const end = Date.now() + forMs; Date.now() < end; await pause(5)) {
        await spool.append([
          eventRow({ site_id: site }),
          eventRow({ site_id: site, order_id: `${site}-${sent}` }),
        ]);
        sent += 2;
      }
    }
    proxy.setMode('pass');
    const deadline = Date.now() + 40_000;
    while ((counters.read().get(site)?.stored ?? 0) < sent && Date.now() < deadline) await pause(20);
    const { rows } = await engine.storage.query<{ rows: number; ids: number; orders: number }>(
      `SELECT count() AS rows, uniqExact(event_id) AS ids,
              (SELECT uniqExact(order_id) FROM orders WHERE site_id = {site:String}) AS orders
       FROM events WHERE site_id = {site:String}`,
      { parameters: { site } },
    );
    return { sent, cuts: proxy.cuts() - cutsBefore, ...rows[0], deadLetters: spool.status().deadLetterFiles };
  } finally {
    await inserter.stop();
    await spool.close();
    await storage.close();
    await removeDirectory(directory);
  }
}

test.each([
  ['absent', [{ mode: 'refuse', forMs: ABSENT_MS }]],
  ['slow', [{ mode: 'slow', forMs: 2_500 }]],
  ['cutting the connection after it has committed', [{ mode: 'cut_answer', forMs: 2_500 }]],
  ['cut off in mid-request', [{ mode: 'cut_request', forMs: 2_000 }]],
  [
    'flapping',
    (
      [
        'pass',
        'cut_answer',
        'pass',
        'refuse',
        'slow',
        'cut_request',
        'pass',
        'cut_answer',
        'slow',
        'refuse',
      ] as const
    ).map((mode) => ({ mode, forMs: 400 })),
  ],
] as const)(
  'the database is %s: accepted all the while, stored once when it is back',
  {
    timeout: 60_000 + ABSENT_MS,
  },
  async (kind, plan) => {
    const { sent, cuts, rows, ids, orders, deadLetters } = await live(kind.replaceAll(' ', '-'), plan);

    expect(sent).toBeGreaterThan(100);
    expect(cuts > 0).toBe(kind !== 'slow');
    expect({ rows, ids, orders, deadLetters }).toEqual({
      rows: sent,
      ids: sent,
      orders: sent / 2,
      deadLetters: 0,
    });
  },
);

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
