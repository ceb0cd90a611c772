import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineAddress, startEngine } from '../../../collector/engine/engine.ts';
import { applySchema } from '../../../collector/schema/apply.ts';
import { createClickHouse } from '../../../collector/storage/clickhouse.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { installMachine } from '../../../dashboards/reports/funnel/engine-host.ts';
import { fillEvents } from './events.ts';
import { funnelRounds } from './funnel.ts';

export type Round = { name: string; run: (reader: Storage) => Promise<unknown>; comparedWith: string[] };

const DATABASE = 'footfall';
const TIMES = 5;

export type Comparison = {
  schemaDirectory: string;
  millions: number;
  /** Runs the rounds whose name holds this. */
  only: string;
  /** A directory whose events are used again, and stay there. */
  keptIn: string | undefined;
};

export async function compare({ schemaDirectory, millions, only, keptIn }: Comparison): Promise<void> {
  const directory = keptIn ?? mkdtempSync(join(tmpdir(), 'footfall-bench-'));
  const engine = await startEngine({ directory });
  try {
    const bootstrap = createClickHouse(engineAddress(engine, 'owner', 'default'));
    await bootstrap.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`);
    await bootstrap.close();
    const storage = createClickHouse(engineAddress(engine, 'owner', DATABASE));
    const reader = createClickHouse(engineAddress(engine, 'reader', DATABASE));
    await applySchema(storage, schemaDirectory);
    await makeEvents(storage, millions);
    await installMachine(storage);
    await runRounds(reader, chosen(funnelRounds(), only));
    await storage.close();
    await reader.close();
  } finally {
    await engine.stop();
    if (!keptIn) rmSync(directory, { recursive: true, force: true });
  }
}

async function makeEvents(storage: Storage, millions: number): Promise<void> {
  const { rows } = await storage.query<{ stored: number }>('SELECT count() AS stored FROM events');
  if (rows[0]?.stored !== millions * 1_000_000) {
    process.stdout.write(`Making ${millions} million events …\n`);
    await storage.command('TRUNCATE TABLE events');
    await fillEvents(storage, millions * 1_000_000);
    await storage.command('OPTIMIZE TABLE events FINAL', { settings: { max_execution_time: 1_800 } });
  }
  const { rows: sizes } = await storage.query<{ bytes: number }>(BYTES_PER_EVENT);
  process.stdout.write(`${millions} million events, ${sizes[0]?.bytes.toFixed(1)} bytes of disk each\n`);
}

const BYTES_PER_EVENT = `
SELECT sum(bytes_on_disk) / (SELECT count() FROM events) AS bytes
FROM system.parts WHERE active AND database = currentDatabase()`;

function chosen(rounds: readonly Round[], only: string): Round[] {
  const named = rounds.filter(({ name }) => name.includes(only));
  const needed = new Set(named.flatMap(({ comparedWith }) => comparedWith));
  return rounds.filter((round) => named.includes(round) || needed.has(round.name));
}

/** All in turns, so that a slow minute of the machine hits each alike. */
async function runRounds(reader: Storage, rounds: readonly Round[]): Promise<void> {
  const best = new Map<string, number>();
  for (let time = 0; time < TIMES; time++) {
    for (const { name, run } of rounds) {
      const startedAt = performance.now();
      await run(reader);
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - startedAt));
    }
  }
  for (const { name, comparedWith } of rounds) {
    const own = best.get(name) ?? 0;
    const ratios = comparedWith.map(
      (other) => `${((best.get(other) ?? 0) / own).toFixed(2)} × as fast as ${other}`,
    );
    process.stdout.write(`${name.padEnd(48)} ${own.toFixed(0).padStart(7)} ms   ${ratios.join(', ')}\n`);
  }
}
