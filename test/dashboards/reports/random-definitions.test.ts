/** Retention, paths and attribution against the oracle, on random small worlds. */
import { afterAll, beforeAll, test } from 'vitest';
import { attribution } from '../../../dashboards/reports/attribution/report.ts';
import { paths } from '../../../dashboards/reports/paths/report.ts';
import { retention } from '../../../dashboards/reports/retention/report.ts';
import { attributionOf } from '../oracle/attribution.ts';
import { pathsOf } from '../oracle/paths.ts';
import { retentionOf } from '../oracle/retention.ts';
import { askReport } from './ask.ts';
import { askedIn, periodOf, rounded, startWorlds, type Worlds } from './worlds.ts';

let worlds: Worlds;
beforeAll(async () => {
  worlds = await startWorlds(10);
}, 120_000);
afterAll(() => worlds?.stop());

const HOUR_MS = 3_600_000;

test.each([
  [{ cohortBy: 'first', interval: 'day', mode: { kind: 'exact', intervals: 4 } }],
  [{ cohortBy: 'any', interval: 'hour', mode: { kind: 'rolling', intervals: 3 } }],
  [{ cohortBy: 'any', interval: 'week', mode: { kind: 'bracket', brackets: [{ from: 0, to: 1 }] } }],
  [{ cohortBy: 'first', interval: 'month', mode: { kind: 'exact', intervals: 2 } }],
] as const)('retention %j is the oracle’s', (asked) =>
  worlds.compareAll(async (one, siteId) => {
    const question = { ...asked, start: { event: 'A' }, comeBack: { event: 'B' } };
    const { rows } = await askReport(
      worlds.engine,
      siteId,
      retention,
      { period: one.days, ...question },
      askedIn(one),
    );
    const oracle = retentionOf(one.world, {
      ...asked,
      mode: asked.mode.kind === 'bracket' ? asked.mode : { ...asked.mode },
      start: [{ event: 'A' }],
      comeBack: [{ event: 'B' }],
      period: periodOf(one),
    });
    return {
      engine: rows
        .filter((row) => row.cohort_start !== '')
        .map((row) => [row.cohort_start_ms, row.people, row.from, row.returned, row.is_complete]),
      oracle: oracle
        .filter((cohort) => cohort.people > 0)
        .flatMap(({ startMs, people, cells }) =>
          cells.map((cell, place) => [
            startMs,
            people,
            asked.mode.kind === 'bracket' ? 0 : place,
            cell.people,
            cell.isComplete,
          ]),
        ),
    };
  }),
);

const a = { page: { match: 'exact' as const, path: '/a' } };
const thanks = { event: 'B' };

test.each([
  [{ of: 'pages' as const }],
  [{ of: 'both' as const, from: a }],
  [{ of: 'both' as const, to: thanks }],
  [{ of: 'both' as const, from: a, to: thanks }],
])('paths %j are the oracle’s', (asked) =>
  worlds.compareAll(async (one, siteId) => {
    const { rows } = await askReport(
      worlds.engine,
      siteId,
      paths,
      { period: one.days, depth: 3, ...asked },
      askedIn(one),
    );
    const { from, to, ...rest } = { from: undefined, to: undefined, ...asked };
    const oracle = pathsOf(one.world, {
      ...rest,
      ...(from && { from: [from] }),
      ...(to && { to: [to] }),
      depth: 3,
      period: periodOf(one),
    });
    return {
      engine: rows
        .map(({ position, place, next, sessions }) => [
          next === null ? `${position} ${place}` : `${position} ${place} → ${next}`,
          sessions,
        ])
        .sort(),
      oracle: [...oracle.edges, ...oracle.ends].sort(),
    };
  }),
);

test.each([
  ['first', 'first'],
  ['last', 'last'],
  ['last_non_direct', 'last_non_direct'],
  ['linear', 'linear'],
  ['position', 'position'],
  ['time_decay', { decayHalfLifeMs: 24 * HOUR_MS }],
] as const)('attribution by %s is the oracle’s', (model, oracleModel) =>
  worlds.compareAll(async (one, siteId) => {
    const { rows } = await askReport(
      worlds.engine,
      siteId,
      attribution,
      { period: one.days, goal: { event: 'B' }, model, lookBackDays: 2, halfLifeDays: 1 },
      askedIn(one),
    );
    const oracle = attributionOf(one.world, {
      goal: [{ event: 'B' }],
      model: oracleModel,
      lookBackMs: 48 * HOUR_MS,
      period: periodOf(one),
    });
    return {
      engine: rows
        .map(({ value, conversions, revenue }) => [
          value,
          rounded(conversions),
          Object.fromEntries(
            revenue.map(({ currency, amount }) => [
              currency,
              exactOr(amount, (oracle.get(value)?.revenue[currency] ?? 0) / 100),
            ]),
          ),
        ])
        .sort(),
      oracle: [...oracle]
        .map(([source, { conversions, revenue }]) => [
          source,
          rounded(conversions),
          Object.fromEntries(Object.entries(revenue).map(([currency, cents]) => [currency, cents / 100])),
        ])
        .sort(),
    };
  }),
);

/** Money is told in whole ten-thousandths: half of 19.99 is 9.995, but a third has no last digit. */
function exactOr(told: number, exact: number): number {
  return Math.abs(told - exact) <= 0.0001 ? exact : told;
}
