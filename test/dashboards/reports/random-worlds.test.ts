/** Overview, breakdown, conversion and timelines against the oracle, on random small worlds. */
import { afterAll, beforeAll, test } from 'vitest';
import { breakdown } from '../../../dashboards/reports/breakdown/report.ts';
import { conversion } from '../../../dashboards/reports/conversion/report.ts';
import { overview } from '../../../dashboards/reports/overview/report.ts';
import { people } from '../../../dashboards/reports/people/report.ts';
import { timeline } from '../../../dashboards/reports/timeline/report.ts';
import { conversionOf } from '../oracle/conversion.ts';
import { personsOf } from '../oracle/persons.ts';
import { type Session, sessionOf, sessionsOf } from '../oracle/sessions.ts';
import { countedEvents, groupBy, isInside, type Period, type World } from '../oracle/world.ts';
import { askReport } from './ask.ts';
import { askedIn, type Case, periodOf, rounded, startWorlds, type Worlds } from './worlds.ts';

let worlds: Worlds;
beforeAll(async () => {
  worlds = await startWorlds(20);
}, 120_000);
afterAll(() => worlds?.stop());

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
  worlds.compareAll(async (one, siteId) => {
    const { totals } = await askReport(worlds.engine, siteId, overview, { period: one.days }, askedIn(one));
    return { engine: pick(totals), oracle: sumUp(one.world, periodOf(one), () => true) };
  }));

test('the breakdown by source is the oracle’s', () =>
  worlds.compareAll(async (one, siteId) => {
    const { rows } = await askReport(
      worlds.engine,
      siteId,
      breakdown,
      { period: one.days, dimension: 'source' },
      askedIn(one),
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
  worlds.compareAll(async (one, siteId) => {
    const { rows } = await askReport(
      worlds.engine,
      siteId,
      overview,
      { period: one.days, interval: 'hour' },
      askedIn(one),
    );
    const sum = sumUp(one.world, periodOf(one), () => true);
    const isUsual = sum.visitors <= sum.sessions;
    return {
      engine: !isUsual || rows.every((row) => row.visitors <= row.sessions || row.sessions > 0),
      oracle: true,
    };
  }));

/** Every person's timeline as the events in it, by their numbers; oldest first, as the oracle has them. */
async function timelinesOf({ world, days }: Case, siteId: string, countsTests: boolean) {
  const asked = { nowMs: world.nowMs, site: { timeZone: world.timeZone, countsTests } };
  const listed = await askReport(worlds.engine, siteId, people, { period: days, limit: 1000 }, asked);
  return Promise.all(
    listed.rows.map(async ({ person_id: person, events }) => {
      const { rows } = await askReport(worlds.engine, siteId, timeline, { period: days, person }, asked);
      return { events, numbers: rows.map((row) => numberOf(row.event_id)).sort(byNumber) };
    }),
  );
}

const numberOf = (eventId: string) => Number.parseInt(eventId.slice(-12), 16);
const byNumber = (a: number, b: number) => a - b;

test('timelines part the events among persons as the oracle does', () =>
  worlds.compareAll(async (one, siteId) => {
    const events = countedEvents(one.world);
    const persons = personsOf(events);
    const inside = events.filter((event) => isInside(periodOf(one), event.timeMs));
    const told = await timelinesOf(one, siteId, false);
    return {
      engine: told.map(({ numbers }) => numbers.join()).sort(),
      oracle: [...groupBy(inside, (event) => persons.get(event) ?? '').values()]
        .map((own) => own.map(({ number }) => number).sort(byNumber))
        .map((numbers) => numbers.join())
        .sort(),
    };
  }));

test('whoever is found by their id is the one of the list, to the last number', () =>
  worlds.compareAll(async (one, siteId) => {
    const asked = askedIn(one);
    const question = { period: one.days, limit: 1000 };
    const listed = await askReport(worlds.engine, siteId, people, question, asked);
    const found = listed.rows.map(async ({ person_id: search }) => {
      const { rows } = await askReport(worlds.engine, siteId, people, { ...question, search }, asked);
      return rows;
    });
    return {
      engine: await Promise.all(found),
      oracle: listed.rows.map((row) => [{ ...row, total_rows: 1 }]),
    };
  }));

test('a timeline is as long as the list of people says, tests counted', () =>
  worlds.compareAll(async (one, siteId) => {
    const told = await timelinesOf(one, siteId, true);
    return {
      engine: told.map(({ numbers }) => numbers.length),
      oracle: told.map(({ events }) => events),
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
  worlds.compareAll(async (one, siteId) => {
    if ('filters' in asked && hasStrays(one)) return { engine: 'undecided', oracle: 'undecided' };
    const { totals } = await askReport(
      worlds.engine,
      siteId,
      conversion,
      { period: one.days, goal: { event: 'B' }, ...asked },
      askedIn(one),
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
