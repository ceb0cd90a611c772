/** "Where they went instead" and "what separates converters" against a plain reading of them, on random worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { NextRow, SeparatorRow } from '../../dashboards/reports/funnel/answer.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import { arbitraryBatch, type Batch } from './funnel-batches.ts';
import { askFunnel, toAsked } from './funnel-question.ts';
import { separatorsOf, type Way, waysAfter } from './oracle/funnel-details.ts';
import { funnelOutcomes } from './oracle/funnel-report.ts';
import { toEventRows } from './oracle/rows.ts';

/** Each case is many worlds, for a value that fewer than five people bear tells nothing. FC_RUNS asks for a longer run, FC_SEED for the same one again. */
const RUNS = Number(process.env.FC_RUNS ?? 16);
const WORLDS_EACH = 24;
const SEED = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);
vi.setConfig({ testTimeout: 120_000 + RUNS * 3_000 });

let engine: TestEngine;
let cases: Batch[];
beforeAll(async () => {
  engine = await startTestEngine();
  // Without ties: of two events of one millisecond neither is the next.
  cases = fc.sample(arbitraryBatch({ hasTies: false }, WORLDS_EACH), { numRuns: RUNS, seed: SEED });
  await engine.storage.insert(
    'events',
    cases.flatMap(({ world }, index) => toEventRows(siteOf(index), world.events)),
  );
});
afterAll(() => engine?.stop());

const siteOf = (index: number) => `world-${index}`;

test(`the ways of those who left, and what converters bear, are the oracle's (seed ${SEED})`, async () => {
  let [ways, separated] = [0, 0];
  for (const [index, one] of cases.entries()) {
    const { request, world } = one;
    const outcomes = funnelOutcomes(world, request);
    const by = index % 2 === 0 ? 'page' : 'event';
    // The step that most left after; else the first.
    const step = mostLeftAfter(
      [...outcomes.values()].filter((each) => !each.isConverted).map(({ reached }) => reached),
    );
    const answer = await askFunnel(engine.reader, siteOf(index), one, {
      next: { step, by, limit: 100 },
      separators: { limit: 100 },
    });
    const expected = step === request.steps.length ? [] : waysAfter(step, by, outcomes, request, world);
    const borne = separatorsOf(outcomes, request, world);
    const told = [...borne.counts].filter(
      ([, [converted, others]]) =>
        converted + others >= 5 && converted + others < borne.totals[0] + borne.totals[1],
    );

    ways += expected.length;
    separated += told.length;
    const about = `case ${index} of seed ${SEED}: step ${step} by ${by} ${JSON.stringify(toAsked(request))}`;
    expect((answer.next ?? []).map(toTold).sort(), about).toEqual(sumUp(expected));
    expect((answer.separators ?? []).map(toCounts).sort(), about).toEqual(
      told
        .map(([name, counts]) => `${name}: ${[...counts, ...borne.totals].join(' ')}`)
        .sort()
        .slice(0, 100),
    );
    for (const row of answer.separators ?? []) expect(row.odds_ratio, about).toBeCloseTo(oddsOf(row), 9);
  }
  expect(ways, 'some left').toBeGreaterThan(RUNS / 4);
  expect(separated, 'something separates some').toBeGreaterThan(RUNS / 4);
});

function mostLeftAfter(steps: number[]): number {
  const times = (step: number) => steps.filter((one) => one === step).length;
  return [...new Set(steps)].sort((one, other) => times(other) - times(one) || one - other)[0] ?? 1;
}

const toTold = ({ label, from, people, left, share }: NextRow) =>
  `${label} from ${from}: ${people}, ${left} no further, ${share.toFixed(6)}`;

function sumUp(ways: readonly Way[]): string[] {
  const keys = new Set(ways.map(({ label, from }) => `${label} from ${from}`));
  return [...keys]
    .map((key) => {
      const same = ways.filter(({ label, from }) => `${label} from ${from}` === key);
      const left = same.filter(({ onward }) => onward === '').length;
      return `${key}: ${same.length}, ${left} no further, ${(same.length / ways.length).toFixed(6)}`;
    })
    .sort();
}

const toCounts = (row: SeparatorRow) =>
  `${row.kind} ${row.name}${row.kind === 'property' ? `=${row.value}` : ''}: ${row.converted} ${row.others} ${row.converted_total} ${row.others_total}`;

/** Half a person is added to each of the four. */
function oddsOf(row: SeparatorRow): number {
  const [a, b] = [row.converted + 0.5, row.others + 0.5];
  const [c, d] = [row.converted_total - row.converted + 0.5, row.others_total - row.others + 0.5];
  return a / b / (c / d);
}
