/**
 * Steps in any order where some must follow the one filled before within a time. Which step is filled by which event
 * then decides what may follow, so all ways from a start are walked; a place (steps filled, moment, steps filled in
 * that moment) is visited once.
 */
import { type AnyOrder, endOf, entryOf } from './any-order.ts';
import type { Definition } from './definition.ts';
import { canFill, createMatching } from './matching.ts';
import { at, type Events, type Moments } from './moments.ts';

export function createAnyOrderWithin(definition: Definition): AnyOrder {
  const { steps } = definition;
  const count = steps.length;
  const stepBits = (1 << count) - 1;
  const matching = createMatching();
  const momentOf = new Int32Array(count);
  /** The moment in which the first, second, … step is to be filled; -1 where that is open. */
  const turns = new Int32Array(count).fill(-1);
  const seen = new Set<string>();
  let events: Events;
  let moments: Moments;
  let end = 0;
  /** How many steps to fill; the way is kept once as many are. */
  let goal = 0;
  let most = 0;

  return (ofPerson, theirMoments, filled) => {
    events = ofPerson;
    moments = theirMoments;
    let best = 0;
    for (let start = moments.count - 1; start >= 0 && best < count; start--) {
      if (entryOf(events, moments, start, stepBits) < 0) continue;
      const size = walkFrom(start, count);
      if (size <= best) continue;
      best = size;
      fixEarliest(start, size);
      assign(filled);
    }
    return best;
  };

  /** Which steps fill the first moments decides what may fill the next, so each turn's earliest moment is tried out. */
  function fixEarliest(start: number, size: number): void {
    turns.fill(-1);
    turns[0] = start;
    for (let turn = 1; turn < size; turn++) {
      turns[turn] = at(turns, turn - 1);
      while (walkFrom(start, size) < size) turns[turn] = at(turns, turn) + 1;
    }
    walkFrom(start, size);
    turns.fill(-1);
  }

  /** The most steps filled from a start, up to `target`; `momentOf` holds the way if `target` was reached. */
  function walkFrom(start: number, target: number): number {
    seen.clear();
    momentOf.fill(-1);
    end = endOf(definition, moments, start);
    goal = target;
    most = 0;
    takeAny(0, start, 0, 0);
    return most;
  }

  /** Fills one more step in the moment; true once the goal is reached. */
  function takeAny(filledBits: number, moment: number, here: number, size: number): boolean {
    if (at(turns, size) >= 0 && at(turns, size) !== moment) return false;
    const gap = (step: number) =>
      here !== 0 || size === 0 || at(moments.times, moment) - lastTime() <= (steps[step]?.withinMs ?? 0);
    for (let step = 0; step < count; step++) {
      const bit = 1 << step;
      if (
        filledBits & bit ||
        !(at(moments.bits, moment) & bit) ||
        !gap(step) ||
        !canFillHere(moment, here | bit)
      )
        continue;
      momentOf[step] = moment;
      if (walk(filledBits | bit, moment, here | bit, size + 1)) return true;
      momentOf[step] = -1;
    }
    return false;
  }

  function walk(filledBits: number, moment: number, here: number, size: number): boolean {
    if (size > most) most = size;
    if (size === goal) return true;
    const key = `${filledBits} ${moment} ${here}`;
    if (seen.has(key)) return false;
    seen.add(key);
    if (takeAny(filledBits, moment, here, size)) return true;
    for (let later = moment + 1; later < end; later++) if (takeAny(filledBits, later, 0, size)) return true;
    return false;
  }

  function lastTime(): number {
    return at(
      moments.times,
      momentOf.reduce((latest, moment) => Math.max(latest, moment), -1),
    );
  }

  function canFillHere(moment: number, bits: number): boolean {
    return canFill(
      matching,
      events,
      at(moments.firstEvents, moment),
      at(moments.firstEvents, moment + 1),
      bits,
    );
  }

  function assign(filled: Int32Array): void {
    filled.fill(-1);
    for (const moment of new Set(momentOf)) {
      if (moment < 0) continue;
      matching.begin(events, at(moments.firstEvents, moment), at(moments.firstEvents, moment + 1));
      for (let step = 0; step < count; step++) if (momentOf[step] === moment) matching.add(step);
      for (let step = 0; step < count; step++)
        if (momentOf[step] === moment) filled[step] = matching.eventOf(step);
    }
  }
}
