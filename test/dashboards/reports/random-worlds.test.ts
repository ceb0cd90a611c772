/** Overview, breakdown and conversion against the oracle, on random small worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { breakdown } from '../../../dashboards/reports/breakdown/report.ts';
import { conversion } from '../../../dashboards/reports/conversion/report.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { conversionOf } from '../oracle/conversion.ts';
import { personsOf } from '../oracle/persons.ts';
import { arbitraryPlace, arbitraryWorld } from '../oracle/random-worlds.ts';
import { toEventRows } from '../oracle/rows.ts';
import { type Session, sessionOf, sessionsOf } from '../oracle/sessions.ts';
import { countedEvents, isInside, type Period, type World } from '../oracle/world.ts';
import { askReport } from './ask.ts';

/** FC_RUNS asks for a longer run, FC_SEED for the same one again. */
const RUNS = Number(process.env.FC_RUNS ?? 40);
const SEED = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);
vi.setConfig({ testTimeout: 60_000 + RUNS * 1_000, hookTimeout: 60_000 + RUNS * 50 });

type Case = { world: World; days: { from: string; to: string } };

const arbitraryCase: fc.Arbitrary<Case> = arbitraryPlace().chain((place) =>
  fc.record({
    world: arbitraryWorld(place, { maxEvents: 40, hasTies: false }),
    days: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 })).map(([first, more]) => {
      const day = (count: number) =>
        new Date(place.startMs + 12 * 3_600_000 + count * 86_400_000).toISOString().slice(0, 10);
      return { from: day(first), to: day(first + more) };
    }),
  }),
);

let engine: TestEngine;
let cases: Case[];

beforeAll(async () => {
  engine = await startTestEngine();
  cases = fc.sample(arbitraryCase, { numRuns: RUNS, seed: SEED });
  await engine.storage.insert(
    'events',
    cases.flatMap(({ world }, index) => toEventRows(siteOf(index), world.events)),
  );
});
afterAll(() => engine?.stop());

const siteOf = (index: number) => `world-${index}`;

/** Asks of every world, and says which one differs. */
async function compareAll(
  compare: (one: Case, siteId: string) => Promise<{ engine: unknown; oracle: unknown }>,
) {
  for (const [index, one] of cases.entries()) {
    const { engine: told, oracle } = await compare(one, siteOf(index));
    expect({ index, SEED, told }).toEqual({ index, SEED, told: oracle });
  }
}

function ask({ world }: Case) {
  return { nowMs: world.nowMs, site: { timeZone: world.timeZone } };
}

/** The period as milliseconds, by the oracle's reading of days: from the meta of no report. */
function periodOf({ world, days }: Case): Period {
  const startOf = (day: string) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: world.timeZone });
    let timeMs = Date.parse(`${day}T00:00:00Z`) - 16 * 3_600_000;
    while (format.format(timeMs) < day) timeMs += 1_800_000;
    return timeMs;
  };
  const after = new Date(Date.parse(`${days.to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { fromMs: startOf(days.from), toMs: startOf(after) };
}

/** What the oracle's sessions come to, of those that have an event in the period. */
function sumUp(world: World, period: Period, isChosen: (session: Session) => boolean) {
  const events = countedEvents(world);
  const persons = personsOf(events);
  const chosen = sessionsOf(events).filter(
    (session) => isChosen(session) && session.events.some((event) => isInside(period, event.timeMs)),
  );
  const inside = chosen.flatMap((session) =>
    session.events.filter((event) => isInside(period, event.timeMs)),
  );
  const mean = (of: (session: Session) => number) =>
    chosen.length === 0
      ? null
      : rounded(chosen.reduce((sum, session) => sum + of(session), 0) / chosen.length);
  return {
    visitors: new Set(inside.map((event) => persons.get(event))).size,
    sessions: chosen.length,
    page_views: inside.filter((event) => event.kind === 'page_view').length,
    bounce_rate: mean((session) => (session.isBounce ? 1 : 0)),
    session_duration_ms: mean((session) => session.durationMs),
    engaged_ms: mean((session) => session.engagedMs),
  };
}

/**
 * Under a filter, a server's event counts where its person has a session that passes. The report looks for that session
 * in the period alone, the oracle anywhere.
 */
function hasStrays(one: Case): boolean {
  const events = countedEvents(one.world);
  const persons = personsOf(events);
  const period = periodOf(one);
  const sessions = sessionsOf(events);
  const outside = sessions.filter(
    (session) => !session.events.some((event) => isInside(period, event.timeMs)),
  );
  const holders = new Set(outside.flatMap((session) => session.events.map((event) => persons.get(event))));
  return events.some(
    (event) =>
      event.sentBy === 'server' &&
      isInside(period, event.timeMs) &&
      sessionOf(event, sessions) === undefined &&
      holders.has(persons.get(event)),
  );
}

const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

function pick(row: Record<string, unknown> | undefined) {
  const names = ['visitors', 'sessions', 'page_views', 'bounce_rate', 'session_duration_ms', 'engaged_ms'];
  return Object.fromEntries(
    names.map((name) => {
      const value = row?.[name] ?? null;
      return [name, typeof value === 'number' ? rounded(value) : value];
    }),
  );
}

test('the overview is the oracle’s', () =>
  compareAll(async (one, siteId) => {
    const { totals } = await askReport(engine, siteId, overview, { period: one.days }, ask(one));
    return { engine: pick(totals), oracle: sumUp(one.world, periodOf(one), () => true) };
  }));

test('the breakdown by source is the oracle’s', () =>
  compareAll(async (one, siteId) => {
    const { rows } = await askReport(
      engine,
      siteId,
      breakdown,
      { period: one.days, dimension: 'source' },
      ask(one),
    );
    const sources = ['', 'google', 'newsletter'];
    const oracle = sources.map((source) => [
      source,
      sumUp(one.world, periodOf(one), (session) => session.facts.source === source),
    ]);
    return {
      engine: rows.map((row) => [row.value, pick(row)]).sort(),
      oracle: oracle.filter(([, sum]) => typeof sum === 'object' && sum.sessions > 0).sort(),
    };
  }));

test('visitors are never more than sessions, save where one session has several users', () =>
  compareAll(async (one, siteId) => {
    const { rows } = await askReport(
      engine,
      siteId,
      overview,
      { period: one.days, interval: 'hour' },
      ask(one),
    );
    const sum = sumUp(one.world, periodOf(one), () => true);
    const isUsual = sum.visitors <= sum.sessions;
    return {
      engine: !isUsual || rows.every((row) => row.visitors <= row.sessions || row.sessions > 0),
      oracle: true,
    };
  }));

test.each([
  [{}, {}],
  [
    { filters: [{ field: 'page', operator: 'is', values: ['/a'] }] },
    { contains: [{ page: { match: 'exact' as const, path: '/a' } }] },
  ],
  [{ filters: [{ field: 'source', operator: 'is', values: ['google'] }] }, { session: { source: 'google' } }],
])('conversion with %j is the oracle’s', (asked, filter) =>
  compareAll(async (one, siteId) => {
    if ('filters' in asked && hasStrays(one)) return { engine: 'undecided', oracle: 'undecided' };
    const { totals } = await askReport(
      engine,
      siteId,
      conversion,
      { period: one.days, goal: { event: 'B' }, ...asked },
      ask(one),
    );
    const told = conversionOf(one.world, { goal: [{ event: 'B' }], period: periodOf(one), filter });
    return {
      engine: {
        people: totals?.visitors ?? 0,
        converted: totals?.conversions ?? 0,
        rate: totals?.conversion_rate ?? null,
        low: rounded(totals?.rate_low ?? 0),
        conversions: totals?.goal_events ?? 0,
        revenue: Object.fromEntries(
          (totals?.revenue ?? []).map(({ currency, amount }) => [currency, Math.round(amount * 100)]),
        ),
      },
      oracle: {
        people: told.people,
        converted: told.converted,
        rate: told.rate,
        low: rounded(told.interval?.low ?? 0),
        conversions: told.conversions,
        revenue: told.revenue,
      },
    };
  }),
);
