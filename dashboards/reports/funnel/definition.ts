/**
 * A funnel as the machine takes it: steps and exclusions are bits of an event, times are milliseconds. Which events
 * bear which bits was decided before (conditions.ts, in SQL).
 */
export type Definition = {
  steps: readonly MachineStep[];
  order: 'ordered' | 'strict' | 'any';
  windowMs: number;
  /** Only the first event that fits step 0 (`any`: some step) may open the funnel. */
  isFirstTime: boolean;
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

const ORDERS = ['ordered', 'strict', 'any'] as const;

/** As machine/definition.ts reads it; short, for the engine repeats it for each person. */
export function toWords({ order, windowMs, isFirstTime, steps, exclusions }: Definition): number[] {
  const optional = steps.reduce((bits, step, index) => bits + (step.isOptional ? 2 ** index : 0), 0);
  const head = [ORDERS.indexOf(order), windowMs, isFirstTime ? 1 : 0, steps.length, optional];
  if (exclusions.length === 0 && steps.every(({ withinMs }) => withinMs === Number.POSITIVE_INFINITY))
    return head;
  return [
    ...head,
    ...steps.map(({ withinMs }) => (withinMs === Number.POSITIVE_INFINITY ? -1 : withinMs)),
    ...exclusions.flatMap(({ after, before }) => [after, before]),
  ];
}

/** The step before it that may not be left out; -1 for the first. */
export function previousRequired(steps: Definition['steps'], step: number): number {
  let previous = step - 1;
  while (previous >= 0 && steps[previous]?.isOptional) previous -= 1;
  return previous;
}
