/** In which rows of a breakdown a person stands, by the declared attribution. */
import type { BreakdownRows } from './answer.ts';
import type { Decided } from './decide-all.ts';
import { placesOf } from './decide-all.ts';
import type { Definition } from './definition.ts';
import type { FunnelParameters } from './parameters.ts';
import { toRows } from './rows.ts';
import { createTally, type Tally } from './tally.ts';

export type Breakdown = { add(decided: Decided): void; rows(): BreakdownRows[] };

export function createBreakdown(definition: Definition, parameters: FunnelParameters): Breakdown {
  const tallies = new Map<string, Tally>();

  return {
    add(decided) {
      for (const value of valuesOf(decided, definition, parameters)) {
        const tally = tallies.get(value) ?? createTally(definition);
        tally.add(decided.attempt);
        tallies.set(value, tally);
      }
    },
    rows: () => toBreakdownRows([...tallies], definition, parameters),
  };
}

/** The most frequent values, of equals the alphabet's first; all others together. */
export function toBreakdownRows(
  tallies: readonly [value: string, tally: Tally][],
  definition: Definition,
  parameters: FunnelParameters,
): BreakdownRows[] {
  const limit = limitOf(parameters);
  const sorted = [...tallies].sort(
    ([one, first], [other, second]) => second.entered() - first.entered() || (one < other ? -1 : 1),
  );
  const rows = sorted.slice(0, limit).map(([value, tally]) => ({
    value,
    is_rest: false,
    rows: toRows(tally.figures(), definition, parameters),
  }));
  if (sorted.length <= limit) return rows;
  const rest = createTally(definition);
  for (const [, tally] of sorted.slice(limit)) rest.merge(tally);
  return [...rows, { value: '', is_rest: true, rows: toRows(rest.figures(), definition, parameters) }];
}

export function limitOf({ breakdown }: FunnelParameters): number {
  return breakdown?.limit ?? 10;
}

/** One value, or with `all` each that a filled step bears. '' where none does. */
export function valuesOf(
  { subject, verdict }: Decided,
  definition: Definition,
  { breakdown }: FunnelParameters,
): string[] {
  const borne = (event: number | undefined) =>
    event === undefined || event < 0 ? '' : (subject.values[event] ?? '');
  const events = isByStep({ breakdown })
    ? Array.from(verdict.filled)
    : placesOf(definition, subject.events, verdict.filled);
  return attributed(events.length, (place) => borne(events[place]), { breakdown }).map((value) =>
    value.slice(1),
  );
}

/** Of what the filled steps bear, '' where one bears nothing: by step (`isByStep`), else in the order of their times. */
export function attributed(
  steps: number,
  borneAt: (place: number) => string,
  { breakdown }: Pick<FunnelParameters, 'breakdown'>,
): string[] {
  const places = Array.from({ length: steps }, (_, place) => place);
  switch (breakdown?.attribution) {
    case 'last':
      return [firstBorne(places.reverse(), borneAt)];
    case 'all': {
      const values = new Set(places.map(borneAt).filter((value) => value !== ''));
      return values.size === 0 ? [''] : [...values];
    }
    case 'step':
      return [borneAt((breakdown.step ?? 1) - 1)];
    default:
      return [firstBorne(places, borneAt)];
  }
}

/** Looks no further than it must. */
function firstBorne(places: readonly number[], borneAt: (place: number) => string): string {
  for (const place of places) {
    const value = borneAt(place);
    if (value !== '') return value;
  }
  return '';
}

export function isByStep({ breakdown }: Pick<FunnelParameters, 'breakdown'>): boolean {
  return breakdown?.attribution === 'step';
}
