import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readIdentity } from '../../dashboards/reports/events/scope.ts';
import type { FunnelAnswer } from '../../dashboards/reports/funnel/answer.ts';
import { installMachine } from '../../dashboards/reports/funnel/engine-host.ts';
import { funnelShape } from '../../dashboards/reports/funnel/parameters.ts';
import { readingOf } from '../../dashboards/reports/funnel/stored-days.ts';
import { addDays, startOfDay, toLocalDay } from '../../dashboards/reports/period/calendar.ts';
import { settle } from '../../dashboards/reports/settled/settle.ts';
import { readSettledDays } from '../../dashboards/reports/settled/settled-days.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import { arbitraryBatch, type Batch } from './funnel-batches.ts';
import { askFunnel, toAsked } from './funnel-question.ts';
import type { Condition } from './oracle/conditions.ts';
import { type Outcome, slots } from './oracle/funnel.ts';
import {
  breakdownRows,
  conversionTimesMs,
  type FunnelRequest,
  funnelOutcomes,
  stepRows,
  trendRows,
} from './oracle/funnel-report.ts';
import { toEventRows } from './oracle/rows.ts';

/** FC_RUNS asks for a longer run, FC_SEED for the same one again. */
const RUNS = Number(process.env.FC_RUNS ?? 24);
const SEED = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);
vi.setConfig({ testTimeout: 120_000 + RUNS * 3_000, hookTimeout: 60_000 + RUNS * 50 });

let engine: TestEngine;
let cases: Batch[];

beforeAll(async () => {
  engine = await startTestEngine();
  expect(await installMachine(engine.storage)).toBe(true);
  cases = fc.sample(fc.oneof(arbitraryBatch(), arbitraryBatch({ hasTies: false })), {
    numRuns: RUNS,
    seed: SEED,
  });
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

/** What is broken down by and how, whom to list: another for each case. */
function extrasOf(index: number, request: FunnelRequest) {
  const attributions = ['first', 'last', 'all', 'step'] as const;
  // In any order more than one event may fill step n at the same times of all.
  const attribution = attributions[index % (request.order === 'any' ? 3 : 4)] ?? 'first';
  const step = (Math.floor(index / 4) % request.steps.length) + 1;
  // A session's fact always has a value, for '' is "direct" there; a property may be missing.
  const property = attribution === 'step' && index % 3 === 0 ? 'source' : 'property:plan';
  const outcome = (['reached', 'dropped', 'still_converting'] as const)[index % 3] ?? 'reached';
  return { breakdown: { property, attribution, step, limit: 100 }, people: { step, outcome, limit: 1000 } };
}

function ask(index: number, asked: object, host?: 'node'): Promise<FunnelAnswer> {
  return askFunnel(engine.reader, siteOf(index), cases[index] as Batch, asked, host);
}

/** Where the engine cannot decide Node does, and streams what it decides: here that is a failure. */
function withoutNode(): TestEngine['reader'] {
  return {
    ...engine.reader,
    stream: () => Promise.reject(new Error('Node was to decide what the engine should have decided')),
  };
}

const TREND = { trend: { interval: 'day' } } as const;

/** What the report says where Node decides, in the oracle's words. */
async function nodeAnswer(index: number) {
  const { world, request } = cases[index] as Batch;
  const answer = await ask(index, { ...TREND, ...extrasOf(index, request) }, 'node');
  return {
    ...inOracleWords(answer, world),
    breakdown: hasTies(world)
      ? 'undecided'
      : sorted(answer.breakdown?.map(({ value, rows }) => [value, ...rows.map((row) => row.people)]) ?? []),
    people: sorted(
      answer.people?.rows.map((person) => [
        person.entered,
        person.furthest_step,
        ...person.events.map(({ time }) => time),
      ]) ?? [],
    ),
  };
}

function inOracleWords(answer: FunnelAnswer, world: Batch['world']) {
  return {
    rows: answer.rows.map((row) => ({
      people: row.people,
      shareOfFirst: row.share_of_first,
      dropOff: row.drop_off,
      stillConverting: row.still_converting,
      medianMs: row.median_ms,
      meanMs: row.mean_ms,
      revenue: hasTies(world) ? 'undecided' : toCents(row.revenue),
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

function oracleAnswer(index: number) {
  const { world, request } = cases[index] as Batch;
  const outcomes = [...funnelOutcomes(world, request).values()];
  const rows = stepRows(outcomes, request, world);
  const { breakdown, people } = extrasOf(index, request);
  const attribution = breakdown.attribution === 'step' ? { step: breakdown.step - 1 } : breakdown.attribution;
  const dimension =
    breakdown.property === 'source' ? { sessionFact: 'source' as const } : { property: 'plan' };
  return {
    rows: rows.map((row) => ({
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
    breakdown: hasTies(world)
      ? 'undecided'
      : sorted(
          [...breakdownRows(outcomes, dimension, attribution, world)].map(([value, some]) => [
            value,
            ...stepRows(some, request, world).map((row) => row.people),
          ]),
        ),
    people: sorted(
      outcomes
        .filter((outcome) => isListed(outcome, people, request))
        .map(({ startMs, reached, attempt }) => [
          startMs,
          reached,
          ...attempt.map(({ event }) => event.timeMs),
        ]),
    ),
  };
}

function isListed(
  outcome: Outcome,
  asked: { step: number; outcome: string },
  request: FunnelRequest,
): boolean {
  const isAtBar = outcome.reached === asked.step && !outcome.isConverted;
  if (asked.outcome === 'dropped') return isAtBar && !outcome.isStillConverting;
  if (asked.outcome === 'still_converting') return isAtBar && outcome.isStillConverting;
  if (!request.steps[asked.step - 1]?.isOptional) return outcome.reached >= asked.step;
  return slots(outcome.attempt, request)[asked.step - 1] !== undefined;
}

function toCents(revenue: readonly { currency: string; amount: number }[]) {
  return Object.fromEntries(revenue.map(({ currency, amount }) => [currency, Math.round(amount * 100)]));
}

function sorted(rows: (string | number)[][]): string[] {
  return rows.map((row) => row.join(' ')).sort();
}

/** Which of two events of one millisecond fills a step decides over properties and revenue, and over nothing else. */
function hasTies({ events }: Batch['world']): boolean {
  return (
    new Set(events.map((event) => `${event.visitor.split(' ')[0]} ${event.timeMs}`)).size < events.length
  );
}

test(`funnels over random worlds are the oracle's, whether Node decides or the engine (seed ${SEED})`, async () => {
  const different: string[] = [];
  let converted = 0;
  for (const [index, one] of cases.entries()) {
    const byNode = await nodeAnswer(index);
    const inEngine = await askFunnel(withoutNode(), siteOf(index), one, TREND);
    const expected = oracleAnswer(index);
    converted += expected.converted;
    const found = { byNode, inEngine: inOracleWords(inEngine, one.world) };
    const { breakdown: _, people: __, ...figures } = expected;
    if (toText(found.byNode) !== toText(expected) || toText(found.inEngine) !== toText(figures))
      different.push(
        `case ${index}\nfound    ${JSON.stringify(found)}\nexpected ${JSON.stringify(expected)}\n${JSON.stringify(toAsked(one.request))}`,
      );
  }

  expect(converted, 'random funnels have to be walked through').toBeGreaterThan(RUNS / 4);
  different.sort((one, other) => one.length - other.length);
  expect(different[0] ?? '', `${different.length} of ${RUNS} differ`).toBe('');
});

/** The order of currencies says nothing. */
function toText({ rows, ...rest }: { rows: { revenue: string | Record<string, number> }[] }): string {
  return JSON.stringify({
    ...rest,
    rows: rows.map((row) => ({
      ...row,
      revenue: typeof row.revenue === 'string' ? row.revenue : Object.entries(row.revenue).sort(),
    })),
  });
}

/** The same question without what is not stored of settled days: filters, sessions, accounts. */
function plainly({ world, request }: Batch): Batch {
  const withoutTests = <Part extends { anyOf: readonly Condition[] }>(part: Part) => ({
    ...part,
    anyOf: part.anyOf.map(({ where: _, ...condition }) => condition),
  });
  const { filter: _, ...rest } = request;
  const steps = request.steps.map(withoutTests);
  return {
    world,
    request: { ...rest, steps, exclusions: request.exclusions.map(withoutTests), countBy: 'person' },
  };
}

/** As it would be asked of a site that has its days settled. */
async function isAskedOfStoredDays(index: number, { world, request }: Batch): Promise<boolean> {
  const { nowMs, timeZone } = world;
  const [identity, settledDays] = await Promise.all([
    readIdentity(engine.reader, siteOf(index), nowMs),
    readSettledDays(engine.reader, siteOf(index), timeZone),
  ]);
  const scope = {
    siteId: siteOf(index),
    ...request.period,
    nowMs,
    countsTests: false,
    identity,
    settledDays,
  };
  return readingOf(scope, funnelShape.parse(toAsked(request))) !== undefined;
}

/** Every other day of a world, or all: where some are settled and some are not, a person is put together of both. */
async function settleDays(index: number): Promise<void> {
  const { world } = cases[index] as Batch;
  const days = [...new Set(world.events.map(({ timeMs }) => toLocalDay(timeMs, world.timeZone)))].sort();
  for (const day of days.filter((_, place) => index % 3 === 0 || place % 2 === index % 2)) {
    const fromMs = startOfDay(day, world.timeZone);
    const toMs = startOfDay(addDays(day, 1), world.timeZone);
    await settle(engine.storage, { siteId: siteOf(index), day, fromMs, toMs, events: 1 }, world.nowMs);
  }
}

test('a breakdown by what events bear is the same, whether Node decides or the engine', async () => {
  const told = {
    ...engine.reader,
    stream: (sql: string, options: Parameters<TestEngine['reader']['stream']>[1]) =>
      sql.includes('_verdicts(')
        ? engine.reader.stream(sql, options)
        : Promise.reject(new Error('Node was to decide what the engine should have decided')),
  };
  let values = 0;
  for (const [index, one] of cases.entries()) {
    if (hasTies(one.world)) continue;
    const { breakdown } = extrasOf(index, one.request);
    for (const limit of [1, 100]) {
      const asked = { ...TREND, breakdown: { ...breakdown, property: 'property:plan', limit } };
      const byNode = await ask(index, asked, 'node');
      values += byNode.breakdown?.length ?? 0;
      expect(await askFunnel(told, siteOf(index), one, asked), `case ${index} of seed ${SEED}`).toEqual(
        byNode,
      );
    }
  }
  expect(values, 'some have values').toBeGreaterThan(RUNS / 4);
});

test('the answers are the same, whoever decides, once days are settled', async () => {
  const extras = { ...TREND, people: { step: 1, outcome: 'reached', limit: 1000 } };
  const askBoth = async (index: number, batch: Batch) => [
    await askFunnel(withoutNode(), siteOf(index), batch, TREND),
    await askFunnel(engine.reader, siteOf(index), batch, extras, 'node'),
  ];
  // Half of them: settling takes most of this file's time.
  const some = cases.slice(0, Math.ceil(RUNS / 2));
  let stored = 0;
  for (let first = 0; first < some.length; first += 4) {
    await Promise.all(
      some.slice(first, first + 4).map(async (batch, offset) => {
        const index = first + offset;
        const asked = offset === 0 ? batch : plainly(batch);
        const { request, world } = asked;
        const [before, beforeInNode] = await askBoth(index, asked);

        await settleDays(index);

        if (await isAskedOfStoredDays(index, asked)) stored += 1;
        const [after, afterInNode] = await askBoth(index, asked);
        const text = `case ${index} of seed ${SEED}: ${JSON.stringify(toAsked(request))}`;
        expect(after, text).toEqual(before);
        // Which of two events of one millisecond is listed is nobody's choice.
        const { people: __, ...figures } = beforeInNode as FunnelAnswer;
        expect(afterInNode, text).toMatchObject(hasTies(world) ? figures : (beforeInNode as FunnelAnswer));
      }),
    );
  }
  expect(stored, 'some questions are answered from what is stored').toBeGreaterThan(0);
});

test('lists of people are as long as their bars, first-touch rows add up to the total, required steps never rise', async () => {
  for (const [index, { request }] of cases.slice(0, 8).entries()) {
    const { step } = extrasOf(index, request).people;
    const outcomes = ['reached', 'dropped', 'still_converting'] as const;
    const breakdown = { property: 'property:plan', attribution: 'first', limit: 1 };
    const answers = await Promise.all(
      outcomes.map((outcome) => ask(index, { breakdown, people: { step, outcome, limit: 3 } })),
    );

    const [reached, dropped, open] = answers.map(({ people }) => people);
    const answer = answers[0] as FunnelAnswer;
    const row = answer.rows[step - 1];
    expect([reached?.total, dropped?.total, open?.total]).toEqual([
      row?.people,
      row?.drop_off,
      row?.still_converting,
    ]);
    expect(reached?.rows).toHaveLength(Math.min(3, row?.people ?? 0));
    answer.rows.forEach((total, place) => {
      expect(answer.breakdown?.reduce((sum, { rows }) => sum + (rows[place]?.people ?? 0), 0)).toBe(
        total.people,
      );
    });
    const required = answer.rows.filter((one) => !one.is_optional).map(({ people }) => people);
    expect(required).toEqual([...required].sort((one, other) => other - one));
  }
});
