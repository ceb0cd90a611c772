/**
 * A goal's numbers by value. A hit within a session counts in each row of the session; one outside any session, sent by a
 * server, counts in each row in which its person stands.
 */
import { type Sql, sql } from '../../sql.ts';

/** Tables on top of `parted`, which has a row for each session and value: `is_total`, `value`, `part`, `hits`. */
export const HIT_TABLES = sql`,
  loose AS MATERIALIZED (
    SELECT
      hit.1 AS person,
      countIf(hit.3) AS loose_events,
      sumMapIf([hit.5], [hit.4], hit.3) AS loose_revenue
    FROM sessions
    ARRAY JOIN hits AS hit
    WHERE session_start = 0
    GROUP BY person
  ),
  loose_numbers AS (
    SELECT is_total, value, sum(loose_events) AS loose_goal_events, sumMap(loose_revenue.1, loose_revenue.2) AS loose_money
    FROM (SELECT DISTINCT is_total, value, arrayJoin(part.3) AS person FROM parted) AS standing
    INNER JOIN loose USING (person)
    GROUP BY is_total, value
  )`;

/** Aggregates over the rows of one value. */
export const HIT_NUMBERS = sql`,
      uniqExactArray(arrayFilter(one -> has(hits.1, one) OR one IN (SELECT person FROM loose), part.3)) AS conversions,
      sum(arrayCount(hit -> hit.3, hits)) AS session_goal_events,
      sumMap(arrayMap(hit -> hit.5, arrayFilter(hit -> hit.3, hits)), arrayMap(hit -> hit.4, arrayFilter(hit -> hit.3, hits))) AS session_money`;

/** After `LEFT JOIN loose_numbers`: both kinds together. */
export const HIT_TOTALS = sql`
    session_goal_events + loose_goal_events AS goal_events,
    ${moneyOf(sql`mapAdd(mapFromArrays(session_money.1, session_money.2), mapFromArrays(loose_money.1, loose_money.2))`)} AS revenue,`;

/** A map from currency to ten-thousandths as the answer shows it: in order of the currency, without those that come to nothing. */
export function moneyOf(map: Sql): Sql {
  return sql`arrayMap(
      money -> CAST((money.1, money.2 / 10000), 'Tuple(currency String, amount Float64)'),
      arraySort(arrayFilter(money -> money.2 != 0, CAST(${map}, 'Array(Tuple(String, Int64))')))
    )`;
}
