/**
 * Where those went who left after a step, within the window: the first page view or event after their last filled step
 * that does not fit that step itself, and what followed it; else from which page they left the site.
 */
import { type Sql, sql } from '../../sql.ts';
import { IS_DEED } from '../events/deeds.ts';
import type { EventScope } from '../events/scope.ts';
import type { NextRow } from './answer.ts';
import type { Decided } from './decide-all.ts';
import type { Definition } from './definition.ts';
import { at } from './events.ts';
import type { FunnelParameters } from './parameters.ts';
import type { EventValues } from './row-shape.ts';
import { baseMs } from './source.ts';

export type NextList = { add(decided: Decided): void; rows(): NextRow[] };

/** What one person did: went to `label`, then `onward`; or, with '' as label, left the site from the page `from`. */
type Way = { label: string; from: string; onward: string };

/** How many of the places that followed are told. */
const FOLLOWING = 3;

/** The page on which it happened and, on a second line, what it is called where it counts as a place to go to. */
export function nextValues(by: 'page' | 'event'): EventValues {
  const label =
    by === 'page'
      ? sql`if(kind = 'page_view', path, '')`
      : sql`if(${IS_DEED} AND is_listed, toString(name), '')`;
  // Whoever left did so from the page of whatever they did last, also where only pages are places to go to.
  return {
    value: sql`concat(${oneLine(sql`path`)}, '\\n', ${oneLine(label)})`,
    isWanted: IS_DEED,
    facts: [],
  };
}

export function oneLine(text: Sql): Sql {
  return sql`replaceAll(${text}, '\\n', ' ')`;
}

export function createNextList(
  definition: Definition,
  { next }: FunnelParameters,
  scope: EventScope,
): NextList {
  const counts = new Map<string, { way: Way; people: number; onward: Map<string, number> }>();
  const step = (next?.step ?? 1) - 1;
  const base = baseMs(scope);
  let left = 0;

  return {
    add(decided) {
      const { attempt } = decided;
      if (attempt.furthest !== step || attempt.isOpen || step === definition.steps.length - 1) return;
      left += 1;
      const way = wayAfter(decided, {
        after: Math.max(...attempt.times) - base,
        until: (attempt.times[0] ?? 0) - base + definition.windowMs,
      });
      const key = `${way.label}\n${way.from}`;
      const count = counts.get(key) ?? { way, people: 0, onward: new Map<string, number>() };
      count.people += 1;
      count.onward.set(way.onward, (count.onward.get(way.onward) ?? 0) + 1);
      counts.set(key, count);
    },
    rows: () =>
      [...counts]
        .sort(([one, first], [other, second]) => second.people - first.people || (one < other ? -1 : 1))
        .slice(0, next?.limit ?? 10)
        .map(([, { way, people, onward }]) => ({
          label: way.label,
          from: way.from,
          people,
          share: people / left,
          left: onward.get('') ?? 0,
          onward: mostFrequent(onward),
        })),
  };
}

function mostFrequent(onward: ReadonlyMap<string, number>): NextRow['onward'] {
  return [...onward]
    .filter(([label]) => label !== '')
    .sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1))
    .slice(0, FOLLOWING)
    .map(([label, people]) => ({ label, people }));
}

/** Of several in one millisecond the alphabet's first comes first; the same place again is no other. */
function wayAfter({ subject, verdict }: Decided, { after, until }: { after: number; until: number }): Way {
  const { events, values } = subject;
  const reached = bitsFilledAt(after, verdict.filled, events);
  const way: Way = { label: '', from: '', onward: '' };
  for (const { time, bits, path, label } of placesUntil(until, events, values)) {
    if (way.label === '' && (time <= after || label === '' || bits & reached)) way.from = path || way.from;
    else if (way.label === '') way.label = label;
    else if (label !== '' && label !== way.label) {
      way.onward = label;
      break;
    }
  }
  return way.label === '' ? way : { ...way, from: '' };
}

/** The bits of the steps that were filled last. */
function bitsFilledAt(time: number, filled: Int32Array, events: Decided['subject']['events']): number {
  return filled.reduce(
    (bits, event, step) => (event >= 0 && at(events.times, event) === time ? bits | (1 << step) : bits),
    0,
  );
}

function placesUntil(until: number, { count, times, bits }: Decided['subject']['events'], values: string[]) {
  const places: { time: number; bits: number; path: string; label: string }[] = [];
  for (let event = 0; event < count && at(times, event) <= until; event++) {
    const [path = '', label = ''] = (values[event] ?? '').split('\n');
    places.push({ time: at(times, event), bits: at(bits, event), path, label });
  }
  return places.sort((one, other) => one.time - other.time || (one.label < other.label ? -1 : 1));
}
