/**
 * What the tag costs a page's main thread, beside its peers' scripts from npm, in one run: thread time by Chromium's own
 * tracing, on an empty page and on one of 3,000 nodes, at 4 × throttling. By hand: `node test/bench/snippet/run.mjs [runs]`.
 * Peers are installed into a temporary folder, their events answered by the bench itself.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { buildSnippet } from '../../../snippet/build.mjs';

const RUNS = Number(process.argv[2] ?? 5);
const THROTTLING = Number(process.env.THROTTLING ?? 4);
const SCROLL_FRAMES = 20;
const CLICKS = 10;

/** How each peer is started by one who follows its documentation. */
const PEERS = {
  '@plausible-analytics/tracker': `import { init } from '@plausible-analytics/tracker'; init({ domain: 'shop', endpoint: '/api', outboundLinks: true, fileDownloads: true, formSubmissions: true, captureOnLocalhost: true });`,
  '@openpanel/web': `import { OpenPanel } from '@openpanel/web'; new OpenPanel({ clientId: 'shop', apiUrl: location.origin, trackScreenViews: true, trackOutgoingLinks: true, trackAttributes: true });`,
  swetrix: `import * as swetrix from 'swetrix'; swetrix.init('shop', { apiURL: location.origin + '/log', devMode: true }); swetrix.trackViews();`,
  'web-vitals': `import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'; for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(() => {});`,
};

const directory = mkdtempSync(join(tmpdir(), 'footfall-bench-'));
try {
  await main();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function main() {
  await buildSnippet(join(directory, 'built'));
  const scripts = {
    footfall: readFileSync(join(directory, 'built/footfall.js'), 'utf8'),
    ...(await buildPeers()),
  };
  const { url, requests, close } = await serve(scripts);
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const executablePath = process.env.FOOTFALL_BROWSER ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: root });
  for (const page of ['empty', 'nodes']) {
    console.log(
      `\n${page === 'empty' ? 'An empty page' : 'A page of 3,000 nodes'}, ${RUNS} runs: median (minimum), ms of thread time`,
    );
    const rows = {};
    for (const name of Object.keys(scripts)) {
      requests.length = 0;
      rows[name] = await measure(browser, `${url}/${page}?${encodeURIComponent(name)}`, scripts[name]);
      // Of one run: what was fetched and sent from the load to the last scrolled frame.
      rows[name].files = requests.filter((method) => method === 'GET').length / RUNS;
      rows[name].requests = requests.filter((method) => method !== 'GET').length / RUNS;
    }
    console.table(rows);
  }
  await browser.close();
  close();
}

async function buildPeers() {
  const names = Object.keys(PEERS);
  execFileSync(
    'npm',
    ['install', '--prefix', directory, '--no-audit', '--no-fund', '--ignore-scripts', ...names],
    { stdio: 'pipe' },
  );
  const bundled = names.map(async (name) => {
    const stdin = { contents: PEERS[name], resolveDir: directory };
    const options = {
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      target: 'es2021',
      legalComments: 'none',
    };
    return [name, (await build({ stdin, ...options })).outputFiles[0].text];
  });
  return Object.fromEntries(await Promise.all(bundled));
}

async function serve(scripts) {
  const requests = [];
  const nodes = '<p><b>Some</b> <i>text</i></p>'.repeat(1_000);
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://bench');
    const name = decodeURIComponent(search.slice(1));
    if (pathname !== '/empty' && pathname !== '/nodes' && pathname !== '/favicon.ico')
      requests.push(request.method);
    if (pathname === '/script.js') return respond(response, 'text/javascript', scripts[name]);
    if (/^\/footfall-\w+\.js$/.test(pathname))
      return respond(response, 'text/javascript', readFileSync(join(directory, 'built', pathname)));
    if (request.method !== 'GET') return respond(response, 'application/json', '{}');
    const body = pathname === '/nodes' ? nodes : '';
    respond(
      response,
      'text/html',
      `<!doctype html><title>Bench</title><script defer src="/script.js${search}" data-site="shop" data-endpoint="http://${request.headers.host}/events"></script><body><button>Button</button>${body}<p style="height:9000px">`,
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, requests, close };
}

function respond(response, type, content) {
  response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' }).end(content);
}

async function measure(browser, url, script) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await once(browser, url));
  const figure = (phase) => {
    const sorted = runs.map((one) => one[phase]).sort((a, b) => a - b);
    return `${sorted[Math.floor(sorted.length / 2)].toFixed(2)} (${sorted[0].toFixed(2)})`;
  };
  const phases = Object.fromEntries(
    ['evaluation', 'start', 'lazy files', 'click', 'scroll frame'].map((phase) => [phase, figure(phase)]),
  );
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return {
    'brotli-11 B': brotliCompressSync(script, { params }).length,
    'gzip-9 B': gzipSync(script, { level: 9 }).length,
    ...phases,
  };
}

/** One page from its load to a row of clicks and scrolled frames. */
async function once(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLING });
  const events = await trace(session, async () => {
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForTimeout(2_500);
    await page.evaluate(() => performance.mark('clicks'));
    for (let n = 0; n < CLICKS; n += 1) await page.click('button', { force: true });
    await page.evaluate(() => performance.mark('scrolls'));
    for (let n = 0; n < SCROLL_FRAMES; n += 1) {
      await page.evaluate(
        (y) => new Promise((done) => requestAnimationFrame(() => done(scrollTo(0, y)))),
        n * 50,
      );
    }
    await page.waitForTimeout(200);
  });
  await context.close();
  if (process.env.DUMP) (await import('node:fs')).writeFileSync(process.env.DUMP, JSON.stringify(events));
  return phasesOf(events);
}

async function trace(session, action) {
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const categories = 'devtools.timeline,blink.user_timing,v8';
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories.split(',') },
  });
  await action();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  return events;
}

/**
 * Thread time of what names our script, by phase; the throttled clock is the trace's own. Of events within each other
 * only the outermost count.
 */
function phasesOf(events) {
  const markAt = (name) =>
    events.find((event) => event.cat.includes('user_timing') && event.name === name)?.ts ?? Infinity;
  const [clicks, scrolls] = [markAt('clicks'), markAt('scrolls')];
  const [TAG, LAZY, ANY] = [/script\.js/, /footfall-/, /script\.js|footfall-/];
  const complete = events
    .filter(({ ph }) => ph === 'X')
    .sort((one, other) => one.ts - other.ts || other.dur - one.dur);
  const sum = (script, names, from, to) => {
    let end = 0;
    let total = 0;
    for (const { name, ts, dur, tdur = 0, args } of complete) {
      if (!names.includes(name) || ts < from || ts >= to || ts < end) continue;
      if (!script.test(JSON.stringify(args))) continue;
      end = ts + dur;
      total += tdur;
    }
    return total / 1_000;
  };
  return {
    evaluation: sum(TAG, ['EvaluateScript'], 0, clicks),
    start: sum(TAG, ['FunctionCall'], 0, clicks),
    'lazy files': sum(LAZY, ['v8.compileModule', 'v8.evaluateModule', 'FunctionCall'], 0, clicks),
    click: sum(ANY, ['FunctionCall'], clicks, scrolls) / CLICKS,
    'scroll frame': sum(ANY, ['FunctionCall'], scrolls, Infinity) / SCROLL_FRAMES,
  };
}
