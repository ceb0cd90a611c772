/**
 * A goal's numbers by value. A hit within a session counts in each row of the session; one outside any session, sent by a
 * server, counts once in each row in which its person stands.
 */
import { type Sql, sql } from '../../sql.ts';

const firsts = (hits: Sql): Sql => sql`arrayFilter(hit -> hit.3, ${hits})`;
const OF_PART = sql`arrayFilter(hit -> has(part.3, hit.1), loose_hits)`;
const IS_CONVERTED = sql`has(hits.1, one) OR has(loose_hits.1, one)`;

/** Aggregates over the rows of one value: sessions with their `part`, `hits` and `loose_hits`. */
export const HIT_NUMBERS = sql`,
      uniqExactArray(arrayFilter(one -> ${IS_CONVERTED}, part.3)) AS conversions,
      arrayConcat(groupArrayArray(${firsts(sql`hits`)}), groupUniqArrayArray(${firsts(OF_PART)})) AS paid_hits`;

/** On top of these: how many events, and their money by currency. Currencies are never added up. */
export const HIT_TOTALS = sql`
    length(paid_hits) AS goal_events,
    arrayCount(hit -> hit.4 > 0, paid_hits) AS orders,
    arrayReduce('sumMap', arrayMap(hit -> [hit.5], paid_hits), arrayMap(hit -> [hit.4], paid_hits), arrayMap(hit -> [toInt64(hit.4 > 0)], paid_hits)) AS money,
    ${moneyOf(sql`amount / 10000`)} AS revenue,
    ${moneyOf(sql`amount / 10000 / paid`)} AS average_order_value,`;

/** In order of the currency. */
function moneyOf(amount: Sql): Sql {
  return sql`arrayMap(
      (currency, amount, paid) -> CAST((currency, ${amount}), 'Tuple(currency String, amount Float64)'),
      money.1, money.2, money.3
    )`;
}
