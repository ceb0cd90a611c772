/**
 * Decides for one person how far they came and by which events: DESIGN §4, "Funnel". Exact for every definition; where
 * one pass over the events is enough, no more is made.
 */
import { decideAnyOrder } from './any-order';
import { decideAnyOrderWithin } from './any-order-within';
import { furthestFrom, trace } from './attempts';
import { canCarry, furthest as carried, carryAll, carryClean, excludedStart, latestStart } from './carry';
import { ANY, exclusionCount, hasWithin, order, stepCount } from './definition';
import { allBits, beginEvents } from './events';
import { follow } from './follow';
import { fillI32 } from './lists';
import { beginMoments, bitsOfMoment, momentAt, momentCount, timeOfMoment } from './moments';
import { beginExclusions } from './next-exclusion';
import { decidePlain, isPlain, furthest as plainly } from './plain';
import { beginWindows, furthestOf, stepsMetFrom } from './windows';

/** The furthest step, from 0; -1 for who never entered. In any order the number of filled steps less one. */
export let furthest: i32 = -1;
/** The furthest step was reached only by attempts that an exclusion tainted: the person leaves the funnel. */
export let isExcluded: bool = false;
/** The event that filled each step in the chosen attempt; -1 where none did. */
export const filled: usize = memory.data(80);

/** Decides the person whose sorted events lie at `events`, each 64 bits. */
export function decide(events: usize, count: i32): void {
  isExcluded = false;
  if (isPlain() && decidePlain(events, count, filled)) {
    furthest = plainly;
    return;
  }
  beginEvents(events, count);
  furthest = -1;
  fillI32(filled, stepCount, -1);
  if (order === ANY) {
    beginMoments();
    furthest = (hasWithin ? decideAnyOrderWithin(filled) : decideAnyOrder(filled)) - 1;
  } else if ((allBits & 1) === 0) return;
  else if (canCarry()) decideByCarrying();
  else decideBySearching();
}

function decideByCarrying(): void {
  carryAll();
  furthest = carried;
  if (furthest < 0) return;
  let start = latestStart;
  if (exclusionCount > 0) {
    carryClean(furthest);
    start = latestStart < excludedStart ? latestCleanStart(latestStart, excludedStart) : latestStart;
    isExcluded = start < 0;
    if (isExcluded) return;
  }
  if (follow(start, furthest, filled)) return;
  beginMoments();
  beginExclusions();
  trace(momentAt(start), furthest, true, filled);
}

/** Of the starts after `known`, up to `last`, the latest with a clean attempt that comes as far; `known` if none has. */
function latestCleanStart(known: i64, last: i64): i64 {
  beginMoments();
  beginExclusions();
  for (let start = momentAt(last); start >= 0 && timeOfMoment(start) > known; start--)
    if ((bitsOfMoment(start) & 1) !== 0 && furthestFrom(start, true, furthest) === furthest)
      return timeOfMoment(start);
  return known;
}

/** Looks at the starts from the latest back, at all attempts and at the clean ones. */
function decideBySearching(): void {
  beginMoments();
  beginExclusions();
  const bound = furthestOf(allBits);
  let cleanFurthest = -1;
  let cleanStart = -1;
  beginWindows();
  for (let start = momentCount - 1; start >= 0 && cleanFurthest < bound; start--) {
    const most = furthestOf(stepsMetFrom(start));
    if (most <= cleanFurthest || (bitsOfMoment(start) & 1) === 0) continue;
    const reached = furthestFrom(start, false, most);
    furthest = max(furthest, reached);
    if (reached <= cleanFurthest) continue;
    const cleanly = exclusionCount > 0 ? furthestFrom(start, true, reached) : reached;
    if (cleanly <= cleanFurthest) continue;
    cleanFurthest = cleanly;
    cleanStart = start;
  }
  isExcluded = cleanFurthest < furthest;
  if (!isExcluded) trace(cleanStart, furthest, true, filled);
}
