import { z } from 'zod';
import { bind, sql } from '../../sql.ts';
import { periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';

export const catalogueParameters = z.strictObject({
  period: periodShape,
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Only events and properties whose name contains this text.'),
  limit: z.number().int().min(1).max(10_000).default(1_000),
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
});
export type CatalogueParameters = z.input<typeof catalogueParameters>;
export type CatalogueRow = z.infer<typeof catalogueRow>;

export const catalogue = defineReport({
  name: 'catalogue',
  title: 'Event catalogue',
  description:
    'Every event and property that arrived in the period: how many, since when, until when, and what its values look like.',
  parameters: catalogueParameters,
  row: catalogueRow,
  definitions: {
    events: 'Events that bear it, bots and tests left out unless the site counts tests.',
    bots_and_tests: 'Events of bots and tests that bear it.',
    examples: 'The most frequent values, approximately.',
  },
  compose({ search, limit }, { scope }) {
    const found = search
      ? sql`HAVING positionCaseInsensitiveUTF8(concat(name, ' ', property), ${bind('search', 'String', search)}) > 0`
      : sql``;
    return sql`
-- Event catalogue: events by kind and name, and the properties they bear, in [{from}, {to}).
SELECT
  toString(kind) AS kind, toString(name) AS name, bearing.1 AS property, bearing.2 AS type,
  countIf(NOT is_bot AND (NOT is_test OR ${bind('counts_tests', 'Bool', scope.countsTests)})) AS events,
  count() - events AS bots_and_tests,
  toUnixTimestamp64Milli(min(time)) AS first_seen_ms,
  toUnixTimestamp64Milli(max(time)) AS last_seen_ms,
  topKIf(5)(substringUTF8(bearing.3, 1, 60), bearing.3 != '') AS examples
FROM events
ARRAY JOIN arrayConcat(
  [('', '', '')],
  arrayMap(key -> (toString(key), 'text', properties[key]), mapKeys(properties)),
  arrayMap(key -> (toString(key), 'number', toString(numeric_properties[key])), mapKeys(numeric_properties))
) AS bearing
WHERE site_id = ${bind('site_id', 'String', scope.siteId)}
  AND time >= fromUnixTimestamp64Milli(${bind('from', 'Int64', scope.fromMs)}, 'UTC')
  AND time < fromUnixTimestamp64Milli(${bind('to', 'Int64', scope.toMs)}, 'UTC')
  AND time <= fromUnixTimestamp64Milli(${bind('now', 'Int64', scope.nowMs)}, 'UTC')
GROUP BY kind, name, property, type
${found}
ORDER BY property != '', events DESC, kind, name, property
LIMIT ${bind('limit', 'UInt64', limit)}`;
  },
});
