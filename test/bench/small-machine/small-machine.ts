import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { joinDatabase } from '../../../collector/database.ts';
import { removeDirectory } from '../../remove-directory.ts';
import { fillEvents, SITE } from '../reports/events.ts';
import { createEnclosure } from './enclosure.ts';
import { QUESTIONS } from './reports.ts';
import { sendSteadily, sendVisitors } from './visitors.ts';

const VISITORS = Number(process.argv[2] ?? 1_000_000);
const PER_SECOND = Number(process.argv[3] ?? 100);
const CPUS = Number(process.argv[4] ?? 1);
const STORED = 1_000_000;
const WARM_UP = 5_000;
const MEBIBYTE = 1024 * 1024;
const MEMORY = 2048 * MEBIBYTE;
const MOST_ACKNOWLEDGE_MS = 100;
const ROOT = process.cwd();

execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'ignore' });
// On a real disk, not on tmpfs.
const data = mkdtempSync(join(ROOT, '.build', 'bench-small-'));
const enclosure = createEnclosure(`footfall-bench-${process.pid}`, MEMORY, CPUS);
const server = spawn(
  'sh',
  [
    '-c',
    `${enclosure.enter}exec "$0" --import "$1" "$2"`,
    process.execPath,
    join(import.meta.dirname, 'server-delays.js'),
    join(ROOT, '.build/server/main.js'),
  ],
  {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      FOOTFALL_DATA: data,
      FOOTFALL_TRUSTED_PROXIES: '127.0.0.1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const exited = once(server, 'exit');
const signInUrl = await readSignInUrl();
const url = new URL(signInUrl).origin;
const failures: string[] = [];

async function readSignInUrl(): Promise<string> {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += chunk;
    const found = /(http\S+\/sign-in\/\S+)/.exec(printed)?.[1];
    if (found !== undefined && printed.includes('<script ')) return found;
  }
  throw new Error(`The server did not come up:\n${printed}`);
}

function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

/** The server's and its engine's. */
function memory() {
  const engine = Number(readFileSync(join(data, 'clickhouse/pid'), 'latin1'));
  return { server: residentMegabytes(server.pid ?? 0), engine: residentMegabytes(engine), enginePid: engine };
}

/** What is waited for before memory is read: the spool empty, the collector of garbage gone by. */
async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    await pause(1_000);
    const metrics = await fetch(`${url}/metrics`).then((answer) => answer.text());
    const waiting = Number(/^footfall_spool_oldest\w*(?:\{\})? (\S+)/m.exec(metrics)?.[1] ?? 0);
    quiet = waiting === 0 ? quiet + 1 : 0;
  }
}

async function fill(): Promise<void> {
  const database = joinDatabase(join(data, 'clickhouse'));
  await database.storage.insert('sites', [{ site_id: SITE, name: 'Bench', settings: '{}' }]);
  await fillEvents(database.storage, STORED);
  await database.close();
}

async function askAll(cookie: string): Promise<{ report: string; status: number; seconds: string }[]> {
  const asked: { report: string; status: number; seconds: string }[] = [];
  for (const [report, question] of Object.entries(QUESTIONS)) {
    const startedAt = performance.now();
    const answer = await fetch(`${url}/api/sites/${SITE}/reports/${report}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(question),
    });
    const text = await answer.text();
    if (answer.status !== 200) failures.push(`${report} answered ${answer.status}: ${text.slice(0, 300)}`);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    asked.push({ report, status: answer.status, seconds });
  }
  return asked;
}

try {
  const answer = await fetch(signInUrl, { redirect: 'manual' });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  await fill();
  // The registry of sites is read anew every three seconds.
  await pause(4_000);
  const door = { url, site: SITE };
  await sendVisitors(door, 0, WARM_UP);
  await settle();
  const before = memory();
  const startedAt = performance.now();
  const statuses = await sendVisitors(door, WARM_UP, WARM_UP + VISITORS);
  const perSecond = Math.round(VISITORS / ((performance.now() - startedAt) / 1_000));
  const atOnce = memory();
  await settle();
  const after = memory();
  const steady = sendSteadily(door, PER_SECOND, WARM_UP + VISITORS);
  server.kill('SIGUSR2');
  const reports = await askAll(cookie);
  server.kill('SIGUSR2');
  const { latencies, refused } = await steady.stop();
  const atEnd = memory();

  const part = (share: number) => Math.round(latencies[Math.floor(latencies.length * share)] ?? 0);
  console.table([
    { at: 'before', ...before },
    { at: 'visitors sent', ...atOnce },
    { at: 'and stored', ...after },
    { at: 'reports asked', ...atEnd },
  ]);
  console.table(reports);
  console.log(
    `${VISITORS} visitors, all different, at ${perSecond}/s: answers ${JSON.stringify([...statuses])}; the server grew by ${after.server - before.server} MB`,
  );
  console.log(
    `${latencies.length} events at ${PER_SECOND}/s beside the reports: 202 after ${part(0.5)} ms (median), ${part(0.99)} ms (99 %), ${Math.round(latencies.at(-1) ?? 0)} ms (most); refused ${refused.length}`,
  );
  const peak = enclosure.peakBytes();
  console.log(
    enclosure.isMemoryLimited
      ? `${CPUS} CPUs and ${MEMORY / MEBIBYTE} MB, enforced: at most ${Math.round((peak ?? 0) / MEBIBYTE)} MB in use (page cache included), ${enclosure.killed()} processes killed`
      : 'Memory could not be limited here: not root, or no control groups',
  );
  if (enclosure.killed() > 0 || atEnd.enginePid !== before.enginePid) failures.push('The engine was killed');
  if (server.exitCode !== null) failures.push('The server ended');
  if (refused.length > 0 || [...statuses.keys()].some((status) => status !== 202))
    failures.push('Events were refused');
  if (part(0.99) >= MOST_ACKNOWLEDGE_MS) failures.push(`99 % of the 202s took up to ${part(0.99)} ms`);
} finally {
  server.kill('SIGTERM');
  await exited;
  enclosure.remove();
  await removeDirectory(data);
}
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
