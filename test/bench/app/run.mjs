/**
 * How soon the overview is of use on a throttled connection: `node test/bench/app/run.mjs [people] [runs] [part of the
 * connections' names]`. A server of its own with sample data, a browser with an empty cache each time. Prints median and
 * least of: FCP (menu and the panels' places), the numbers of the stat row, LCP, and the last request of what is seen;
 * beside the bytes that travelled.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from '../../../scripts/build.mjs';

const PEOPLE = process.argv[2] ?? '300';
/** A loaded machine answers late, and that is part of the answer. */
const PATIENCE_MS = 120_000;
const RUNS = Number(process.argv[3] ?? 5);
const ONLY = process.argv[4] ?? '';
/**
 * Bytes per second, round trip in ms, and by how much the processor is slowed: WebPageTest's cable and 4G, Lighthouse's
 * slow 4G and its phone, and no limit.
 */
const CONNECTIONS = {
  'not throttled': { throughput: -1, latency: 0 },
  'cable, 5 Mbit/s, 28 ms': { throughput: 625_000, latency: 28 },
  '4G, 9 Mbit/s, 170 ms': { throughput: 1_125_000, latency: 170 },
  'slow 4G, 1.6 Mbit/s, 150 ms': { throughput: 204_800, latency: 150 },
  'the same, processor ÷ 4': { throughput: 204_800, latency: 150, slowdown: 4 },
};

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const data = mkdtempSync(join(tmpdir(), 'footfall-bench-app-'));
await build();
const server = spawn(process.execPath, [join(root, '.build/server/main.js')], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: '0', FOOTFALL_DATA: data },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await main(await signInUrl());
} finally {
  server.kill();
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(data, { recursive: true, force: true });
}

async function main(signIn) {
  const sample = spawnSync(process.execPath, [join(root, '.build/server/sample.js'), PEOPLE], {
    env: { ...process.env, FOOTFALL_DATA: data },
    encoding: 'utf8',
  });
  if (sample.status !== 0) throw new Error(`${sample.stdout}${sample.stderr}`);
  const browser = await chromium.launch({
    executablePath: process.env.FOOTFALL_BROWSER ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const first = await browser.newContext();
  await (await first.newPage()).goto(signIn);
  const storageState = await first.storageState();
  const url = `${new URL(signIn).origin}/sites/sample/overview?period=28d`;
  await visit(browser, storageState, url, CONNECTIONS['not throttled']); // The engine's caches are warm from here on.
  const table = {};
  for (const [name, connection] of Object.entries(CONNECTIONS).filter(([name]) => name.includes(ONLY))) {
    const visits = [];
    for (let run = 0; run < RUNS; run++) visits.push(await visit(browser, storageState, url, connection));
    table[name] = Object.fromEntries(
      Object.keys(visits[0]).map((key) => {
        const values = visits.map((one) => one[key]).sort((a, b) => a - b);
        return [key, `${values[Math.floor(values.length / 2)]} (${values[0]})`];
      }),
    );
  }
  console.log(
    `Overview of ${PEOPLE} people's 90 days, ${RUNS} runs each, median (least); ms since the navigation began`,
  );
  console.table(table);
  await browser.close();
}

async function visit(browser, storageState, url, { throughput, latency, slowdown = 1 }) {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      window.largestAt = list.getEntries().at(-1)?.startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    const look = () => {
      if (document.querySelector('.stat-number')) window.numbersAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(url);
  await page.waitForFunction(
    () => window.numbersAt && !document.querySelector('[aria-busy="true"], .skeleton'),
    undefined,
    { timeout: PATIENCE_MS },
  );
  const times = await page.evaluate(() => ({
    FCP: Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0),
    numbers: Math.round(window.numbersAt),
    LCP: Math.round(window.largestAt ?? 0),
    all: Math.round(performance.now()),
  }));
  await context.close();
  return { ...times, kB: Math.round(bytes / 1000) };
}

function signInUrl() {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout.on('data', (chunk) => {
      printed += chunk;
      const found = /^\s+(http\S+\/sign-in\/\S+)$/m.exec(printed)?.[1];
      if (found) resolve(found);
    });
    server.once('exit', () => reject(new Error(`The server ended: ${printed}`)));
  });
}
