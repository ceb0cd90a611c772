import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { inPeriod } from '../sessions/measures.ts';

export const CLICK_KINDS = [
  'click',
  'rage_click',
  'dead_click',
  'outbound_link',
  'file_download',
  'form_submit',
] as const;

export const clicksParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  kinds: z.array(z.enum(CLICK_KINDS)).min(1).optional().describe('Default: all of them.'),
  page: z.string().max(1000).optional().describe('Only clicks on this page.'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe('How many rows at most, those with the most clicks.'),
});

export const clicksRow = z.object({
  kind: z.enum(CLICK_KINDS),
  page: z.string(),
  target: z.string(),
  label: z.string().describe('What stood on the element, masked, most often'),
  clicks: z.number().int(),
  visitors: z.number().int(),
  page_visitors: z.number().int(),
  click_through_rate: z.number().nullable(),
});
export type ClicksParameters = z.input<typeof clicksParameters>;
export type ClicksRow = z.infer<typeof clicksRow>;

export const clicks = defineReport({
  name: 'clicks',
  title: 'Clicks',
  description:
    'What visitors clicked, where links led them, what they downloaded and which forms they sent; and how many of a page’s visitors did.',
  parameters: clicksParameters,
  row: clicksRow,
  definitions: {
    kind: 'What was done: a click, a link followed, a file fetched, a form sent.',
    page: 'The path of the page on which it was done.',
    target: 'The element, link, file or form.',
    clicks: 'Events in the period.',
    visitors: 'Different persons who did it.',
    page_visitors: 'Different persons who viewed the page in the period.',
    click_through_rate: 'Persons who did it ÷ persons who viewed the page.',
  },
  compose({ kinds = CLICK_KINDS, page, limit, filters = [] }, { scope }) {
    const wanted = sql`has(${bind('kinds', 'Array(String)', kinds)}, toString(kind))`;
    return sql`
-- Clicks: how often each element, link, file and form was used, by page. Counts events, and persons, in [{from}, {to}).
-- The rate is of the persons who viewed the same page.
SELECT
  kind, page, target, label, clicks, visitors, page_visitors,
  if(page_visitors = 0, NULL, least(1, visitors / page_visitors)) AS click_through_rate
FROM (
  SELECT
    toString(kind) AS kind, path AS page, target,
    topKIf(1)(properties['text'], properties['text'] != '')[1] AS label,
    count() AS clicks,
    uniqExact(person) AS visitors,
    any(viewers) AS page_visitors
  FROM (
    SELECT *, uniqExactIf(person, kind = 'page_view') OVER (PARTITION BY path) AS viewers
    FROM (${selectedEvents({ scope, filters, columns: EVENT_COLUMNS, needsSessions: false })}
    )
    WHERE ${inPeriod(scope)} AND NOT is_server AND (kind = 'page_view' OR ${wanted})
  )
  WHERE ${wanted}${page === undefined ? sql`` : sql` AND path = ${bind('page', 'String', page)}`}
  GROUP BY kind, page, target
)
ORDER BY clicks DESC, kind, page, target
LIMIT ${bind('limit', 'UInt64', limit)}`;
  },
});
