/** Lets the machine decide everybody who entered a funnel in a period: SQL prunes and groups, the machine decides. */
import type { Storage } from '../../../collector/storage/storage.ts';
import { renderSql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import { readSubjects, type Subject } from './decode.ts';
import type { Definition } from './definition.ts';
import { createMachine, type Verdict } from './machine.ts';
import { at } from './moments.ts';
import type { FunnelParameters } from './parameters.ts';
import { baseMs, funnelRows, type RowShape } from './read-events.ts';
import type { Attempt } from './tally.ts';

export type FunnelWorld = { reader: Pick<Storage, 'query' | 'stream'>; signal?: AbortSignal | undefined };

/** A subject that is in the funnel. Valid until the next. */
export type Decided = { subject: Subject; verdict: Verdict; attempt: Attempt };

export type FunnelRequest = { scope: EventScope; parameters: FunnelParameters; shape: RowShape };

/** Resolves to how many an exclusion took out of the funnel. */
export async function decideAll(
  { scope, parameters, shape }: FunnelRequest,
  { reader, signal }: FunnelWorld,
  onDecided: (decided: Decided) => void,
): Promise<{ excluded: number }> {
  const definition = toDefinition(parameters);
  const decide = createMachine(definition);
  const toAttempt = createAttemptReader(definition, scope);
  const { text, parameters: values } = renderSql(funnelRows(scope, parameters, shape));
  const stream = await reader.stream(text, {
    format: 'RowBinary',
    parameters: values,
    ...(signal && { signal }),
  });
  let excluded = 0;
  await readSubjects(stream, shape, (subject) => {
    const verdict = decide(subject.events);
    if (verdict.furthest < 0) return;
    if (verdict.isExcluded) excluded += 1;
    else onDecided({ subject, verdict, attempt: toAttempt(subject, verdict) });
  });
  return { excluded };
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

  return ({ events, money }: Subject, { filled, furthest }: Verdict): Attempt => {
    const places = placesOf(definition, events, filled);
    const times = places.map((event) => (event < 0 ? -1 : at(events.times, event) + base));
    const start = times[0] ?? 0;
    const revenue = money.flatMap(({ time, bits, currency, amount }) => {
      const step = places.findIndex(
        (event) => event >= 0 && at(events.times, event) === time && at(events.bits, event) === bits,
      );
      if (step < 0) return [];
      // Events that agree in time and bits are one to the machine: each has its own money, so none is counted twice.
      places[step] = -1;
      return [{ step, currency, amount }];
    });
    return { furthest, times, isOpen: furthest < last && scope.nowMs < start + definition.windowMs, revenue };
  };
}

/** The event at each place: by step, or in `any` order by time. */
export function placesOf({ order }: Definition, events: Subject['events'], filled: Int32Array): number[] {
  if (order !== 'any') return Array.from(filled);
  const done = Array.from(filled).filter((event) => event >= 0);
  return done.sort((one, other) => at(events.times, one) - at(events.times, other) || one - other);
}
