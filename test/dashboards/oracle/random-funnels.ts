import fc from 'fast-check';
import { createCalendar } from './calendar.ts';
import type { Condition } from './conditions.ts';
import type { Exclusion, FunnelStep } from './funnel.ts';
import type { FunnelRequest } from './funnel-report.ts';
import {
  arbitraryPlace,
  arbitraryWorld,
  EVENT_NAMES,
  GRID_MS,
  PATHS,
  PLANS,
  type Place,
  rarely,
  SOURCES,
  type WorldOptions,
} from './random-worlds.ts';
import { byTime, type World } from './world.ts';

/** A world and a funnel to ask of it. */
export type FunnelCase = { world: World; request: FunnelRequest };

export type FunnelOptions = WorldOptions & {
  order: FunnelRequest['order'];
  countBy: FunnelRequest['countBy'];
  maxSteps: number;
};

/** Cases for the oracle and the engine alike; what an option does not fix is left to chance. */
export function arbitraryFunnelCase(options: Partial<FunnelOptions> = {}): fc.Arbitrary<FunnelCase> {
  return arbitraryPlace()
    .chain((place) =>
      fc.record({ world: arbitraryWorld(place, options), request: arbitraryRequest(place, options) }),
    )
    .map((one) => ({ ...one, [fc.toStringMethod]: () => toText(one) }));
}

/** A counter-example that can be read: the question, then the events in order of time. */
function toText({ world, request }: FunnelCase): string {
  const told = [...world.events].sort(byTime).map((event) => {
    const facts = Object.entries(event).filter(
      ([key, value]) => !['number', 'timeMs', 'receivedMs', 'kind', 'name'].includes(key) && isTold(value),
    );
    return `${event.timeMs} ${event.name} ${JSON.stringify(Object.fromEntries(facts))}`;
  });
  return [JSON.stringify(request, null, 1), `now ${world.nowMs} ${world.timeZone}`, ...told].join('\n');
}

function isTold(value: unknown): boolean {
  return Boolean(value) && JSON.stringify(value) !== '{}';
}

export function arbitraryRequest(
  place: Place,
  options: Partial<FunnelOptions> = {},
): fc.Arbitrary<FunnelRequest> {
  const order =
    options.order === undefined
      ? fc.constantFrom('ordered', 'ordered', 'strict', 'any')
      : fc.constant(options.order);
  return order.chain((order) =>
    arbitrarySteps(order, options.maxSteps ?? 5).chain((steps) =>
      fc.record({
        steps: fc.constant(steps),
        order: fc.constant(order),
        windowMs: fc.constantFrom(1, 2, 3, 6, 6, 20, 20, 144, 2_016).map((slots) => slots * GRID_MS),
        exclusions: fc.oneof(
          { weight: 1, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(arbitraryExclusion(steps), { minLength: 1, maxLength: 2 }) },
        ),
        isFirstTime: rarely(12),
        period: arbitraryPeriod(place),
        countBy:
          options.countBy === undefined
            ? fc.constantFrom('person', 'person', 'session', 'account')
            : fc.constant(options.countBy),
        filter: arbitraryFilter(),
      }),
    ),
  );
}

/** The first and last step are required; in `any` order all are. */
function arbitrarySteps(order: FunnelRequest['order'], maxSteps: number): fc.Arbitrary<FunnelStep[]> {
  const step = fc.record({
    anyOf: fc.oneof(
      { weight: 5, arbitrary: fc.tuple(arbitraryCondition()) },
      { weight: 1, arbitrary: fc.tuple(arbitraryCondition(), arbitraryCondition()) },
    ),
    isOptional: rarely(4),
    withinMs: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, GRID_MS, 2 * GRID_MS, 2 * GRID_MS, 5 * GRID_MS) },
    ),
  });
  return fc
    .constantFrom(2, 2, 3, 3, 3, 4, 5)
    .map((count) => Math.min(count, maxSteps))
    .chain((count) => fc.array(step, { minLength: count, maxLength: count }))
    .map((steps) =>
      steps.map((step, index) => ({
        ...step,
        isOptional: step.isOptional && order !== 'any' && index > 0 && index < steps.length - 1,
        withinMs: index === 0 && order !== 'any' ? undefined : step.withinMs,
      })),
    );
}

function arbitraryExclusion(steps: readonly FunnelStep[]): fc.Arbitrary<Exclusion> {
  return fc
    .record({
      anyOf: fc.tuple(
        fc.oneof({ weight: 3, arbitrary: fc.constant<Condition>({ event: 'X' }) }, arbitraryCondition()),
      ),
      after: fc.integer({ min: 0, max: steps.length - 2 }),
      span: fc.integer({ min: 1, max: steps.length - 1 }),
    })
    .map(({ anyOf, after, span }) => ({ anyOf, after, before: Math.min(after + span, steps.length - 1) }));
}

function arbitraryCondition(): fc.Arbitrary<Condition> {
  const event = fc
    .constantFrom('A', 'A', 'B', 'B', ...EVENT_NAMES)
    .map((name): Condition => ({ event: name }));
  const page = fc.constantFrom<Condition>(
    { page: { match: 'exact', path: '/thanks' } },
    { page: { match: 'prefix', path: '/a' } },
    { page: { match: 'wildcard', path: '/*' } },
    { page: { match: 'wildcard', path: '/a/*' } },
    { page: { match: 'regex', path: '^/(thanks|a)$' } },
    { page: { match: 'exact', path: PATHS[0] } },
  );
  const withProperty = fc
    .tuple(
      event,
      fc.oneof(
        fc.constantFrom(...PLANS).map((value) => ({ property: 'plan', operator: 'is' as const, value })),
        fc.constant({ property: 'plan', operator: 'is_not' as const, value: 'pro' }),
        fc.constant({ property: 'plan', operator: 'set' as const }),
        fc.constant({ property: 'price', operator: 'greater' as const, value: 1 }),
        fc.constant({ property: 'price', operator: 'between' as const, low: 1, high: 2 }),
      ),
    )
    .map(([condition, test]): Condition => ({ ...condition, where: [test] }));
  return fc.oneof(
    { weight: 9, arbitrary: event },
    { weight: 2, arbitrary: page },
    { weight: 1, arbitrary: withProperty },
  );
}

function arbitraryFilter(): fc.Arbitrary<NonNullable<FunnelRequest['filter']>> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom(...SOURCES).map((source) => ({ session: { source } })) },
    { weight: 1, arbitrary: fc.constant({ contains: [{ page: { match: 'prefix' as const, path: '/a' } }] }) },
  );
}

/** Whole local days, one to four of them, around the days on which most events lie. */
function arbitraryPeriod(place: Place): fc.Arbitrary<FunnelRequest['period']> {
  const calendar = createCalendar(place.timeZone);
  return fc
    .record({ skip: fc.constantFrom(0, 1, 1, 1, 2), days: fc.constantFrom(1, 2, 2, 3, 4) })
    .map(({ skip, days }) => {
      const dayAfter = (fromMs: number, count: number): number =>
        count === 0 ? fromMs : dayAfter(calendar.nextOf('day', fromMs), count - 1);
      const fromMs = dayAfter(calendar.startOf('day', place.startMs), skip);
      return { fromMs, toMs: dayAfter(fromMs, days) };
    });
}
