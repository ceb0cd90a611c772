/**
 * What the tag costs a page's main thread, beside its peers' scripts from npm, in one run. The scripts take turns, so
 * that a slow minute of the machine is nobody's; median (minimum) of the runs. `nothing` and `bare` (scripts.mjs) say
 * what this machine asks at least. By hand: `node test/bench/snippet/run.mjs [runs] [empty|nodes] [throttling]`.
 * Peers are installed into a temporary folder, their events answered by the bench itself. SCRIPTS names some of them,
 * BUILDS directories with other builds of the tag.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import { gatherScripts } from './scripts.mjs';
import { serveSite } from './site.mjs';
import { median, visitPage } from './visit.mjs';

const [runs = '7', onlyPage, onlyThrottling] = process.argv.slice(2);

const directory = mkdtempSync(join(tmpdir(), 'footfall-bench-'));
try {
  await main();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function main() {
  const { scripts, directories } = await gatherScripts(directory);
  const names = process.env.SCRIPTS?.split(' ') ?? Object.keys(scripts);
  console.table(Object.fromEntries(names.map((name) => [name, bytesOf(scripts[name])])));
  const site = await serveSite(scripts, directories);
  const browser = await chromium.launch({
    executablePath: process.env.FOOTFALL_BROWSER ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  for (const page of onlyPage ? [onlyPage] : ['empty', 'nodes']) {
    for (const throttling of onlyThrottling ? [onlyThrottling] : [1, 4]) {
      console.log(
        `\n${page === 'empty' ? 'An empty page' : 'A page of 3,000 nodes'}, ${throttling} × throttled, ${runs} runs: median (minimum), ms of thread time`,
      );
      console.table(await compare(browser, site, names, page, Number(throttling)));
    }
  }
  await browser.close();
  site.close();
}

async function compare(browser, { url, requests }, names, page, throttling) {
  const visits = Object.fromEntries(names.map((name) => [name, []]));
  for (let run = 0; run < Number(runs); run += 1) {
    for (const name of names) {
      requests.length = 0;
      const phases = await visitPage(browser, `${url}/${page}?${encodeURIComponent(name)}`, throttling);
      const files = requests.filter((method) => method === 'GET').length;
      visits[name].push({ ...phases, files, requests: requests.length - files });
    }
  }
  return Object.fromEntries(Object.entries(visits).map(([name, all]) => [name, summarise(all)]));
}

/** What was fetched and sent is a count; all else is time. */
function summarise(visits) {
  const figure = (phase) => {
    const numbers = visits.map((visit) => visit[phase]);
    if (phase === 'files' || phase === 'requests') return median(numbers);
    return `${median(numbers).toFixed(3)} (${Math.min(...numbers).toFixed(3)})`;
  };
  return Object.fromEntries(Object.keys(visits[0]).map((phase) => [phase, figure(phase)]));
}

function bytesOf(script) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return {
    'brotli-11 B': brotliCompressSync(script, { params }).length,
    'gzip-9 B': gzipSync(script, { level: 9 }).length,
  };
}
