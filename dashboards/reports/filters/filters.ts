/** Conditions on what a report counts, each with the scope of its field, joined by "and" and "or". */
import { z } from 'zod';
import { type Condition, conditionShape } from '../conditions.ts';
import { type FilterLeaf, leafShape } from './leaf.ts';

/** What a person did, or did not do, in the days before the period's end: it chooses persons. */
export type BehaviourFilter = {
  did: Condition;
  isNot?: boolean | undefined;
  atLeast?: number | undefined;
  withinDays?: number | undefined;
};
export type SegmentFilter = { segment: string };
export type Filter = FilterLeaf | BehaviourFilter | SegmentFilter | { and: Filter[] } | { or: Filter[] };

const DEEPEST = 5;

const segmentShape = z.strictObject({ segment: z.uuid().describe('The id of a saved segment') });

const behaviourShape = z.strictObject({
  did: conditionShape.describe('What they did, in any of their sessions'),
  isNot: z.boolean().optional().describe('Those who did not.'),
  atLeast: z.number().int().min(1).max(10_000).optional().describe('So many times or more. Default: once.'),
  withinDays: z
    .number()
    .int()
    .min(1)
    .max(366)
    .optional()
    .describe('In so many days before the end of the period (or now). Default: in the period.'),
});

function filterShape(depth: number): z.ZodType<Filter> {
  const single = [leafShape, behaviourShape, segmentShape] as const;
  if (depth === 0) return z.union(single);
  return z.lazy(() => {
    const inner = z
      .array(filterShape(depth - 1))
      .min(1)
      .max(50);
    return z.union([...single, z.strictObject({ and: inner }), z.strictObject({ or: inner })]);
  });
}

export const filtersShape = z
  .array(filterShape(DEEPEST))
  .max(50)
  .describe('All of them must hold. A group is `{ "and": […] }` or `{ "or": […] }`.');

/** Puts the filters of saved segments in the place of their ids. A segment may name others; `filtersOf` may throw. */
export function expandSegments(
  filters: readonly Filter[],
  filtersOf: (segmentId: string) => readonly Filter[],
  depth = DEEPEST,
): Filter[] {
  return filters.map((filter) => {
    if ('and' in filter) return { and: expandSegments(filter.and, filtersOf, depth) };
    if ('or' in filter) return { or: expandSegments(filter.or, filtersOf, depth) };
    if (!('segment' in filter)) return filter;
    // Segments that name each other in a circle end here, and choose nobody.
    if (depth === 0) return { or: [] };
    return { and: expandSegments(filtersOf(filter.segment), filtersOf, depth - 1) };
  });
}
