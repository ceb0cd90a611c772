import { z } from 'zod';
import { bind, type Sql, sql } from '../../sql.ts';
import { type Condition, conditionColumns } from '../conditions.ts';
import { SESSION_DIMENSIONS } from '../dimensions.ts';
import { eventsIn } from '../events/counted.ts';
import type { EventScope } from '../events/scope.ts';
import { selectedEvents } from '../events/selected.ts';
import { ofSamePersons } from '../events/visitors-of.ts';
import { filtersShape } from '../filters/filters.ts';
import {
  goalCondition,
  goalShape,
  isFirstOfOrder,
  isGoal,
  MONEY_COLUMNS,
  moneyShape,
  TEN_THOUSANDTHS,
} from '../goals/goals.ts';
import { comparisonShape, periodShape } from '../period/period.ts';
import { defineReport } from '../report.ts';
import { factName } from '../sessions/fact-name.ts';
import { inPeriod } from '../sessions/measures.ts';

export const MODELS = ['first', 'last', 'last_non_direct', 'linear', 'time_decay', 'position'] as const;
export type AttributionModel = (typeof MODELS)[number];

const DAY_MS = 86_400_000;

export const attributionParameters = z.strictObject({
  period: periodShape,
  comparison: comparisonShape.optional(),
  filters: filtersShape
    .optional()
    .describe('They choose conversions by the session they lie in; touches are never hidden.'),
  goal: goalShape,
  model: z
    .enum(MODELS)
    .default('last_non_direct')
    .describe(
      '`linear`: equal shares. `time_decay`: half as much for each half-life before the conversion. `position`: 40 % to the first, 40 % to the last, the rest to those between; of two each half.',
    ),
  dimension: z
    .enum(SESSION_DIMENSIONS)
    .default('source')
    .describe('Which fact of the touching sessions is given credit.'),
  lookBackDays: z
    .number()
    .int()
    .min(1)
    .max(366)
    .default(30)
    .describe('How long before a conversion a touch may lie, inclusive.'),
  halfLifeDays: z
    .number()
    .min(0.01)
    .max(366)
    .default(7)
    .describe('For `time_decay`: after so many days a touch counts half.'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('How many values at most, those with the most conversions.'),
});

export const attributionRow = z.object({
  value: z.string().describe('"" is direct, or no session at all'),
  conversions: z.number(),
  share: z.number().nullable(),
  revenue: moneyShape,
  touches: z.number().int(),
});

export type AttributionParameters = z.input<typeof attributionParameters>;
export type AttributionRow = z.infer<typeof attributionRow>;

export const attribution = defineReport({
  name: 'attribution',
  title: 'Attribution',
  description:
    'Which sources deserve the credit for a goal. A touch is a session of the person that began no later than the conversion and within the look-back; the shares of one conversion add up to 1. Visitors without a lasting id have touches of one day only.',
  parameters: attributionParameters,
  row: attributionRow,
  definitions: {
    conversions: 'Goal events credited to it, in shares; an order counts once.',
    share: 'Of all conversions.',
    revenue: 'What these events brought, in the same shares, by currency.',
    touches: 'Sessions with it that came before a conversion.',
  },
  matchBy: 'value',
  compose(parameters, context) {
    const { goal, model, dimension, lookBackDays, halfLifeDays, limit, filters = [] } = parameters;
    const { scope: all, only } = context;
    const lookBackMs = lookBackDays * DAY_MS;
    const condition = goalCondition(goal, context);
    const scope = ofSamePersons(all, whoMayHaveConverted(condition, all));
    const reach = { ...scope, fromMs: scope.fromMs - lookBackMs };
    const lookBack = bind('look_back', 'Int64', lookBackMs);
    const isHit = sql`${isGoal(condition)} AND ${inPeriod(scope)} AND ${isFirstOfOrder(scope)}`;
    const columns = [...conditionColumns(condition), ...MONEY_COLUMNS];
    const touching = selectedEvents({
      scope: reach,
      filters: [],
      columns,
      facts: [dimension],
    });
    const hits =
      filters.length === 0
        ? isHit
        : sql`${isHit} AND event_id IN (SELECT event_id FROM (${selectedEvents({ scope, filters, columns: ['event_id'] })}))`;
    return sql`
-- Attribution: the goal's events in [{from}, {to}), each shared out among the sessions that led to it.
-- A touch began at or before the conversion, at most {look_back} ms earlier. A conversion without a touch is direct's.
-- Sessions that begin in the same millisecond are in the order of their visitor.
SELECT
  value, conversions, conversions / nullIf(sum(conversions) OVER (), 0) AS share,
  -- Whole ten-thousandths, so that a sum of prices is a price.
  arrayMap(
    (name, amount) -> CAST((name, round(amount) / 10000), 'Tuple(currency String, amount Float64)'), sums.1, sums.2
  ) AS revenue,
  touches
FROM (
SELECT
  credit.1 AS value, sum(credit.2) AS conversions, sum(credit.3) AS touches,
  sumMap([hit.3], [credit.2 * hit.2]) AS sums
FROM (
  SELECT hit, arrayJoin(if(empty(own), [('', 1.0, 0)], ${credits(model, halfLifeDays * DAY_MS)})) AS credit
  FROM (
    SELECT hit, arrayFilter(one -> one.1 <= hit.1 AND one.1 >= hit.1 - ${lookBack}, touches) AS own
    FROM (
      SELECT
        person,
        arraySort(groupUniqArrayIf((session_start, visitor, ${factName(dimension)}), session_start != 0 AND NOT is_server)) AS touches,
        groupArrayIf((at, ${TEN_THOUSANDTHS}, toString(currency)), is_hit) AS hits
      FROM (
        SELECT *, ${hits} AS is_hit
        FROM (${touching}
        )
      )
      WHERE session_start >= ${bind('first_touch', 'Int64', reach.fromMs)} OR session_start = 0 OR is_hit
      GROUP BY person
      HAVING notEmpty(hits)
    )
    ARRAY JOIN hits AS hit
  )
)
GROUP BY value
${only ? sql`HAVING has(${bind('only', 'Array(String)', only)}, value)` : sql``}
)
ORDER BY conversions DESC, value
LIMIT ${bind('limit', 'UInt64', limit)}`;
  },
});

/** Visitors with an event that fulfils the goal in the period, some of them perhaps by a repeat of an order. */
function whoMayHaveConverted(goal: Condition, scope: EventScope): Sql {
  return sql`SELECT visitor FROM (${eventsIn(scope, [scope], conditionColumns(goal))}) WHERE ${isGoal(goal)}`;
}

/** What each touch of `own`, which is in order of time and not empty, is given of one hit: its value, its share, and 1. */
function credits(model: AttributionModel, halfLifeMs: number): Sql {
  const whole = (touch: Sql) => sql`[(${touch}.3, 1.0, 1)]`;
  const shares = (ofTouch: Sql) => sql`arrayMap((one, share) -> (one.3, share, 1), own, ${ofTouch})`;
  switch (model) {
    case 'first':
      return whole(sql`own[1]`);
    case 'last':
      return whole(sql`own[-1]`);
    case 'last_non_direct':
      return whole(
        sql`own[if(arrayExists(one -> one.3 != '', own), arrayLastIndex(one -> one.3 != '', own), length(own))]`,
      );
    case 'linear':
      return shares(sql`arrayWithConstant(length(own), 1 / length(own))`);
    case 'time_decay': {
      const weights = sql`arrayMap(one -> pow(0.5, (hit.1 - one.1) / ${bind('half_life', 'Float64', halfLifeMs)}), own)`;
      return shares(
        sql`arrayMap((weight, total) -> weight / total, ${weights}, arrayWithConstant(length(own), arraySum(${weights})))`,
      );
    }
    case 'position':
      return shares(sql`if(
        length(own) <= 2,
        arrayWithConstant(length(own), 1 / length(own)),
        arrayMap(place -> if(place = 1 OR place = length(own), 0.4, 0.2 / (length(own) - 2)), arrayEnumerate(own))
      )`);
  }
}
