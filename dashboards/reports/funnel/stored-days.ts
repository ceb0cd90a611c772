/**
 * What visitors did in settled days, as it is stored (collector/schema/018-day-words.sql): a row per visitor and day,
 * whose events need not be looked for, grouped or sorted. Only for questions that it can answer to the last event.
 */
import { bind, joinSql, type Sql, sql } from '../../sql.ts';
import { NO_DEEDS } from '../events/deeds.ts';
import { NAMED_OR_SELF, namedVisitors } from '../events/persons.ts';
import type { EventScope } from '../events/scope.ts';
import { isOfDays } from '../events/settled-edges.ts';
import { tangledVisitors } from '../events/tangled.ts';
import { isFirstOfOrder } from '../goals/goals.ts';
import { hasExclusions, pageGroupOf } from '../rules/reading.ts';
import { saleWords, timeOfDayWord, timeOfLongWord } from '../settled/deed-words.ts';
import { type SettledReading, toReading } from '../settled/settled-days.ts';
import { conditionsOf, isNameOrPage, type StepCondition } from './conditions.ts';
import { ENTRY_BIT, OTHER_BIT } from './definition.ts';
import type { FunnelParameters } from './parameters.ts';
import { baseMs, reachOf } from './source.ts';

/** Undefined where the question needs events: sessions, properties, kinds that are not stored, rules that rename. */
export function readingOf(scope: EventScope, parameters: FunnelParameters): SettledReading | undefined {
  const { rules, settledDays } = scope;
  const { countBy, filters = [], steps, exclusions = [] } = parameters;
  if (!settledDays || scope.countsTests || scope.ofVisitors || hasExclusions(scope)) return undefined;
  if (rules && rules.events.sent.length > 0) return undefined;
  if (countBy !== 'person' || filters.length > 0) return undefined;
  if (![...steps, ...exclusions].every(isStored)) return undefined;
  const reach = reachOf(scope, parameters);
  return toReading(settledDays, scope, { fromMs: reach.fromMs, toMs: reach.toMs });
}

function isStored(condition: StepCondition): boolean {
  return isNameOrPage(condition, (event) => !NO_DEEDS.includes(event));
}

export type StoredDaysRequest = {
  scope: EventScope;
  parameters: FunnelParameters;
  reading: SettledReading;
  /**
   * Whether any order was named: only then may revenue be told twice. Whether it is for the machine: in words then.
   * Undefined where nobody asks for money.
   */
  money: { hasOrders: boolean; isForMachine: boolean } | undefined;
};

/** Rows of `subject`, `packed_events` and, if asked for, `money`: tuples of packed event, currency, ten-thousandths. */
export function storedDays(request: StoredDaysRequest): Sql {
  const { scope, parameters, reading, money } = request;
  const { order, firstTime, steps, exclusions = [] } = parameters;
  const base = bind('base', 'Int64', baseMs(scope));
  const fits = 2 ** (steps.length + exclusions.length) - 1;
  // All that is stored is a deed, and a day lies in the period or outside it.
  const other = order === 'strict' ? 2 ** OTHER_BIT : 0;
  const isInPeriod = sql`first > 0 AND first <= ${bind('last', 'Int64', scope.toMs - scope.fromMs)}`;
  const from0 = (time: Sql) => (firstTime ? sql`greatest(${time}, 0)` : time);
  const at = from0(sql`begins + ${timeOfDayWord(sql`word`)}`);
  const soldAt = from0(sql`${timeOfLongWord(sql`word`)} - ${base}`);
  return sql`
  SELECT subject, packed_events${money ? sql`, ${sales(request, soldAt, money)} AS money` : sql``}
  FROM (
    SELECT
      subject,
      toUnixTimestamp64Milli(from_time) - ${base} AS begins,
      begins + ${timeOfDayWord(sql`deeds.word[1]`)} AS first,
      toUInt32(if(${isInPeriod}, ${bind('mask', 'UInt32', other + 2 ** ENTRY_BIT)}, ${bind('mask', 'UInt32', other)})) AS flags,
      ${bitsIn(sql`deeds`, parameters, scope)} AS day_bits,
      arrayMap((word, bits) -> toUInt64(${at}) * 16777216 + bits + flags, deeds.word, day_bits) AS day_events,
      arrayFilter(packed -> bitAnd(packed, ${bind('fits', 'UInt32', fits + other)}) != 0, day_events) AS packed_events,
      ${SALES}
    FROM (${visitorDays(scope, reading)}
    )
  )
  WHERE notEmpty(packed_events)`;
}

/** The stored rows, each with its `subject`: of visitors who are themselves, or one user for ever. */
export function visitorDays(scope: EventScope, reading: SettledReading): Sql {
  const { hasTangled, hasNamed } = scope.identity;
  const plain = hasTangled ? sql` AND visitor_id NOT IN (${tangledVisitors(scope)})` : sql``;
  if (!hasNamed)
    return sql`
      SELECT *, visitor_id AS subject FROM settled_visitors WHERE ${isOfDays(scope, reading.all)}${plain}`;
  return sql`
      SELECT *, ${NAMED_OR_SELF} AS subject
      FROM (
        SELECT *, visitor_id AS visitor FROM settled_visitors WHERE ${isOfDays(scope, reading.all)}${plain}
      ) AS days
      LEFT ANY JOIN (${namedVisitors(scope)}
      ) AS names USING (visitor)`;
}

/** What each event of `deeds` or `sales` fits, as bits. No more columns are named than are read. */
function bitsIn(list: Sql, parameters: FunnelParameters, { rules }: EventScope): Sql {
  const { steps, exclusions = [] } = parameters;
  const ones = [...steps, ...exclusions].flatMap(({ anyOf, ...condition }) => anyOf ?? [condition]);
  const hasEvent = ones.some(({ event }) => event !== undefined);
  const pages = ones.flatMap(({ page }) => (page ? [page] : []));
  const groups = sql`arrayMap(path -> ${pageGroupOf(rules?.pageGroups ?? [])}, ${list}.path)`;
  const columns = [
    ...(hasEvent ? [{ name: sql`name`, values: sql`${list}.name` }] : []),
    ...(pages.length > 0 ? [{ name: sql`kind`, values: sql`${list}.kind` }] : []),
    ...(pages.some((page) => 'path' in page) ? [{ name: sql`path`, values: sql`${list}.path` }] : []),
    ...(pages.some((page) => 'group' in page) ? [{ name: sql`page_group`, values: groups }] : []),
  ];
  return sql`arrayMap((${joinSql(columns.map(({ name }) => name))}) -> ${conditionsOf(parameters).bits}, ${joinSql(columns.map(({ values }) => values))})`;
}

function sales(
  { scope, parameters }: StoredDaysRequest,
  at: Sql,
  money: NonNullable<StoredDaysRequest['money']>,
): Sql {
  const bits = bitsIn(sql`sales`, parameters, scope);
  const sale = sql`(toUInt64(${at}) * 16777216 + sale_bits + flags, currency, ten_thousandths)`;
  const list = storedSales(scope, { name: sql`sale_bits`, values: bits }, sale, money);
  return money.isForMachine ? saleWords(list) : list;
}

/** What the query passes on, so that `storedSales` can be made of it. */
const SALES = sql`sales.word, sales.kind, sales.name, sales.path, sales.revenue, sales.currency, sales.order_id, sales.received_time, sales.event_id`;

/**
 * A list of `sale`, made of `word`, `currency`, `ten_thousandths` and what else is given, of the sales that count. Whatever
 * else it names is copied for each of them: no lists.
 */
export function storedSales(
  scope: EventScope,
  given: { name: Sql; values: Sql },
  sale: Sql,
  { hasOrders }: { hasOrders: boolean },
): Sql {
  const all = sql`arrayMap(
      (word, currency, ten_thousandths, ${given.name}) -> ${sale},
      sales.word, arrayMap(currency -> toString(currency), sales.currency),
      arrayMap(revenue -> toInt64(revenue * 10000), sales.revenue), ${given.values}
    )`;
  if (!hasOrders) return all;
  return sql`arrayFilter(
      (sale, order_id, received_time, event_id) -> ${isFirstOfOrder(scope)},
      ${all}, sales.order_id, sales.received_time, sales.event_id
    )`;
}
