/** What one may ask of a funnel. Each rule that needs two fields says which of them is wrong. */
import { z } from 'zod';
import { pageShape } from '../conditions.ts';
import { dimensionShape } from '../dimensions.ts';
import { filtersShape } from '../filters/filters.ts';
import { leafShape } from '../filters/leaf.ts';
import { INTERVALS } from '../period/calendar.ts';
import { comparisonShape, periodShape } from '../period/period.ts';

const DAY_MS = 86_400_000;
export const DEFAULT_WINDOW_MS = 14 * DAY_MS;
const LONGEST_WINDOW_MS = 366 * DAY_MS;

export const MOST_STEPS = 20;
/** Steps and exclusions share the bits in which the engine packs an event (pack.ts). */
export const MOST_CONDITIONS = 22;

const event = z
  .string()
  .min(1)
  .max(100)
  .describe('A custom event’s name, or a kind: `page_view`, `form_submit`, `click`, …');

const eventFilters = z.array(leafShape).max(20).optional();

const oneOf = z
  .strictObject({ event: event.optional(), page: pageShape.optional(), filters: eventFilters })
  .refine(
    (one) => (one.event === undefined) !== (one.page === undefined),
    'Expected either "event" or "page"',
  );

const conditionFields = {
  event: event.optional(),
  page: pageShape.optional(),
  anyOf: z.array(oneOf).min(1).max(20).optional().describe('Any one of these fills the step.'),
  filters: eventFilters.describe('What the event itself must bear, properties included.'),
};

const EITHER = 'Expected exactly one of "event", "page" and "anyOf"';
const hasOneKind = (one: { event?: unknown; page?: unknown; anyOf?: unknown }) =>
  [one.event, one.page, one.anyOf].filter((kind) => kind !== undefined).length === 1;

export const stepShape = z
  .strictObject({
    ...conditionFields,
    label: z.string().max(100).optional().describe('How the step is named in the answer.'),
    optional: z.boolean().optional().describe('May be left out. The first and the last step may not.'),
    withinMs: z
      .number()
      .int()
      .min(0)
      .max(LONGEST_WINDOW_MS)
      .optional()
      .describe('At most this long after the previous filled step, inclusive.'),
  })
  .refine(hasOneKind, EITHER);

const place = z.number().int().min(1).max(MOST_STEPS);

export const exclusionShape = z
  .strictObject({
    ...conditionFields,
    after: place.optional().describe('Taints strictly after this step (from 1). Default: the first.'),
    before: place
      .optional()
      .describe('And strictly before this one; to the window’s end if it is not reached. Default: the last.'),
  })
  .refine(hasOneKind, EITHER);

export const peopleShape = z.strictObject({
  step: place,
  outcome: z
    .enum(['reached', 'dropped', 'still_converting'])
    .describe(
      '`reached`: all who make up the bar. `dropped`: those whose furthest step it is, with their window closed.',
    ),
  /** One row of the breakdown only. */
  breakdownValue: z.string().max(1000).optional(),
  offset: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(1000).optional(),
});

export const funnelShape = z
  .strictObject({
    period: periodShape,
    filters: filtersShape.optional(),
    steps: z.array(stepShape).min(2).max(MOST_STEPS).describe('What is to be done, one after the other.'),
    order: z
      .enum(['ordered', 'strict', 'any'])
      .default('ordered')
      .describe(
        '`ordered`: others may lie between. `strict`: no other page view, click, form or custom event between. `any`: in any order.',
      ),
    windowMs: z
      .number()
      .int()
      .min(0)
      .max(LONGEST_WINDOW_MS)
      .default(DEFAULT_WINDOW_MS)
      .describe(
        'From step 1 to the last, inclusive. In `any` order from the earliest filled step. 14 days if not given.',
      ),
    exclusions: z
      .array(exclusionShape)
      .max(10)
      .optional()
      .describe('What ends an attempt, strictly between two of its steps.'),
    countBy: z
      .enum(['person', 'session', 'account'])
      .default('person')
      .describe('Whose events make an attempt, and who counts once.'),
    firstTime: z
      .boolean()
      .optional()
      .describe('Only those whose first step 1 ever lies in the period; that one is the entry.'),
    breakdown: z
      .strictObject({
        property: dimensionShape,
        attribution: z
          .enum(['first', 'last', 'all', 'step'])
          .default('first')
          .describe(
            'Whose value counts: the first or last filled step that bears one, every filled step, or one step.',
          ),
        step: place.optional(),
        limit: z.number().int().min(1).max(100).default(10),
      })
      .optional()
      .describe('By which values people are divided, and whose value counts.'),
    trend: z
      .strictObject({ interval: z.enum(INTERVALS) })
      .optional()
      .describe('The same by the interval of the entry; unfinished ones are marked.'),
    comparison: comparisonShape.optional(),
    people: peopleShape.optional().describe('Whom to list, each with the events that filled the steps.'),
    next: z
      .strictObject({
        step: place,
        by: z.enum(['page', 'event']).default('page'),
        limit: z.number().int().min(1).max(100).default(10),
      })
      .optional()
      .describe('Where those went who left after this step.'),
    separators: z
      .strictObject({ limit: z.number().int().min(1).max(100).default(20) })
      .optional()
      .describe(
        'What separates those who converted from the rest: properties and events, by their odds ratios.',
      ),
  })
  .superRefine(checkTogether);

export type FunnelParameters = z.output<typeof funnelShape>;
export type FunnelStepParameter = z.output<typeof stepShape>;
export type FunnelExclusionParameter = z.output<typeof exclusionShape>;

type Asked = {
  steps: { optional?: boolean | undefined }[];
  order: string;
  exclusions?: { after?: number | undefined; before?: number | undefined }[] | undefined;
  breakdown?: { attribution: string; step?: number | undefined } | undefined;
  people?: { step: number; breakdownValue?: string | undefined } | undefined;
  next?: { step: number } | undefined;
};

function checkTogether(asked: Asked, context: z.RefinementCtx): void {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const last = asked.steps.length;
  if (asked.steps[0]?.optional)
    refuse(['steps', 0, 'optional'], 'The first step opens the funnel: it cannot be optional');
  if (asked.steps[last - 1]?.optional)
    refuse(['steps', last - 1, 'optional'], 'The last step is the goal: it cannot be optional');
  for (const [index, { optional }] of asked.steps.entries())
    if (optional && asked.order === 'any')
      refuse(
        ['steps', index, 'optional'],
        'In any order each step may be left out: none is optional besides',
      );
  const exclusions = asked.exclusions ?? [];
  if (last + exclusions.length > MOST_CONDITIONS)
    refuse(
      ['exclusions'],
      `Expected at most ${MOST_CONDITIONS} steps and exclusions together, found ${last + exclusions.length}`,
    );
  for (const [index, { after = 1, before = last }] of exclusions.entries()) {
    if (before > last) refuse(['exclusions', index, 'before'], `There is no step ${before}`);
    else if (after >= before)
      refuse(['exclusions', index, 'after'], 'Expected a step before the one in "before"');
  }
  if (asked.breakdown?.attribution === 'step' && (asked.breakdown.step ?? last + 1) > last)
    refuse(['breakdown', 'step'], 'Expected the number of the step whose value counts');
  if ((asked.people?.step ?? 1) > last) refuse(['people', 'step'], `There is no step ${asked.people?.step}`);
  if ((asked.next?.step ?? 1) > last) refuse(['next', 'step'], `There is no step ${asked.next?.step}`);
  if (asked.people?.breakdownValue !== undefined && !asked.breakdown)
    refuse(['people', 'breakdownValue'], 'Expected "breakdown" besides');
}
