import type { Storage } from '../../collector/storage/storage.ts';
import { readIdentity } from '../../dashboards/reports/events/scope.ts';
import type { FunnelAnswer } from '../../dashboards/reports/funnel/answer.ts';
import { funnelShape } from '../../dashboards/reports/funnel/parameters.ts';
import { answerFunnel } from '../../dashboards/reports/funnel/report.ts';
import { readSettledDays } from '../../dashboards/reports/settled/settled-days.ts';
import type { Condition, PropertyTest } from './oracle/conditions.ts';
import type { FunnelRequest } from './oracle/funnel-report.ts';
import type { World } from './oracle/world.ts';

/** The oracle's question as the body that the report takes. The days are not the question's: tests hand over moments. */
export function toAsked(request: FunnelRequest): Record<string, unknown> {
  const { session = {}, contains = [] } = request.filter ?? {};
  return {
    period: { from: '2026-01-01', to: '2026-01-01' },
    steps: request.steps.map(({ anyOf, isOptional, withinMs }) => ({
      ...toCondition(anyOf),
      ...(isOptional ? { optional: true } : {}),
      ...(withinMs === undefined ? {} : { withinMs }),
    })),
    order: request.order,
    windowMs: request.windowMs,
    exclusions: request.exclusions.map(({ anyOf, after, before }) => ({
      ...toCondition(anyOf),
      after: after + 1,
      before: before + 1,
    })),
    countBy: request.countBy,
    firstTime: request.isFirstTime,
    filters: [
      ...Object.entries(session).map(([field, value]) => ({ field, operator: 'is', values: [value] })),
      ...contains.map((condition) => ({
        field: 'page',
        operator: 'matches',
        values: [pathPattern(condition)],
      })),
    ],
  };
}

function toCondition(anyOf: readonly Condition[]): Record<string, unknown> {
  const [only, ...others] = anyOf.map(toOne);
  return others.length === 0 ? (only ?? {}) : { anyOf: [only, ...others] };
}

function toOne(condition: Condition): Record<string, unknown> {
  const what = 'event' in condition ? { event: condition.event } : { page: condition.page };
  return { ...what, ...(condition.where ? { filters: condition.where.map(toFilter) } : {}) };
}

function toFilter(test: PropertyTest): Record<string, unknown> {
  const field = `property:${test.property}`;
  switch (test.operator) {
    case 'set':
      return { field, operator: 'is_set' };
    case 'not_set':
      return { field, operator: 'is_not_set' };
    case 'between':
      return { field, operator: 'between', values: [String(test.low), String(test.high)] };
    default:
      return { field, operator: test.operator, values: [String(test.value)] };
  }
}

/** Random worlds filter by a prefix only. */
function pathPattern(condition: Condition): string {
  if ('page' in condition && condition.page.match === 'prefix') return `^${condition.page.path}`;
  throw new Error('Expected a filter by the beginning of a path');
}

/** Asks the report what the oracle is asked, of a site in the real engine. `extras` are asked besides; `host` decides. */
export async function askFunnel(
  reader: Storage,
  siteId: string,
  { world, request }: { world: World; request: FunnelRequest },
  extras: object,
  host?: 'node',
): Promise<FunnelAnswer> {
  const { fromMs, toMs } = request.period;
  const { nowMs, timeZone } = world;
  const [identity, settledDays] = await Promise.all([
    readIdentity(reader, siteId, nowMs),
    readSettledDays(reader, siteId, timeZone),
  ]);
  const context = {
    scope: { siteId, fromMs, toMs, nowMs, countsTests: false, identity, settledDays },
    period: { from: '', to: '', fromMs, toMs },
    timeZone,
    firstDay: '',
  };
  return answerFunnel(funnelShape.parse({ ...toAsked(request), ...extras }), context, {
    reader,
    host,
  });
}
