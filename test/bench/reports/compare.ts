import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineAddress, startEngine } from '../../../collector/engine/engine.ts';
import { applySchema } from '../../../collector/schema/apply.ts';
import { createClickHouse } from '../../../collector/storage/clickhouse.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { fillEvents } from './events.ts';
import { funnelRounds } from './funnel.ts';

export type Round = { name: string; run: (reader: Storage) => Promise<unknown>; comparedWith: string[] };

const DATABASE = 'footfall';
const TIMES = 5;

export async function compare({
  schemaDirectory,
  millions,
}: {
  schemaDirectory: string;
  millions: number;
}): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'footfall-bench-'));
  const engine = await startEngine({ directory });
  try {
    const bootstrap = createClickHouse(engineAddress(engine, 'owner', 'default'));
    await bootstrap.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`);
    await bootstrap.close();
    const storage = createClickHouse(engineAddress(engine, 'owner', DATABASE));
    const reader = createClickHouse(engineAddress(engine, 'reader', DATABASE));
    await applySchema(storage, schemaDirectory);
    process.stdout.write(`Making ${millions} million events …\n`);
    await fillEvents(storage, millions * 1_000_000);
    await storage.command('OPTIMIZE TABLE events FINAL', { settings: { max_execution_time: 600 } });
    await runRounds(reader, funnelRounds());
    await storage.close();
    await reader.close();
  } finally {
    await engine.stop();
    rmSync(directory, { recursive: true, force: true });
  }
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
