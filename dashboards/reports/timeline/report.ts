import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import { countedEvents } from '../events/counted.ts';
import { ofPerson } from '../events/visitors-of.ts';
import { isFirstOfOrder } from '../goals/goals.ts';
import { periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { inPeriod } from '../sessions/measures.ts';

export const timelineParameters = z.strictObject({
  period: periodShape,
  person: z
    .string()
    .regex(/^\d{1,20}$/, 'Expected a person id, as the report "people" gives it')
    .describe('As the reports "people" and "funnel" name them'),
  beforeMs: z.number().int().optional().describe('Only what happened before: for the next page.'),
  limit: z.number().int().min(1).max(1_000).default(200).describe('How many events at most, the latest.'),
});

const count = z.number().int();
export const timelineRow = z.object({
  time_ms: count,
  event_id: z.string(),
  kind: z.string(),
  name: z.string(),
  sent_by: z.string(),
  session_start_ms: count.describe('0 outside any session'),
  hostname: z.string(),
  path: z.string(),
  title: z.string(),
  target: z.string(),
  user_id: z.string(),
  source: z.string(),
  country: z.string(),
  device: z.string(),
  browser: z.string(),
  os: z.string(),
  engaged_ms: count,
  scroll_percent: count,
  revenue: z.number(),
  currency: z.string(),
  order_id: z.string(),
  is_repeated_order: z.boolean(),
  properties: z.record(z.string(), z.string()),
  numeric_properties: z.record(z.string(), z.number()),
});
export type TimelineParameters = z.input<typeof timelineParameters>;
export type TimelineRow = z.infer<typeof timelineRow>;

export const timeline = defineReport({
  name: 'timeline',
  title: 'Timeline',
  description: 'All that one person did in the period, on all their devices, latest first.',
  parameters: timelineParameters,
  row: timelineRow,
  definitions: {
    time_ms: 'When it happened.',
    event_id: 'Names the event.',
    kind: 'What sort of event it is.',
    name: 'What the site calls it.',
    sent_by: 'The browser, a server, or an import.',
    hostname: 'The host of the page.',
    path: 'The path of the page.',
    title: 'The title of the page.',
    target: 'What was clicked, followed, fetched, sent; of an error what it says.',
    user_id: 'The user whom the event itself names.',
    source: 'Where the page view came from.',
    country: 'By the address, which is not kept.',
    device: 'By the browser’s name.',
    browser: 'By the browser’s name.',
    os: 'By the browser’s name.',
    engaged_ms: 'Milliseconds for which the page was visible and focused, since the last such event.',
    scroll_percent: 'How deep the page was scrolled.',
    revenue: 'As it was sent, in its own currency.',
    currency: 'Of the revenue; "" for none.',
    order_id: 'Of the order it tells of; "" for none.',
    properties: 'Texts that were sent with it.',
    numeric_properties: 'Numbers that were sent with it.',
    is_repeated_order: 'The order was told before: this event’s revenue does not count again.',
  },
  compose({ person, beforeMs, limit }, { scope: all }) {
    const id = bind('person', 'UInt64', person);
    const scope = ofPerson(all, id);
    return sql`
-- Timeline: one person's events in [{from}, {to}), latest first; in one millisecond by their sequence on the page.
SELECT
  at AS time_ms, toString(event_id) AS event_id, toString(kind) AS kind, toString(name) AS name, toString(sent_by) AS sent_by,
  session_start AS session_start_ms, toString(hostname) AS hostname, path, title, target, user_id,
  toString(source) AS source, toString(country) AS country, toString(device) AS device,
  toString(browser) AS browser, toString(os) AS os, engaged_ms, scroll_percent,
  toFloat64(revenue) AS revenue, toString(currency) AS currency, order_id,
  CAST(NOT ${isFirstOfOrder(scope)}, 'Bool') AS is_repeated_order,
  properties, numeric_properties
FROM (${countedEvents(scope, EVENT_COLUMNS)}
) AS events
WHERE ${inPeriod(scope)} AND person = ${id}
  AND at < ${bind('before', 'Int64', beforeMs ?? Number.MAX_SAFE_INTEGER)}
ORDER BY at DESC, seq DESC, events.event_id DESC
LIMIT ${bind('limit', 'UInt64', limit)}`;
  },
});
