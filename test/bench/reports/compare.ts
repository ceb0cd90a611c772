import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineAddress, startEngine } from '../../../collector/engine/engine.ts';
import { removeSite } from '../../../collector/remove-site.ts';
import { applySchema } from '../../../collector/schema/apply.ts';
import { createClickHouse } from '../../../collector/storage/clickhouse.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { installMachine } from '../../../dashboards/reports/funnel/engine-host.ts';
import { keepSettling } from '../../../dashboards/reports/settled/keep-settling.ts';
import { readSettledDays } from '../../../dashboards/reports/settled/settled-days.ts';
import { removeDirectory } from '../../remove-directory.ts';
import { BY_NAME, copyByName, fillEvents, SITE } from './events.ts';
import { funnelRounds } from './funnel.ts';
import { reportRounds } from './reports.ts';
import { fillVisits, VISITS_SITE } from './visits.ts';

export type Round = { name: string; run: (reader: Storage) => Promise<unknown>; comparedWith: string[] };

const DATABASE = 'footfall';
const TIMES = 5;

export type Comparison = {
  schemaDirectory: string;
  millions: number;
  /** Asks of this site alone; '' of all. */
  onlySite: string;
  /** Runs the rounds whose name holds this. */
  only: string;
  /** A directory whose events are used again, and stay there. */
  keptIn: string | undefined;
};

export async function compare({
  schemaDirectory,
  millions,
  only,
  onlySite,
  keptIn,
}: Comparison): Promise<void> {
  const directory = keptIn ?? mkdtempSync(join(tmpdir(), 'footfall-bench-'));
  const engine = await startEngine({ directory });
  try {
    const bootstrap = createClickHouse(engineAddress(engine, 'owner', 'default'));
    await bootstrap.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`);
    await bootstrap.close();
    const storage = createClickHouse(engineAddress(engine, 'owner', DATABASE));
    const reader = createClickHouse(engineAddress(engine, 'reader', DATABASE));
    await applySchema(storage, schemaDirectory);
    await installMachine(storage);
    for (const made of SITES) {
      const rounds = chosen(made.rounds(), only);
      if (rounds.length === 0 || (onlySite !== '' && made.site !== onlySite)) continue;
      await makeEvents(storage, made, millions);
      await made.prepare?.(storage);
      await runRounds(reader, rounds);
    }
    await storage.close();
    await reader.close();
  } finally {
    await engine.stop();
    if (!keptIn) await removeDirectory(directory);
  }
}

type Made = {
  site: string;
  fill: (storage: Storage, count: number) => Promise<void>;
  /** What else is needed to compare with; may be there already. */
  prepare?: (storage: Storage) => Promise<void>;
  rounds: () => Round[];
};

/** Funnels are asked of one site, the other reports of another, whose sessions are like those of a real one. */
const SITES: readonly Made[] = [
  { site: SITE, fill: fillEvents, prepare: copyByName, rounds: funnelRounds },
  { site: VISITS_SITE, fill: fillVisits, rounds: reportRounds },
];

async function makeEvents(storage: Storage, { site, fill }: Made, millions: number): Promise<void> {
  if (!isAbout((await count(storage, site)).events, millions * 1_000_000)) {
    process.stdout.write(`Making ${millions} million events of the site "${site}" …\n`);
    await removeSite(storage, site);
    await fill(storage, millions * 1_000_000);
    await storage.command('OPTIMIZE TABLE events FINAL', { settings: { max_execution_time: 1_800 } });
  }
  await settleDays(storage, site);
  const { events, settled } = await count(storage, site);
  const { rows } = await storage.query<{ bytes: number }>(BYTES_PER_EVENT);
  const bytes = rows[0]?.bytes ?? 0;
  process.stdout.write(
    `${events} events of "${site}", ${settled} days settled, ${bytes.toFixed(1)} bytes of disk each\n`,
  );
}

const isAbout = (found: number, wanted: number) => Math.abs(found - wanted) < wanted / 100;

async function count(storage: Storage, site: string): Promise<{ events: number; settled: number }> {
  const { rows } = await storage.query<{ events: number }>(
    'SELECT count() AS events FROM events WHERE site_id = {site:String}',
    { parameters: { site } },
  );
  return { events: rows[0]?.events ?? 0, settled: (await readSettledDays(storage, site, 'UTC')).length };
}

async function settleDays(storage: Storage, site: string): Promise<void> {
  await storage.insert('sites', [{ site_id: site, name: site, time_zone: 'UTC' }]);
  const settling = keepSettling({ storage, now: Date.now, log: console.error, quietMs: 0 });
  await settling.settleAll();
  settling.close();
}

const BYTES_PER_EVENT = `
SELECT sum(bytes_on_disk) / (SELECT count() FROM events) AS bytes
FROM system.parts WHERE active AND database = currentDatabase() AND table != '${BY_NAME}'`;

function chosen(rounds: readonly Round[], only: string): Round[] {
  const named = rounds.filter(({ name }) => name.includes(only));
  const needed = new Set(named.flatMap(({ comparedWith }) => comparedWith));
  return rounds.filter((round) => named.includes(round) || needed.has(round.name));
}

/** All in turns, so that a slow minute of the machine hits each alike. Ratios are those of the medians. */
async function runRounds(reader: Storage, rounds: readonly Round[]): Promise<void> {
  const times = new Map(rounds.map(({ name }): [string, number[]] => [name, []]));
  for (let time = 0; time < TIMES; time++) {
    for (const { name, run } of rounds) {
      const startedAt = performance.now();
      await run(reader);
      times.get(name)?.push(performance.now() - startedAt);
    }
  }
  const median = (name: string) =>
    [...(times.get(name) ?? [])].sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0;
  const show = (ms: number) => ms.toFixed(0).padStart(7);
  for (const { name, comparedWith } of rounds) {
    const ratios = comparedWith.map(
      (other) => `${(median(other) / median(name)).toFixed(2)} × as fast as ${other}`,
    );
    const least = Math.min(...(times.get(name) ?? []));
    process.stdout.write(
      `${name.padEnd(56)} ${show(median(name))} ms, at best ${show(least)}   ${ratios.join(', ')}\n`,
    );
  }
}
