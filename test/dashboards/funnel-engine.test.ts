import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readIdentity } from '../../dashboards/reports/events/scope.ts';
import { funnelShape } from '../../dashboards/reports/funnel/parameters.ts';
import { answerFunnel } from '../../dashboards/reports/funnel/report.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import { arbitraryBatch, type Batch } from './funnel-batches.ts';
import { toAsked } from './funnel-question.ts';
import { conversionTimesMs, funnelOutcomes, stepRows, trendRows } from './oracle/funnel-report.ts';
import { toEventRows } from './oracle/rows.ts';

/** FC_RUNS asks for a longer run, FC_SEED for the same one again. */
const RUNS = Number(process.env.FC_RUNS ?? 60);
const SEED = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);
vi.setConfig({ testTimeout: 60_000 + RUNS * 400, hookTimeout: 60_000 + RUNS * 50 });

let engine: TestEngine;
let cases: Batch[];

beforeAll(async () => {
  engine = await startTestEngine();
  cases = fc.sample(arbitraryBatch(), { numRuns: RUNS, seed: SEED });
  // Each world is a site of its own; all of them lie in the tables together.
  for (let first = 0; first < cases.length; first += 100)
    await engine.storage.insert(
      'events',
      cases
        .slice(first, first + 100)
        .flatMap(({ world }, index) => toEventRows(siteOf(first + index), world.events)),
    );
});
afterAll(() => engine?.stop());

function siteOf(index: number): string {
  return `world-${index}`;
}

/** What the report says, in the oracle's words. */
async function engineAnswer({ world, request }: Batch, siteId: string) {
  const { fromMs, toMs } = request.period;
  const parameters = funnelShape.parse({ ...toAsked(request), trend: { interval: 'day' } });
  const answer = await answerFunnel(
    parameters,
    {
      scope: {
        siteId,
        fromMs,
        toMs,
        nowMs: world.nowMs,
        countsTests: false,
        identity: await readIdentity(engine.reader, siteId),
      },
      period: { from: '', to: '', fromMs, toMs },
      timeZone: world.timeZone,
      firstDay: '',
    },
    { reader: engine.reader },
  );
  return {
    rows: answer.rows.map((row) => ({
      people: row.people,
      shareOfFirst: row.share_of_first,
      dropOff: row.drop_off,
      stillConverting: row.still_converting,
      medianMs: row.median_ms,
      meanMs: row.mean_ms,
      revenue: hasTies(world)
        ? 'undecided'
        : Object.fromEntries(row.revenue.map(({ currency, amount }) => [currency, Math.round(amount * 100)])),
    })),
    converted: answer.histogram.reduce((sum, bin) => sum + bin.people, 0),
    trend: answer.trend?.map(({ start, entered, converted, still_converting: open }) => [
      start,
      entered,
      converted,
      open,
    ]),
  };
}

function oracleAnswer({ world, request }: Batch) {
  const outcomes = [...funnelOutcomes(world, request).values()];
  return {
    rows: stepRows(outcomes, request, world).map((row) => ({
      people: row.people,
      shareOfFirst: row.shareOfFirst,
      dropOff: row.dropOff,
      stillConverting: row.stillConverting,
      medianMs: row.medianMs,
      meanMs: row.meanMs,
      revenue: hasTies(world) ? 'undecided' : row.revenue,
    })),
    converted: conversionTimesMs(outcomes).length,
    trend: trendRows(outcomes, 'day', request, world).map((row) => [
      row.startMs,
      row.entered,
      row.converted,
      row.stillConverting,
    ]),
  };
}

/** Which of two events of one millisecond fills a step decides over revenue, and over nothing else. */
function hasTies({ events }: Batch['world']): boolean {
  return new Set(events.map((event) => event.timeMs)).size < events.length;
}

test(`funnels over random worlds in the real engine are the oracle's (seed ${SEED})`, async () => {
  const different: string[] = [];
  let converted = 0;
  for (const [index, one] of cases.entries()) {
    const [found, expected] = [await engineAnswer(one, siteOf(index)), oracleAnswer(one)];
    converted += expected.converted;
    if (JSON.stringify(found) !== JSON.stringify(expected))
      different.push(
        `case ${index}\nfound    ${JSON.stringify(found)}\nexpected ${JSON.stringify(expected)}\n${fc.stringify(one)}`,
      );
  }

  expect(converted, 'random funnels have to be walked through').toBeGreaterThan(RUNS);
  different.sort((one, other) => one.length - other.length);
  expect(different[0] ?? '', `${different.length} of ${RUNS} differ; the shortest:\n${different[0]}`).toBe(
    '',
  );
});
