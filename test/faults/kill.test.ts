import { afterEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { startShoppers } from './shoppers.ts';
import { enginePid, readStored } from './stored-events.ts';

// `npm test` kills 20 times; FAULT_KILLS=60 is the long variant.
const KILLS = Number(process.env.FAULT_KILLS ?? 20);
const EVENTS = 10_000;

let server: TestServer | undefined;
afterEach(() => server?.stop());

test(`${KILLS} SIGKILLs of server and engine under load: all that was acknowledged is stored, each event once`, {
  timeout: 120_000 + KILLS * 6_000,
}, async () => {
  const env = { FOOTFALL_TRUSTED_PROXIES: '127.0.0.1' };
  let living = await startTestServer({ env });
  server = living;
  const { url, siteId, dataDirectory } = living;
  const shoppers = startShoppers({ url, site: siteId, senders: 6, eventsPerBatch: 10, pauseMs: 10 });

  for (let kill = 0; kill < KILLS; kill += 1) {
    const enough = ((kill + 1) * EVENTS) / KILLS;
    await until(() => shoppers.acknowledged.size >= enough);
    // Any moment of a commit or an insert may be the one.
    await pause(Math.random() * 300);
    if (kill % 2 === 0) {
      await living.end('SIGKILL');
      living = await startTestServer({ dataDirectory, env: { ...env, PORT: new URL(url).port } });
      server = living;
    } else {
      process.kill(enginePid(dataDirectory), 'SIGKILL');
    }
  }
  const last = await shoppers.finish();
  const stored = await readStored(dataDirectory, siteId, last);

  expect(shoppers.acknowledged.size).toBeGreaterThanOrEqual(EVENTS);
  expect(shoppers.repeats()).toBeGreaterThan(0);
  expect([...shoppers.acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  expect([...stored.keys()].filter((id) => !shoppers.sent.has(id))).toEqual([]);
  expect([...stored].filter(([, times]) => times !== 1)).toEqual([]);
});

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`Not within a minute: ${isTrue}\n${server?.output()}`);
    await pause(5);
  }
}

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
