/** The funnel that is asked for (definition.ts of the report), as numbers: what its steps and exclusions mean. */
import { i64At, MOST_EXCLUSIONS, MOST_STEPS, setI32, setI64 } from './lists';

/** A page view, click, form or custom event: in strict order none may lie between two steps. */
export const OTHER: u32 = 1 << 22;
/** May open the funnel. */
export const ENTRY: u32 = 1 << 23;

export const ORDERED: i32 = 0;
export const STRICT: i32 = 1;
export const ANY: i32 = 2;

/** Later than any time, and adding a window to it does not overflow. */
export const NEVER: i64 = 0x1000000000000000;

export let order: i32 = 0;
export let windowMs: i64 = 0;
export let isFirstTime: bool = false;
export let stepCount: i32 = 0;
export let stepBits: u32 = 0;
export let optionalBits: u32 = 0;
export let exclusionCount: i32 = 0;
export let exclusionBits: u32 = 0;
export let hasWithin: bool = false;

/** Per step: at most this long after the previous filled one. */
export const withins: usize = memory.data(160);
/** Per exclusion: between which steps it taints. */
export const afters: usize = memory.data(80);
export const befores: usize = memory.data(80);
/** Per step the one before it that may not be left out; -1 for the first. */
export const required: usize = memory.data(80);

/** `words`: order, window, first time or not, number of steps, bits of the optional ones; a within per step (-1: none); exclusions as pairs. What is left out at the end is none. */
export function readDefinition(words: usize, count: i32): void {
  order = i64At(words, 0) as i32;
  windowMs = i64At(words, 1);
  isFirstTime = i64At(words, 2) !== 0;
  stepCount = min(i64At(words, 3) as i32, MOST_STEPS);
  optionalBits = i64At(words, 4) as u32;
  stepBits = (1 << stepCount) - 1;
  hasWithin = false;
  for (let step = 0; step < stepCount; step++) {
    const within: i64 = 5 + step < count ? i64At(words, 5 + step) : -1;
    if (within >= 0) hasWithin = true;
    setI64(withins, step, within < 0 ? NEVER : within);
    setI32(required, step, previousRequired(step));
  }
  readExclusions(words, 5 + stepCount, count);
}

function readExclusions(words: usize, from: i32, count: i32): void {
  exclusionCount = max(0, min((count - from) / 2, MOST_EXCLUSIONS));
  exclusionBits = ((1 << exclusionCount) - 1) << stepCount;
  for (let index = 0; index < exclusionCount; index++) {
    setI32(afters, index, i64At(words, from + index * 2) as i32);
    setI32(befores, index, i64At(words, from + index * 2 + 1) as i32);
  }
}

function previousRequired(step: i32): i32 {
  let previous = step - 1;
  while (previous >= 0 && isOptional(previous)) previous -= 1;
  return previous;
}

export function isOptional(step: i32): bool {
  return (optionalBits & (1 << step)) !== 0;
}

export function exclusionBit(index: i32): u32 {
  return 1 << (stepCount + index);
}
