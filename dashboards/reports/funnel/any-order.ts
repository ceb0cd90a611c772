/**
 * Steps in any order. An attempt begins at its earliest filled step; its events end with the window or with the moment
 * of the first exclusion after its start, whichever comes first. How far it comes is the number of steps it fills, so
 * its times are those of the first, second, … filled step.
 *
 * Without a `within` the sets of events that can fill steps together form a matroid: taking event after event in the
 * order of time, each that can be filled besides those taken, fills the most steps at the earliest times.
 */
import { type Definition, ENTRY_BIT, exclusionBit } from './definition.ts';
import { at, type Events, type Moments } from './moments.ts';

/** How many steps were filled. Writes the event of each step, -1 where it is not filled. */
export type AnyOrder = (events: Events, moments: Moments, filled: Int32Array) => number;

export function createAnyOrder(definition: Definition): AnyOrder {
  const stepBits = (1 << definition.steps.length) - 1;
  const eventOf = new Int32Array(definition.steps.length);

  return (events, moments, filled) => {
    let best = 0;
    for (let start = moments.count - 1; start >= 0 && best < definition.steps.length; start--) {
      const entry = entryOf(events, moments, start, stepBits);
      if (entry < 0) continue;
      const size = fillFrom(
        events,
        entry,
        at(moments.firstEvents, start),
        at(moments.firstEvents, endOf(definition, moments, start)),
      );
      if (size <= best) continue;
      best = size;
      filled.set(eventOf);
    }
    return best;
  };

  function fillFrom(events: Events, entry: number, first: number, end: number): number {
    eventOf.fill(-1);
    let size = augment(events, entry, 0) ? 1 : 0;
    for (let event = first; event < end && size < eventOf.length; event++)
      if (event !== entry && at(events.bits, event) & stepBits && augment(events, event, 0)) size += 1;
    return size;
  }

  /** Gives the event a step, moving others where that makes room. `tried` are the steps looked at on the way. */
  function augment(events: Events, event: number, tried: number): boolean {
    return place(events, event, { tried });
  }

  function place(events: Events, event: number, way: { tried: number }): boolean {
    for (
      let rest = at(events.bits, event) & stepBits & ~way.tried;
      rest !== 0;
      rest = at(events.bits, event) & stepBits & ~way.tried
    ) {
      const step = 31 - Math.clz32(rest & -rest);
      way.tried |= 1 << step;
      const other = at(eventOf, step);
      if (other >= 0 && !place(events, other, way)) continue;
      eventOf[step] = event;
      return true;
    }
    return false;
  }
}

/** An event of the moment that fits a step and may open the funnel; -1 if none. */
export function entryOf(events: Events, moments: Moments, moment: number, stepBits: number): number {
  for (let event = at(moments.firstEvents, moment); event < at(moments.firstEvents, moment + 1); event++)
    if (at(events.bits, event) & (1 << ENTRY_BIT) && at(events.bits, event) & stepBits) return event;
  return -1;
}

/** The moment after the last whose events count. Those of the exclusion's own millisecond still do. */
export function endOf(definition: Definition, moments: Moments, start: number): number {
  const lastTime = at(moments.times, start) + definition.windowMs;
  const exclusionBits = definition.exclusions.reduce(
    (bits, _, index) => bits | (1 << exclusionBit(definition, index)),
    0,
  );
  let end = start + 1;
  while (end < moments.count && at(moments.times, end) <= lastTime) {
    end += 1;
    if (at(moments.bits, end - 1) & exclusionBits) break;
  }
  return end;
}
