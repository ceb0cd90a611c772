import { expect, onTestFinished, test } from 'vitest';
import { toEventId } from '../../collector/enrich/event-id.ts';
import { startTestServer } from '../server.ts';
import { createEventId, post } from './shoppers.ts';
import { connectToEngine } from './stored-events.ts';

const PROXIES = { FOOTFALL_TRUSTED_PROXIES: '127.0.0.1' };

function bodyOf(site: string, id: string, path: string, clockOffByMs = 0): string {
  const at = Date.now() + clockOffByMs;
  const event = { id, at, url: `https://shop.example${path}`, kind: 'page_view' };
  return JSON.stringify({ version: 1, site, sentAt: at, events: [event] });
}

async function pathsOf(dataDirectory: string, site: string, ids: readonly string[]): Promise<string[]> {
  const storage = connectToEngine(dataDirectory);
  try {
    const { rows } = await storage.query<{ path: string }>(
      `SELECT path FROM events WHERE site_id = {site:String} AND event_id IN {ids:Array(UUID)} ORDER BY path`,
      { parameters: { site, ids: ids.map(toEventId) } },
    );
    return rows.map((row) => row.path);
  } finally {
    await storage.close();
  }
}

async function untilStored(dataDirectory: string, site: string, id: string): Promise<number> {
  const started = performance.now();
  while ((await pathsOf(dataDirectory, site, [id])).length === 0) {
    if (performance.now() - started > 20_000) throw new Error(`${id} is not stored after 20 s`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
  return performance.now() - started;
}

const PATIENCE = { timeout: 120_000 };

test(
  'an id is stored once, the first wins: also after a kill, from another address, by another clock',
  PATIENCE,
  async () => {
    const first = await startTestServer({ env: PROXIES });
    const { siteId, dataDirectory } = first;
    onTestFinished(() => first.stop());
    const id = createEventId();
    await post(first.url, bodyOf(siteId, id, '/first'), '203.0.113.1');
    await post(first.url, bodyOf(siteId, id, '/at-once'), '203.0.113.1');
    await untilStored(dataDirectory, siteId, id);
    await post(first.url, bodyOf(siteId, id, '/later'), '203.0.113.1');
    await first.end('SIGKILL');

    const second = await startTestServer({ env: PROXIES, dataDirectory });
    onTestFinished(() => second.end());
    const last = createEventId();
    const statuses = [
      await post(second.url, bodyOf(siteId, id, '/after-a-restart'), '203.0.113.2'),
      await post(second.url, bodyOf(siteId, id, '/two-hours-off', -2 * 3_600_000), '203.0.113.3'),
      await post(second.url, bodyOf(siteId, last, '/last'), '203.0.113.1'),
    ];
    await untilStored(dataDirectory, siteId, last);
    const paths = await pathsOf(dataDirectory, siteId, [id, last]);

    expect(statuses).toEqual([202, 202, 202]);
    expect(paths).toEqual(['/first', '/last']);
  },
);

test('an event is in the table within 2 seconds of its 202', PATIENCE, async () => {
  const server = await startTestServer({ env: PROXIES });
  onTestFinished(() => server.stop());
  const delays: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const id = createEventId();
    await post(server.url, bodyOf(server.siteId, id, '/'), '203.0.113.1');
    delays.push(await untilStored(server.dataDirectory, server.siteId, id));
  }

  expect(Math.max(...delays)).toBeLessThan(2_000);
});
