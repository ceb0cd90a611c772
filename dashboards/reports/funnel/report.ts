/** The funnel report: how many did one step after the other, where they drop out, how long it takes, and who they are. */
import type { Sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import { type Period, resolveComparison } from '../period/period.ts';
import type { FunnelAnswer } from './answer.ts';
import { createBreakdown } from './breakdown.ts';
import { decideAll, type FunnelWorld, toDefinition } from './decide-all.ts';
import { breakDownInEngine, valuesForEngine } from './engine-breakdown.ts';
import { type FigureQuestion, readEngineFigures } from './engine-figures.ts';
import { cannotHost } from './engine-host.ts';
import { breakdownValues } from './facts.ts';
import { createNextList, nextValues } from './next.ts';
import type { FunnelParameters } from './parameters.ts';
import { createPeopleList } from './people.ts';
import { funnelRows } from './read-events.ts';
import type { EventValues, RowShape } from './row-shape.ts';
import { toHistogram, toRows, toSummary } from './rows.ts';
import { createSeparatorList, separatorValues } from './separators.ts';
import { createTally } from './tally.ts';
import { createTrend, type Trend } from './trend.ts';

/** `scope` is that of the period; its `toMs` ends the entries, not the conversions. */
export type FunnelContext = { scope: EventScope; period: Period; timeZone: string; firstDay: string };

export async function answerFunnel(
  parameters: FunnelParameters,
  context: FunnelContext,
  world: FunnelWorld,
): Promise<FunnelAnswer> {
  const main =
    (await answerInEngine(parameters, context, world)) ?? (await answerHere(parameters, context, world));
  return {
    ...main,
    ...(await followOn(parameters, context, world)),
    ...(await compare(parameters, context, world)),
  };
}

type MainAnswer = Pick<FunnelAnswer, 'summary' | 'rows' | 'histogram' | 'breakdown' | 'trend' | 'people'>;

/** Undefined where the engine cannot: it does not host the machine, or somebody asks for more than figures. */
async function answerInEngine(
  parameters: FunnelParameters,
  { scope, period, timeZone }: FunnelContext,
  world: FunnelWorld,
): Promise<MainAnswer | undefined> {
  if (world.host === 'node' || parameters.people) return undefined;
  const definition = toDefinition(parameters);
  const trend = trendOf(parameters, scope, period, timeZone);
  try {
    if (parameters.breakdown) return await brokenDown({ scope, parameters, definition }, trend, world);
    const found = await readEngineFigures(
      { scope, parameters, definition, starts: trend?.starts ?? [] },
      world,
    );
    trend?.starts.forEach((start, place) => {
      const counted = found.intervals.get(start);
      if (counted) trend.put(place, counted);
    });
    return {
      summary: toSummary(found.figures, found.excluded),
      rows: toRows(found.figures, definition, parameters),
      histogram: toHistogram(found.figures.conversionTimes),
      ...(trend && { trend: trend.rows() }),
    };
  } catch (error) {
    if (cannotHost(error)) return undefined;
    throw error;
  }
}

/** Undefined where values cannot be told event by event, or are too many. */
async function brokenDown(
  { scope, parameters, definition }: Omit<FigureQuestion, 'starts'>,
  trend: Trend | undefined,
  world: FunnelWorld,
): Promise<MainAnswer | undefined> {
  const values = valuesForEngine(parameters);
  if (!values) return undefined;
  const tally = createTally(definition);
  const found = await breakDownInEngine({ scope, parameters, definition }, values, world, (attempt) => {
    tally.add(attempt);
    trend?.add(attempt);
  });
  if (!found) return undefined;
  const figures = tally.figures();
  return {
    summary: toSummary(figures, found.excluded),
    rows: toRows(figures, definition, parameters),
    histogram: toHistogram(figures.conversionTimes),
    breakdown: found.rows,
    ...(trend && { trend: trend.rows() }),
  };
}

async function answerHere(
  parameters: FunnelParameters,
  { scope, period, timeZone }: FunnelContext,
  world: FunnelWorld,
): Promise<MainAnswer> {
  const definition = toDefinition(parameters);
  const tally = createTally(definition);
  const breakdown = parameters.breakdown && createBreakdown(definition, parameters);
  const trend = trendOf(parameters, scope, period, timeZone);
  const values = parameters.breakdown && breakdownValues(parameters.breakdown.property);
  const people = parameters.people && createPeopleList(definition, parameters);

  const shape = { hasSubject: people !== undefined, values, hasMoney: true };
  const { excluded } = await decideAll({ scope, parameters, shape }, world, (decided) => {
    tally.add(decided.attempt);
    breakdown?.add(decided);
    trend?.add(decided.attempt);
    people?.add(decided);
  });
  const figures = tally.figures();
  return {
    summary: toSummary(figures, excluded),
    rows: toRows(figures, definition, parameters),
    histogram: toHistogram(figures.conversionTimes),
    ...(breakdown && { breakdown: breakdown.rows() }),
    ...(trend && { trend: trend.rows() }),
    ...(people && { people: await people.page(scope, world) }),
  };
}

function trendOf(
  { trend, steps }: FunnelParameters,
  { nowMs }: EventScope,
  period: Period,
  timeZone: string,
): Trend | undefined {
  return trend && createTrend(trend.interval, period, timeZone, nowMs, steps.length - 1);
}

/** The query for a reader to run: each person's id, their events as the machine gets them, their revenue. */
export function funnelSql(scope: EventScope, parameters: FunnelParameters): Sql {
  return funnelRows(scope, parameters, {
    hasKey: false,
    hasSubject: true,
    values: undefined,
    hasMoney: true,
  });
}

/** What needs all that people did, not only their steps, is asked apart. */
async function followOn(
  parameters: FunnelParameters,
  { scope }: FunnelContext,
  world: FunnelWorld,
): Promise<Pick<FunnelAnswer, 'next' | 'separators'>> {
  const definition = toDefinition(parameters);
  const answer: Pick<FunnelAnswer, 'next' | 'separators'> = {};
  if (parameters.next) {
    const next = createNextList(definition, parameters, scope);
    await decideAll({ scope, parameters, shape: shapeOf(nextValues(parameters.next.by)) }, world, next.add);
    answer.next = next.rows();
  }
  if (parameters.separators) {
    const separators = createSeparatorList(definition, parameters, scope);
    await decideAll({ scope, parameters, shape: shapeOf(separatorValues) }, world, separators.add);
    answer.separators = separators.rows();
  }
  return answer;
}

function shapeOf(values: EventValues): Omit<RowShape, 'hasKey'> {
  return { hasSubject: false, values, hasMoney: false };
}

async function compare(
  parameters: FunnelParameters,
  { scope, period, timeZone, firstDay }: FunnelContext,
  world: FunnelWorld,
): Promise<Pick<FunnelAnswer, 'comparison'>> {
  if (!parameters.comparison) return {};
  const compared = resolveComparison(parameters.comparison, period, {
    timeZone,
    nowMs: scope.nowMs,
    firstDay,
  });
  const { period: asked, steps, order, windowMs, exclusions, filters, countBy, firstTime } = parameters;
  const { summary, rows } = await answerFunnel(
    { period: asked, steps, order, windowMs, exclusions, filters, countBy, firstTime },
    {
      scope: { ...scope, fromMs: compared.fromMs, toMs: compared.toMs },
      period: compared,
      timeZone,
      firstDay,
    },
    world,
  );
  return { comparison: { from: compared.from, to: compared.to, summary, rows } };
}
