import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { inPeriod } from '../sessions/measures.ts';

/** Where the bins of engaged and dwell time begin, in ms. The last has no end. */
export const TIME_BINS = [0, 1, 5, 10, 30, 60, 180, 600].map((seconds) => seconds * 1_000);
/** Of scroll depth, in percent. */
export const SCROLL_BINS = [0, 25, 50, 75, 100];

export const engagementParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  search: z.string().max(200).optional().describe('Only pages whose path contains this text.'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe('How many pages at most, those with the most page views.'),
});

const bins = z.array(z.object({ from: z.number(), page_views: z.number().int() }));
const share = z.number().nullable();

export const engagementRow = z.object({
  page: z.string(),
  page_views: z.number().int(),
  engaged_ms_mean: share,
  engaged_ms_median: share,
  dwell_ms_median: share,
  scroll_percent_mean: share,
  scroll_percent_median: share,
  read_rate: share,
  engaged_bins: bins,
  dwell_bins: bins,
  scroll_bins: bins,
});
export type EngagementParameters = z.input<typeof engagementParameters>;
export type EngagementRow = z.infer<typeof engagementRow>;

export const engagement = defineReport({
  name: 'engagement',
  title: 'Engagement',
  description:
    'How long pages held their readers, and how far down they read: per page, as distributions over its page views.',
  parameters: engagementParameters,
  row: engagementRow,
  definitions: {
    page: 'The path of the page.',
    page_views: 'Page views in the period.',
    engaged_ms_mean: 'Engaged time per page view, mean.',
    scroll_percent_mean: 'Deepest scroll per page view, mean.',
    dwell_bins: 'Page views by dwell time; a bin reaches from its own bound to the next one’s.',
    scroll_bins: 'Page views by deepest scroll; a bin reaches from its own bound to the next one’s.',
    engaged_ms_median:
      'Milliseconds for which the page was visible and focused, per page view; measured in the page.',
    dwell_ms_median:
      'Milliseconds from one page view to the next of the session; the last page view of a session has none.',
    scroll_percent_median: 'Deepest scroll per page view.',
    read_rate: 'Page views engaged for at least 10 seconds and scrolled at least half way ÷ page views.',
    engaged_bins: 'Page views by engaged time; a bin reaches from its own bound to the next one’s.',
  },
  matchBy: 'page',
  compose({ search, limit, filters = [] }, { scope, only }) {
    const timeBins = bind('time_bins', 'Array(UInt32)', TIME_BINS);
    const scrollBins = bind('scroll_bins', 'Array(UInt32)', SCROLL_BINS);
    const binsOf = (values: ReturnType<typeof sql>, bounds: ReturnType<typeof sql>) => sql`arrayMap(
      (bound, place) -> CAST((bound, arrayCount(one -> one >= bound AND (place = length(${bounds}) OR one < ${bounds}[place + 1]), ${values})), 'Tuple(from UInt32, page_views UInt64)'),
      ${bounds}, arrayEnumerate(${bounds})
    )`;
    return sql`
-- Engagement: engaged time, dwell time and scroll depth per page view, by page.
-- Counts page views in [{from}, {to}) with all engagement that belongs to them, also later; a page view without any has
-- engaged time 0. Dwell time ends with the next page view of the session, so the last one has none.
SELECT
  page, page_views,
  engaged_ms_mean, engaged_ms_median,
  if(empty(dwells), NULL, arrayReduce('quantileExactInclusive(0.5)', dwells)) AS dwell_ms_median,
  scroll_percent_mean, scroll_percent_median, read_rate,
  ${binsOf(sql`engaged_times`, timeBins)} AS engaged_bins,
  ${binsOf(sql`dwells`, timeBins)} AS dwell_bins,
  ${binsOf(sql`depths`, scrollBins)} AS scroll_bins
FROM (
  SELECT
    page,
    count() AS page_views,
    avg(engaged) AS engaged_ms_mean,
    quantileExactInclusive(0.5)(engaged) AS engaged_ms_median,
    groupArray(engaged) AS engaged_times,
    groupArrayIf(dwell, has_next) AS dwells,
    avg(depth) AS scroll_percent_mean,
    quantileExactInclusive(0.5)(depth) AS scroll_percent_median,
    groupArray(depth) AS depths,
    avg(engaged >= 10000 AND depth >= 50) AS read_rate
  FROM (
    SELECT
      page_view_id,
      anyIf(path, kind = 'page_view') AS page,
      sum(engaged_ms) AS engaged,
      max(scroll_percent) AS depth,
      anyIf(next_at - at, kind = 'page_view' AND next_at != 0) AS dwell,
      countIf(kind = 'page_view' AND next_at != 0) > 0 AS has_next,
      countIf(kind = 'page_view' AND ${inPeriod(scope)}) AS viewed
    FROM (
      SELECT
        * REPLACE (if(kind = 'page_view', event_id, page_view_id) AS page_view_id),
        if(kind = 'page_view', min(if(kind = 'page_view', toNullable(at), NULL)) OVER (
          PARTITION BY visitor, session_start ORDER BY at, event_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ), NULL) AS next_view,
        ifNull(next_view, 0) AS next_at
      FROM (${selectedEvents({ scope, filters, columns: EVENT_COLUMNS })}
      )
      WHERE kind IN ('page_view', 'engagement') AND NOT is_server
    )
    GROUP BY page_view_id
    HAVING viewed > 0
  )
  GROUP BY page
)
WHERE ${only ? sql`has(${bind('only', 'Array(String)', only)}, page)` : search ? sql`positionCaseInsensitiveUTF8(page, ${bind('search', 'String', search)}) > 0` : sql`true`}
ORDER BY page_views DESC, page
LIMIT ${bind('limit', 'UInt64', limit)}`;
  },
});
