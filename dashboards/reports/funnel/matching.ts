/**
 * Which event of one moment fills which step: each event at most one, each step by one. Grown step by step along
 * augmenting paths (Kuhn), so that a step taken later may move an earlier one to another event, never drop it.
 */
import { at, type Events } from './moments.ts';

export type Matching = {
  /** Forgets all and looks at the events `from` to `to` (exclusive). */
  begin(events: Events, from: number, to: number): void;
  /** Forgets which step is filled by which event. */
  restart(): void;
  /** False if the step cannot be filled besides those taken already; then nothing changes. */
  add(step: number): boolean;
  /** The event that fills a step; only for steps that were added. */
  eventOf(step: number): number;
};

export function createMatching(): Matching {
  const stepOfEvent = new Map<number, number>();
  const visited = new Set<number>();
  let all: Events;
  let first = 0;
  let end = 0;

  function augment(step: number): boolean {
    for (let event = first; event < end; event++) {
      if ((at(all.bits, event) & (1 << step)) === 0 || visited.has(event)) continue;
      visited.add(event);
      const taken = stepOfEvent.get(event);
      if (taken === undefined || augment(taken)) {
        stepOfEvent.set(event, step);
        return true;
      }
    }
    return false;
  }

  return {
    begin(events, from, to) {
      all = events;
      first = from;
      end = to;
      stepOfEvent.clear();
    },
    restart: () => stepOfEvent.clear(),
    add(step) {
      visited.clear();
      return augment(step);
    },
    eventOf(step) {
      for (const [event, taken] of stepOfEvent) if (taken === step) return event;
      return -1;
    },
  };
}

/** Whether the steps in `stepBits` can all be filled by the events `from` to `to` (exclusive). */
export function canFill(
  matching: Matching,
  events: Events,
  from: number,
  to: number,
  stepBits: number,
): boolean {
  if (to - from === 1)
    return (stepBits & (stepBits - 1)) === 0 && (at(events.bits, from) & stepBits) === stepBits;
  matching.begin(events, from, to);
  for (let rest = stepBits; rest !== 0; rest &= rest - 1) {
    if (!matching.add(31 - Math.clz32(rest & -rest))) return false;
  }
  return true;
}
