/**
 * A funnel as the machine takes it: steps and exclusions are bits of an event, times are milliseconds. Which events
 * bear which bits was decided before (conditions.ts, in SQL).
 */
export type Definition = {
  steps: readonly MachineStep[];
  order: 'ordered' | 'strict' | 'any';
  windowMs: number;
  /** Between which steps (from 0) the bit of an exclusion taints. In `any` order the steps do not matter. */
  exclusions: readonly { after: number; before: number }[];
};

export type MachineStep = { isOptional: boolean; withinMs: number };

/** A page view, click, form or custom event: in `strict` order none may lie between two steps. */
export const OTHER_BIT = 22;
/** May open the funnel: lies in the period, in a session that passes the filters, and is the first if asked so. */
export const ENTRY_BIT = 23;

/** The bits of step 0 … n-1, then of the exclusions; at most 22 together. */
export function exclusionBit(definition: Definition, index: number): number {
  return definition.steps.length + index;
}

/** Steps `from` (inclusive) to `to` (exclusive) as bits. */
export function bitsBetween(from: number, to: number): number {
  return ((1 << to) - 1) & ~((1 << from) - 1);
}
