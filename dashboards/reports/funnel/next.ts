/** Where those went who left after a step: the first page view or event after their last filled step, within the window. */
import { sql } from '../../sql.ts';
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

export function nextValues(by: 'page' | 'event'): EventValues {
  const facts = [] as const;
  if (by === 'page')
    return { value: sql`if(kind = 'page_view', path, '')`, isWanted: sql`kind = 'page_view'`, facts };
  return { value: sql`if(${IS_DEED} AND is_listed, toString(name), '')`, isWanted: IS_DEED, facts };
}

export function createNextList(
  definition: Definition,
  { next }: FunnelParameters,
  scope: EventScope,
): NextList {
  const counts = new Map<string, number>();
  const step = (next?.step ?? 1) - 1;
  const base = baseMs(scope);
  let left = 0;

  return {
    add({ subject, attempt }) {
      if (attempt.furthest !== step || attempt.isOpen || step === definition.steps.length - 1) return;
      left += 1;
      const label = firstAfter(
        subject,
        Math.max(...attempt.times) - base,
        (attempt.times[0] ?? 0) - base + definition.windowMs,
      );
      counts.set(label, (counts.get(label) ?? 0) + 1);
    },
    rows: () =>
      [...counts]
        .sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1))
        .slice(0, next?.limit ?? 10)
        .map(([label, people]) => ({ label, people, share: people / left })),
  };
}

/** Of several in one millisecond the alphabet's first; '' if nothing followed. */
function firstAfter({ events, values }: Decided['subject'], after: number, until: number): string {
  let found = '';
  let foundAt = until;
  for (let event = 0; event < events.count; event++) {
    const [time, value] = [at(events.times, event), values[event] ?? ''];
    if (time > foundAt) break;
    if (time <= after || value === '' || (found !== '' && value >= found)) continue;
    found = value;
    foundAt = time;
  }
  return found;
}
