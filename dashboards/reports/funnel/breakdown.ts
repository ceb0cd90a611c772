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
  const limit = parameters.breakdown?.limit ?? 10;

  return {
    add(decided) {
      for (const value of valuesOf(decided, definition, parameters)) {
        const tally = tallies.get(value) ?? createTally(definition);
        tally.add(decided.attempt);
        tallies.set(value, tally);
      }
    },
    rows() {
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
    },
  };
}

/** One value, or with `all` each that a filled step bears. '' where none does. */
export function valuesOf(
  { subject, verdict }: Decided,
  definition: Definition,
  { breakdown }: FunnelParameters,
): string[] {
  const places = placesOf(definition, subject.events, verdict.filled);
  const borne = (event: number | undefined) =>
    event === undefined || event < 0 ? '' : (subject.values[event] ?? '');
  const values = places.map(borne).filter((value) => value !== '');
  const strip = (value: string | undefined) => (value ?? '').slice(1);
  switch (breakdown?.attribution) {
    case 'last':
      return [strip(values.at(-1))];
    case 'all':
      return values.length === 0 ? [''] : [...new Set(values.map(strip))];
    case 'step':
      return [strip(borne(verdict.filled[(breakdown.step ?? 1) - 1]))];
    default:
      return [strip(values[0])];
  }
}
