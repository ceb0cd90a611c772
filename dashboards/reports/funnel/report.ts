/** The funnel report: how many did one step after the other, where they drop out, how long it takes, and who they are. */
import type { EventScope } from '../events/scope.ts';
import { type Period, resolveComparison } from '../period/period.ts';
import type { FunnelAnswer } from './answer.ts';
import { createBreakdown } from './breakdown.ts';
import { decideAll, type FunnelWorld, toDefinition } from './decide-all.ts';
import { breakdownValues } from './facts.ts';
import type { FunnelParameters } from './parameters.ts';
import { toHistogram, toRows, toSummary } from './rows.ts';
import { createTally } from './tally.ts';
import { createTrend } from './trend.ts';

/** `scope` is that of the period; its `toMs` ends the entries, not the conversions. */
export type FunnelContext = { scope: EventScope; period: Period; timeZone: string; firstDay: string };

export async function answerFunnel(
  parameters: FunnelParameters,
  context: FunnelContext,
  world: FunnelWorld,
): Promise<FunnelAnswer> {
  const { scope, period, timeZone } = context;
  const definition = toDefinition(parameters);
  const tally = createTally(definition);
  const breakdown = parameters.breakdown && createBreakdown(definition, parameters);
  const trend =
    parameters.trend &&
    createTrend(parameters.trend.interval, period, timeZone, scope.nowMs, definition.steps.length - 1);
  const values = parameters.breakdown && breakdownValues(parameters.breakdown.property);
  const shape = { hasSubject: false, values, hasMoney: true };

  const { excluded } = await decideAll({ scope, parameters, shape }, world, (decided) => {
    tally.add(decided.attempt);
    breakdown?.add(decided);
    trend?.add(decided.attempt);
  });
  return {
    summary: toSummary(tally, definition, excluded),
    rows: toRows(tally, definition, parameters),
    histogram: toHistogram(tally.step(definition.steps.length - 1).totals),
    ...(breakdown && { breakdown: breakdown.rows() }),
    ...(trend && { trend: trend.rows() }),
    ...(await compare(parameters, context, world)),
  };
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
  const { comparison: _, breakdown: __, trend: ___, ...plain } = parameters;
  const { summary, rows } = await answerFunnel(
    plain,
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
