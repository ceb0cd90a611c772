/**
 * The furthest step and its latest start in one pass, for ordered funnels without exclusions and without an optional
 * step under a `within`. Per step it keeps the latest start that reached it and when: a later fill of a step never has
 * an earlier start, so whatever an older one could still reach, the latest reaches too.
 */
import type { Definition } from './definition.ts';
import { createMatching } from './matching.ts';
import { at, type Events } from './moments.ts';

/** `furthest` is -1 for a person who never entered; `start` is the latest entry that reached it. */
export type Reached = { furthest: number; start: number };

export function isOrderedPlain({ order, exclusions, steps }: Definition): boolean {
  const hasOptional = steps.some((step) => step.isOptional);
  const hasWithin = steps.some((step) => step.withinMs !== Number.POSITIVE_INFINITY);
  return order === 'ordered' && exclusions.length === 0 && !(hasOptional && hasWithin);
}

export function createOrdered({ steps, windowMs }: Definition): (events: Events) => Reached {
  const count = steps.length;
  const stepBits = (1 << count) - 1;
  const within = Float64Array.from(steps, (step) => step.withinMs);
  const required = Int32Array.from(steps, (_, step) => previousRequired(steps, step));
  const starts = new Float64Array(count);
  const fills = new Float64Array(count);
  const startsBefore = new Float64Array(count);
  const fillsBefore = new Float64Array(count);
  const matching = createMatching();
  const reached: Reached = { furthest: -1, start: -1 };

  return (events) => {
    starts.fill(-1);
    const { times, bits } = events;
    for (let event = 0; event < events.count; event++) {
      const time = at(times, event);
      if (event + 1 < events.count && times[event + 1] === time) {
        const end = endOfMoment(events, event);
        fillMoment(events, event, end, time);
        event = end - 1;
        continue;
      }
      // From the last step down, so that one event does not fill two.
      for (let rest = at(bits, event) & stepBits; rest !== 0; ) {
        const step = 31 - Math.clz32(rest);
        rest ^= 1 << step;
        fill(step, time);
      }
    }
    reached.furthest = count - 1;
    while (reached.furthest >= 0 && at(starts, reached.furthest) < 0) reached.furthest -= 1;
    reached.start = reached.furthest < 0 ? -1 : at(starts, reached.furthest);
    return reached;
  };

  function fill(step: number, time: number): void {
    if (step === 0) {
      starts[0] = time;
      fills[0] = time;
      return;
    }
    const from = at(required, step);
    const start = at(starts, from);
    if (start < 0 || time - start > windowMs || time - at(fills, from) > at(within, step)) return;
    starts[step] = start;
    fills[step] = time;
  }

  /** Several events at once: from every step reached before, and from a start here, as far as they carry. */
  function fillMoment(events: Events, first: number, end: number, time: number): void {
    startsBefore.set(starts);
    fillsBefore.set(fills);
    for (let from = -1; from < count - 1; from++) {
      if (from >= 0 && steps[from]?.isOptional) continue;
      const start = from < 0 ? time : at(startsBefore, from);
      if (start < 0 || time - start > windowMs) continue;
      const next = from + 1;
      if (from >= 0 && time - at(fillsBefore, from) > at(within, next)) continue;
      matching.begin(events, first, end);
      carry(next, start, time);
    }
  }

  function carry(next: number, start: number, time: number): void {
    for (let step = next; step < count; step++) {
      const isOptional = steps[step]?.isOptional ?? false;
      if (isOptional ? !canAdd(next, step) : !matching.add(step)) {
        if (isOptional) continue;
        return;
      }
      fills[step] = time;
      if (start > at(starts, step)) starts[step] = start;
    }
  }

  /** An optional step is tried as the last of the chain, and not kept: what follows may need its event. */
  function canAdd(next: number, optional: number): boolean {
    const taken: number[] = [];
    for (let step = next; step < optional; step++) if (!steps[step]?.isOptional) taken.push(step);
    const isFilled = matching.add(optional);
    matching.restart();
    for (const step of taken) matching.add(step);
    return isFilled;
  }
}

export function endOfMoment({ times, count }: Events, first: number): number {
  let end = first + 1;
  while (end < count && times[end] === times[first]) end += 1;
  return end;
}

/** -1 for the first step. */
export function previousRequired(steps: Definition['steps'], step: number): number {
  let previous = step - 1;
  while (previous >= 0 && steps[previous]?.isOptional) previous -= 1;
  return previous;
}
