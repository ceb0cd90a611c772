import { z } from 'zod';
import { bind, type Sql, sql } from '../../sql.ts';
import { conditionShape, conditionSql } from '../conditions.ts';
import { EVENT_COLUMNS } from '../events/columns.ts';
import { selectedEvents } from '../events/selected.ts';
import { filtersShape } from '../filters/filters.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { wildcardToRegex } from '../wildcard.ts';

export const pathsParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape.optional(),
  of: z
    .enum(['pages', 'events', 'both'])
    .default('pages')
    .describe('What a place on the path is: a page viewed, a custom event, or either.'),
  from: conditionShape
    .optional()
    .describe('Paths begin at the first one in the session; sessions without it are left out.'),
  to: conditionShape
    .optional()
    .describe(
      'Paths end there: looking back from the last one, or with "from" at the first one after the start.',
    ),
  depth: z.number().int().min(2).max(20).default(5).describe('How many places of a path are shown.'),
  pageGroups: z.boolean().optional().describe('Pages of a saved page group are one place under its name.'),
  groups: z
    .array(z.strictObject({ name: z.string().min(1).max(100), pattern: z.string().min(1).max(500) }))
    .max(50)
    .optional()
    .describe(
      'Pages whose path fits the pattern (`*` is any text) are one place under the name. The first that fits counts.',
    ),
  limit: z.number().int().min(1).max(10_000).default(200).describe('How many edges, the most frequent.'),
});

export const pathsRow = z.object({
  position: z.number().int().describe('From 0 at the anchor; looking back it counts backwards'),
  place: z.string(),
  next: z.string().nullable().describe('Looking back, what came before. null: the path ends here'),
  sessions: z.number().int(),
  share_of_place: z.number().nullable(),
});

export type PathsParameters = z.input<typeof pathsParameters>;
export type PathsRow = z.infer<typeof pathsRow>;

export const paths = defineReport({
  name: 'paths',
  title: 'Paths',
  description:
    'Which way sessions go, from place to place, with repeats of one place merged. Sessions belong to the period in which they start.',
  parameters: pathsParameters,
  row: pathsRow,
  definitions: {
    place: 'The page, page group or event at this position.',
    sessions: 'Sessions that went from the place to the next, or ended there, at this position.',
    share_of_place: 'Of the sessions that stood at the place at this position.',
  },
  compose(parameters, { scope }) {
    const { of: kind, from, to, depth, groups = [], pageGroups = false, limit, filters = [] } = parameters;
    const events = selectedEvents({ scope, filters, columns: EVENT_COLUMNS });
    const isPlace = {
      pages: sql`kind = 'page_view'`,
      events: sql`kind = 'custom' AND is_listed`,
      both: sql`(kind = 'page_view' OR (kind = 'custom' AND is_listed))`,
    }[kind];
    const page = groups.reduceRight(
      (rest, { name, pattern }): Sql =>
        sql`if(match(path, ${bind('pattern', 'String', wildcardToRegex(pattern))}), ${bind('group', 'String', name)}, ${rest})`,
      pageGroups ? sql`if(page_group = '', path, page_group)` : sql`path`,
    );
    const isBackward = from === undefined && to !== undefined;
    return sql`
-- Paths: how many sessions went from one place to the next, by position.
-- Counts sessions that start in [{from}, {to}) and hold the anchors; repeated neighbours are one place. Events of one
-- millisecond are in the order of their sequence, then of their ids.
WITH
  sessions AS (
    SELECT
      arraySort(groupArray((at, seq, event_id, if(kind = 'page_view', ${page}, toString(name)), ${from ? conditionSql(from) : sql`true`}, ${to ? conditionSql(to) : sql`false`}))) AS places
    FROM (${events}
    )
    WHERE session_start >= ${bind('from', 'Int64', scope.fromMs)} AND session_start < ${bind('to', 'Int64', scope.toMs)}
      AND NOT is_server AND ${isPlace}
    GROUP BY visitor, session_start
  ),
  walks AS (
    SELECT
      arrayMap(one -> one.4, ${anchored(from !== undefined, to !== undefined)}) AS names,
      arrayFilter((name, place) -> place = 1 OR name != names[place - 1], names, arrayEnumerate(names)) AS merged,
      ${isBackward ? sql`arrayReverse(merged)` : sql`merged`} AS walk
    FROM sessions
  )
SELECT
  toInt64(step) - 1 AS position, place, next, sessions,
  sessions / sum(sessions) OVER (PARTITION BY step, place) AS share_of_place
FROM (
  SELECT step, walk[step] AS place, if(step = length(walk), NULL, walk[step + 1]) AS next, count() AS sessions
  FROM walks
  ARRAY JOIN arrayEnumerate(arraySlice(walk, 1, ${bind('depth', 'UInt64', depth)})) AS step
  -- What comes after the last place shown is not asked for; that the path ends there, is.
  WHERE step < ${bind('depth', 'UInt64', depth)} OR step = length(walk)
  GROUP BY step, place, next
)
ORDER BY sessions DESC, position, place, next
LIMIT ${bind('limit', 'UInt64', limit)}`;
  },
});

/** Element 5 says whether a place is the start asked for, element 6 whether it is the end. */
function anchored(hasStart: boolean, hasEnd: boolean): Sql {
  if (!hasStart && !hasEnd) return sql`places`;
  if (!hasStart) return sql`arraySlice(places, 1, arrayLastIndex(one -> one.6, places))`;
  const rest = sql`arraySlice(places, greatest(1, arrayFirstIndex(one -> one.5, places)), if(arrayExists(one -> one.5, places), length(places), 0))`;
  if (!hasEnd) return rest;
  const after = sql`arrayFirstIndex(one -> one.6, arraySlice(${rest}, 2))`;
  return sql`arraySlice(${rest}, 1, if(${after} = 0, 0, ${after} + 1))`;
}
