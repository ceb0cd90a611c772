import { z } from 'zod';
import { bind, type Sql, sql } from '../../sql.ts';
import { isWithin } from '../events/within.ts';
import { periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { columnOf, eventsOf } from '../rules/reading.ts';
import { type Described, NO_RULES, type Renamed } from '../rules/rules.ts';

export const catalogueParameters = z.strictObject({
  period: periodShape,
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Only events and properties whose name contains this text.'),
  withHidden: z
    .boolean()
    .optional()
    .describe('Those too that the site’s rules leave out of lists. Default: they are left out here as well.'),
  limit: z.number().int().min(1).max(10_000).default(1_000).describe('How many rows at most.'),
});

const count = z.number().int();
export const catalogueRow = z.object({
  kind: z.string(),
  name: z.string(),
  property: z.string().describe('"" for the event itself'),
  type: z.enum(['', 'text', 'number']),
  events: count,
  bots_and_tests: count,
  first_seen_ms: count,
  last_seen_ms: count,
  examples: z.array(z.string()).describe('Up to five frequent values'),
  description: z.string(),
  sent_as: z.array(z.string()),
  is_hidden: z.boolean(),
});
export type CatalogueParameters = z.input<typeof catalogueParameters>;
export type CatalogueRow = z.infer<typeof catalogueRow>;

export const catalogue = defineReport({
  name: 'catalogue',
  title: 'Event catalogue',
  description:
    'Every event and property that arrived in the period, as the site’s rules call them: how many, since when, until when, what they mean, and what their values look like.',
  parameters: catalogueParameters,
  row: catalogueRow,
  definitions: {
    kind: 'What sort of event it is; for your own events `custom`.',
    name: 'What reports call the event.',
    property: 'What reports call the property; "" in the row of the event itself.',
    type: 'Whether the property came as a text or as a number.',
    events: 'Events that bear it, bots and tests left out unless the site counts tests.',
    bots_and_tests: 'Events of bots and tests that bear it.',
    first_seen_ms: 'Time of the first one in the period.',
    last_seen_ms: 'Time of the last one in the period.',
    examples: 'The most frequent values, approximately.',
    description: 'What the site says it means.',
    sent_as: 'The other names under which it was sent, where the site’s rules call it otherwise.',
    is_hidden: 'Whether the site’s rules leave it out of lists; it still counts wherever it is named.',
  },
  compose({ search, withHidden = false, limit }, { scope }) {
    const { rules = NO_RULES } = scope;
    const found = search
      ? sql`HAVING positionCaseInsensitiveUTF8(concat(name, ' ', property), ${bind('search', 'String', search)}) > 0`
      : sql``;
    const isProperty = sql`property != ''`;
    return sql`
-- Event catalogue: events by kind and name, and the properties they bear, in [{from}, {to}).
SELECT
  kind, name, property, type, events, bots_and_tests, first_seen_ms, last_seen_ms, examples,
  if(${isProperty}, ${textOf(sql`property`, rules.propertyTexts)}, ${textOf(sql`name`, rules.eventTexts)}) AS description,
  if(${isProperty}, ${sentAs(sql`property`, rules.properties)}, ${sentAs(sql`name`, rules.events)}) AS sent_as,
  CAST(NOT is_shown, 'Bool') AS is_hidden
FROM (
  SELECT
    toString(kind) AS kind, toString(name) AS name, bearing.1 AS property, bearing.2 AS type,
    is_listed AND NOT has(${bind('hidden_properties', 'Array(String)', rules.hiddenProperties)}, property) AS is_shown,
    countIf(NOT is_bot AND (NOT is_test OR ${bind('counts_tests', 'Bool', scope.countsTests)})) AS events,
    count() - events AS bots_and_tests,
    toUnixTimestamp64Milli(min(time)) AS first_seen_ms,
    toUnixTimestamp64Milli(max(time)) AS last_seen_ms,
    topKIf(5)(substringUTF8(bearing.3, 1, 60), bearing.3 != '') AS examples
  FROM (SELECT *, ${columnOf('is_listed', scope)} FROM ${eventsOf(scope)}) AS events
  ARRAY JOIN arrayConcat(
    [('', '', '')],
    arrayMap(key -> (toString(key), 'text', properties[key]), mapKeys(properties)),
    arrayMap(key -> (toString(key), 'number', toString(numeric_properties[key])), mapKeys(numeric_properties))
  ) AS bearing
  WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
    AND ${isWithin(scope)}
    AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
  GROUP BY kind, name, property, type, is_shown
  ${found}
)
WHERE is_shown OR ${bind('with_hidden', 'Bool', withHidden)}
ORDER BY property != '', events DESC, kind, name, property
LIMIT ${bind('limit', 'UInt64', limit)}`;
  },
});

function textOf(name: Sql, { called, texts }: Described): Sql {
  if (called.length === 0) return sql`''`;
  return sql`transform(${name}, ${bind('described', 'Array(String)', called)}, ${bind('texts', 'Array(String)', texts)}, '')`;
}

function sentAs(name: Sql, { sent, called }: Renamed): Sql {
  return sql`arraySort(arrayFilter((one, meant) -> meant = ${name}, ${bind('sent', 'Array(String)', sent)}, ${bind('called', 'Array(String)', called)}))`;
}
