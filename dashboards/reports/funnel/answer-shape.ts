/** The funnel's answer for the API document: each number with its definition in one sentence. */
import { z } from 'zod';
import type { FunnelRow } from './answer.ts';

const count = z.number().int();
const rate = z.number().nullable();
const time = z.number().nullable();
const money = z
  .array(z.object({ currency: z.string(), amount: z.number() }))
  .describe(
    'What the events that filled the step brought: one event per person, so that a second order of theirs is not in it; a repeated order brings nothing. Currencies are never added up.',
  );

export const funnelRow: z.ZodType<FunnelRow> = z.object({
  step: count.describe('The step’s number, from 1.'),
  label: z.string().describe('The name it was given, else what fills it.'),
  is_optional: z.boolean().describe('Whether it may be left out.'),
  people: count.describe(
    'Persons (sessions, accounts) whose furthest step is this one or a later one; of an optional step, those who filled it; in any order, those who filled at least as many steps.',
  ),
  share_of_first: rate.describe('People ÷ people of step 1.'),
  share_of_previous: rate.describe('People ÷ people of the previous required step.'),
  share_low: rate.describe('Lower end of the 95 % Wilson interval of share_of_first.'),
  share_high: rate.describe('Upper end of the 95 % Wilson interval of share_of_first.'),
  drop_off: count.describe('Persons whose furthest step this is and whose window has closed.'),
  still_converting: count.describe('Persons whose furthest step this is and whose window is still open.'),
  median_ms: time.describe('Median time from the previous filled step to this one.'),
  mean_ms: time.describe('Mean time from the previous filled step to this one.'),
  median_total_ms: time.describe('Median time from step 1 to this one.'),
  revenue: money,
});

const summary = z.object({
  entered: count.describe('Persons whose chosen attempt began in the period.'),
  converted: count.describe('Persons who reached the last step within the window.'),
  still_converting: count.describe('Persons who did not yet, and whose window is open.'),
  excluded: count.describe('Persons left out: an exclusion tainted each attempt that went as far.'),
  conversion_rate: rate.describe('Converted ÷ entered.'),
  rate_low: rate.describe('Lower end of its 95 % Wilson interval.'),
  rate_high: rate.describe('Upper end of its 95 % Wilson interval.'),
  median_ms: time.describe('Median time from step 1 to the last, of those who converted.'),
  mean_ms: time.describe('Mean time from step 1 to the last, of those who converted.'),
});

const matched = z.object({
  step: count.describe('Which step the event filled.'),
  label: z.string().describe('What the step is called.'),
  time: count.describe('When it happened.'),
  name: z.string().describe('The event’s name.'),
  path: z.string().describe('The page on which it happened.'),
});

const person = z.object({
  person_id: z.string().describe('As the report "timeline" takes it.'),
  user_id: z.string().describe('"" for those who are not known.'),
  entered: count.describe('Time of step 1.'),
  furthest_step: count.describe('The furthest step reached.'),
  converted: z.boolean().describe('Whether that is the last one.'),
  still_converting: z.boolean().describe('Whether the window is still open.'),
  events: z.array(matched).describe('The events that filled the steps.'),
});

/** What the answer holds besides `rows`; all but the first two where it was asked for. */
export const funnelParts: Record<string, z.ZodType> = {
  summary,
  histogram: z
    .array(
      z.object({
        from_ms: count.describe('From this time on.'),
        to_ms: count.describe('Up to this time, which only the last bin holds.'),
        people: count.describe('Persons who took so long.'),
      }),
    )
    .describe('How long those who converted took, from step 1 to the last.'),
  comparison: z
    .object({
      from: z.string().describe('The first local day.'),
      to: z.string().describe('The last local day, included.'),
      summary,
      rows: z.array(funnelRow),
    })
    .describe('The same of the days compared with.'),
  breakdown: z
    .array(
      z.object({
        value: z.string().describe('"" is none.'),
        is_rest: z.boolean().describe('All values beyond the limit together.'),
        rows: z.array(funnelRow),
      }),
    )
    .describe('The funnel by the value of a dimension, under the declared attribution.'),
  trend: z
    .array(
      z.object({
        start: count.describe('The interval’s first moment.'),
        local_start: z.string().describe('On the wall of the site.'),
        entered: count.describe('Persons who entered in the interval.'),
        converted: count.describe('Of those, who reached the last step.'),
        still_converting: count.describe('Of those, whose window is still open.'),
        conversion_rate: rate.describe('Converted ÷ entered.'),
        is_unfinished: z
          .boolean()
          .describe('Some who entered here may still convert, or the interval is not over.'),
      }),
    )
    .describe('By the time of entry.'),
  people: z
    .object({
      total: count.describe('As many as the bar that was asked for.'),
      offset: count.describe('How many come before this page.'),
      rows: z.array(person),
    })
    .describe('The persons behind a bar.'),
  next: z
    .array(
      z.object({
        label: z
          .string()
          .describe(
            'The first page or event that does not fit the step itself; "" is none: they left the site.',
          ),
        from: z.string().describe('The page from which they left the site; "" where they went somewhere.'),
        people: count.describe('Persons who went there.'),
        share: z.number().describe('Of all who left after the step.'),
        left: count.describe('Of these, persons who did nothing after that.'),
        onward: z
          .array(
            z.object({
              label: z.string().describe('The page or event that followed.'),
              people: count.describe('Persons who went on to it.'),
            }),
          )
          .describe('Where the others went on to: the most frequent.'),
      }),
    )
    .describe('Where those went who left after a step, within the window.'),
  separators: z
    .array(
      z.object({
        kind: z.enum(['property', 'event']).describe('A fact of the entry, or something done on the way.'),
        name: z.string().describe('Of the fact or event.'),
        value: z.string().describe('Of the fact.'),
        converted: count.describe('Converters who bear it.'),
        converted_total: count.describe('All converters.'),
        others: count.describe('Others who bear it.'),
        others_total: count.describe('All others whose window has closed.'),
        odds_ratio: z
          .number()
          .describe(
            'The odds of converting (converters ÷ others) with it ÷ those without it; half a person is added to each count. Not a ratio of shares.',
          ),
        odds_low: z.number().describe('Lower end of its 95 % interval.'),
        odds_high: z.number().describe('Upper end; where the interval holds 1, chance may explain it.'),
      }),
    )
    .describe(
      'What separates those who converted from those who did not, the surest first. Without what all who entered bear, and without page views as such.',
    ),
};
