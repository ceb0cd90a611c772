/** Where the database may not run WebAssembly, Node decides: the same numbers, from real engines with and without. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { engineAddress } from '../../collector/engine/engine.ts';
import { createClickHouse } from '../../collector/storage/clickhouse.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { installMachine } from '../../dashboards/reports/funnel/engine-host.ts';
import { DATABASE, startTestEngine } from '../engine.ts';
import { startWithoutWasm } from '../engine-without-wasm.ts';
import { removeDirectory } from '../remove-directory.ts';
import { arbitraryBatch, type Batch } from './funnel-batches.ts';
import { askFunnel } from './funnel-question.ts';
import { conversionTimesMs, funnelOutcomes } from './oracle/funnel-report.ts';
import { toEventRows } from './oracle/rows.ts';

/** Of so many, the first six in which somebody converts: six at random are often without any. */
const CANDIDATES = 24;
const CASES = 6;
/** FC_SEED asks for the same ones again. */
const SEED = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);
const hasConversions = ({ world, request }: Batch) =>
  conversionTimesMs([...funnelOutcomes(world, request).values()]).length > 0;
const siteOf = (index: number) => `world-${index}`;

test('what the machine answers inside the engine it answers in Node, where the engine has no WebAssembly', {
  timeout: 180_000,
}, async () => {
  const cases = fc
    .sample(arbitraryBatch(), { numRuns: CANDIDATES, seed: SEED })
    .filter(hasConversions)
    .slice(0, CASES);
  const askAll = (reader: Storage) =>
    Promise.all(
      cases.map((one, index) => askFunnel(reader, siteOf(index), one, { trend: { interval: 'day' } })),
    );
  const engine = await startTestEngine();
  await engine.storage.insert(
    'events',
    cases.flatMap(({ world }, index) => toEventRows(siteOf(index), world.events)),
  );
  expect(await installMachine(engine.storage)).toBe(true);
  const inside = await askAll(engine.reader);
  await engine.engine.stop();
  const plain = await startWithoutWasm(engine.directory);
  const reach = (as: 'owner' | 'reader') =>
    createClickHouse(engineAddress({ url: plain.url, secrets: engine.engine.secrets }, as, DATABASE));
  const [owner, reader] = [reach('owner'), reach('reader')];

  const isIn = await installMachine(owner);
  const outside = await askAll(reader);

  await Promise.all([owner.close(), reader.close(), engine.storage.close(), engine.reader.close()]);
  await plain.stop();
  await removeDirectory(engine.directory);
  expect(isIn).toBe(false);
  expect(outside, `FC_SEED=${SEED}`).toEqual(inside);
  expect(inside.some(({ summary }) => summary.converted > 0)).toBe(true);
});
