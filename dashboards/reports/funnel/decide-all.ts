/** Lets the machine decide everybody who entered a funnel in a period: SQL prunes and groups, the machine decides. */
import type { Storage } from '../../../collector/storage/storage.ts';
import { renderSql, type Sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import { type Money, readSubjects, type Subject } from './decode.ts';
import type { Definition } from './definition.ts';
import { at } from './events.ts';
import { createMachine, type Verdict } from './machine.ts';
import type { FunnelParameters } from './parameters.ts';
import { funnelRows, moneyRows } from './read-events.ts';
import type { RowShape } from './row-shape.ts';
import { baseMs, isPlain } from './source.ts';
import { readingOf } from './stored-days.ts';
import type { Attempt } from './tally.ts';

export type FunnelWorld = {
  reader: Pick<Storage, 'query' | 'stream'>;
  signal?: AbortSignal | undefined;
  /** Who decides; unless said otherwise the engine where it can, for figures. */
  host?: 'node' | undefined;
};

/** A subject that is in the funnel. Valid until the next. */
export type Decided = { subject: Subject; verdict: Verdict; attempt: Attempt };

export type FunnelRequest = {
  scope: EventScope;
  parameters: FunnelParameters;
  shape: Omit<RowShape, 'hasKey'>;
};

/** Resolves to how many an exclusion took out of the funnel. */
export async function decideAll(
  { scope, parameters, shape }: FunnelRequest,
  world: FunnelWorld,
  onDecided: (decided: Decided) => void,
): Promise<{ excluded: number }> {
  const definition = toDefinition(parameters);
  const decide = createMachine(definition);
  const toAttempt = createAttemptReader(definition, scope);
  const money = await readMoney({ scope, parameters, shape }, world);
  const row = { ...shape, hasMoney: shape.hasMoney && !money, hasKey: money !== undefined && money.size > 0 };
  const stream = await streamRows(funnelRows(scope, parameters, row), world);
  let excluded = 0;
  await readSubjects(stream, row, (subject) => {
    if (row.hasKey) subject.money = money?.get(subject.key) ?? NO_MONEY;
    const verdict = decide(subject.events);
    if (verdict.furthest < 0) return;
    if (verdict.isExcluded) excluded += 1;
    else onDecided({ subject, verdict, attempt: toAttempt(subject, verdict) });
  });
  return { excluded };
}

const NO_MONEY: Money[] = [];

/**
 * Money by the key of its person, where a second look at the events is cheap: few events have any, and what tells the first of an order
 * from its repeats is dear to read along for all. Undefined where it comes with the rows, or is not asked for.
 */
async function readMoney(
  { scope, parameters, shape }: FunnelRequest,
  world: FunnelWorld,
): Promise<Map<bigint, Money[]> | undefined> {
  if (!shape.hasMoney || !isPlain(scope, parameters, shape.values?.facts ?? [])) return undefined;
  if (!shape.values && readingOf(scope, parameters)) return undefined;
  const found = new Map<bigint, Money[]>();
  const row = { hasKey: true, hasSubject: false, values: undefined, hasMoney: true };
  await readSubjects(await streamRows(moneyRows(scope, parameters), world), row, ({ key, money }) => {
    found.set(key, money);
  });
  return found;
}

function streamRows(query: Sql, { reader, signal }: FunnelWorld): Promise<NodeJS.ReadableStream> {
  const { text, parameters } = renderSql(query);
  return reader.stream(text, { format: 'RowBinary', parameters, ...(signal && { signal }) });
}

export function toDefinition({
  steps,
  order,
  windowMs,
  firstTime,
  exclusions = [],
}: FunnelParameters): Definition {
  return {
    steps: steps.map(({ optional, withinMs }) => ({
      isOptional: optional ?? false,
      withinMs: withinMs ?? Number.POSITIVE_INFINITY,
    })),
    order,
    windowMs,
    isFirstTime: firstTime ?? false,
    exclusions: exclusions.map(({ after = 1, before = steps.length }) => ({
      after: after - 1,
      before: before - 1,
    })),
  };
}

/** Times in ms since the epoch; in `any` order by the place at which a step was filled. */
function createAttemptReader(definition: Definition, scope: EventScope) {
  const base = baseMs(scope);
  const last = definition.steps.length - 1;
  const times = new Float64Array(definition.steps.length);
  const attempt: Attempt = { furthest: -1, times, isOpen: false, revenue: NOTHING };

  return ({ events, money }: Subject, { filled, furthest }: Verdict): Attempt => {
    const places = definition.order === 'any' ? placesOf(definition, events, filled) : filled;
    for (let place = 0; place < times.length; place++) {
      const event = places[place] ?? -1;
      times[place] = event < 0 ? -1 : at(events.times, event) + base;
    }
    attempt.furthest = furthest;
    attempt.isOpen = furthest < last && scope.nowMs < (times[0] ?? 0) + definition.windowMs;
    attempt.revenue = money.length === 0 ? NOTHING : revenueOf(money, events, Array.from(places));
    return attempt;
  };
}

const NOTHING: Attempt['revenue'] = [];

function revenueOf(money: readonly Money[], events: Subject['events'], places: number[]): Attempt['revenue'] {
  return money.flatMap(({ time, bits, currency, amount }) => {
    const step = places.findIndex(
      (event) => event >= 0 && at(events.times, event) === time && at(events.bits, event) === bits,
    );
    if (step < 0) return [];
    // Events that agree in time and bits are one to the machine: each has its own money, so none is counted twice.
    places[step] = -1;
    return [{ step, currency, amount }];
  });
}

/** The event at each place: by step, or in `any` order by time. */
export function placesOf({ order }: Definition, events: Subject['events'], filled: Int32Array): number[] {
  if (order !== 'any') return Array.from(filled);
  const done = Array.from(filled).filter((event) => event >= 0);
  return done.sort((one, other) => at(events.times, one) - at(events.times, other) || one - other);
}
