/**
 * Which of a site's events matter to a funnel, grouped by whom it counts: the query whose rows the machine decides.
 *
 * One row per person (session, account) who did the first step in the period: the sorted events, each packed into 64
 * bits (time, then a bit for every step and exclusion it fits). Whoever never entered does not leave the engine.
 */
import { anyOf, bind, joinSql, type Sql, sql } from '../../sql.ts';
import { type EventColumn, eventColumn } from '../events/columns.ts';
import type { EventScope } from '../events/scope.ts';
import { isFirstOfOrder } from '../goals/goals.ts';
import { namesOf, stepSql } from './conditions.ts';
import { ENTRY_BIT, OTHER_BIT } from './definition.ts';
import type { FunnelParameters } from './parameters.ts';
import type { RowShape } from './row-shape.ts';
import { sourceOf } from './source.ts';

/** One before the period, so that what lies earlier can stand at 0. The packed time counts from here, above 24 bits. */
export function baseMs(scope: EventScope): number {
  return scope.fromMs - 1;
}

/** Of all who entered, and few others: for whoever decides elsewhere. */
export function funnelRows(scope: EventScope, parameters: FunnelParameters, shape: RowShape): Sql {
  return sql`${groupedEvents(scope, parameters, shape)}
HAVING ${mayHaveEntered(parameters)}`;
}

/** Of everybody with any event of the funnel. */
export function groupedEvents(scope: EventScope, parameters: FunnelParameters, shape: RowShape): Sql {
  const events = shape.values ? sql`(packed, value)` : sql`packed`;
  const columns = [
    ...(shape.hasKey ? [keyOf(parameters)] : []),
    ...(shape.hasSubject ? [sql`toString(subject) AS subject_text`] : []),
    sql`arraySort(groupArray(${events})) AS packed_events`,
    ...(shape.hasMoney
      ? [sql`${moneyOf(sql`groupArrayIf(${MONEY}, revenue != 0 AND is_first_of_order)`)} AS money`]
      : []),
  ];
  return sql`
SELECT
  ${joinSql(
    columns,
    sql`,
  `,
  )}
FROM (${steppedEvents(scope, parameters, shape)}
)
GROUP BY subject`;
}

/** The revenue of everybody who has some: rows with a key, no events, and the money. */
export function moneyRows(scope: EventScope, parameters: FunnelParameters): Sql {
  const shape = { hasKey: true, hasSubject: false, values: undefined, hasMoney: true };
  return sql`
SELECT ${keyOf(parameters)}, emptyArrayUInt64() AS packed_events, ${moneyOf(sql`groupArray(${MONEY})`)} AS money
FROM (${steppedEvents(scope, parameters, shape)}
)
WHERE revenue != 0 AND is_first_of_order
GROUP BY subject`;
}

const MONEY = sql`(packed, currency, revenue)`;

/** Converted where little is left of it: before, it would be for every event. */
function moneyOf(list: Sql): Sql {
  return sql`arraySort(arrayMap(one -> (one.1, toString(one.2), toInt64(one.3 * 10000)), ${list}))`;
}

function keyOf({ countBy }: FunnelParameters): Sql {
  return countBy === 'person' ? sql`subject AS key` : sql`sipHash64(subject) AS key`;
}

/** Lets through all who entered, and few others: the machine has the last word. */
function mayHaveEntered({ order, steps }: FunnelParameters): Sql {
  const openers = bind('openers', 'UInt32', order === 'any' ? 2 ** steps.length - 1 : 1);
  const entry = bind('entry', 'UInt32', 2 ** ENTRY_BIT);
  return sql`max(bitAnd(bits, ${openers}) != 0 AND bitAnd(bits, ${entry}) != 0)`;
}

/** One row per relevant event: `subject`, `at`, `bits`, `packed`, and what the shape or the caller asks for. */
export function steppedEvents(
  scope: EventScope,
  parameters: FunnelParameters,
  shape: RowShape,
  asked: readonly EventColumn[] = [],
): Sql {
  const { order, firstTime } = parameters;
  const { fits, bits } = conditionsOf(parameters);
  const inPeriod = sql`at >= ${bind('from', 'Int64', scope.fromMs)} AND at < ${bind('to', 'Int64', scope.toMs)}`;
  const wanted = [
    fits,
    ...(order === 'strict' ? [IS_OTHER] : []),
    ...(shape.values ? [shape.values.isWanted] : []),
  ];
  const flags = [...(order === 'strict' ? [asBit(IS_OTHER, OTHER_BIT)] : []), asBit(inPeriod, ENTRY_BIT)];
  const time = sql`at - ${bind('base', 'Int64', baseMs(scope))}`;
  return sql`
  SELECT
    ${subjectOf(parameters)} AS subject, at,
    ${joinSql([bits, ...flags], sql` + `)} AS bits,
    toUInt64(${firstTime ? sql`greatest(${time}, 0)` : time}) * 16777216 + bits AS packed
    ${shape.values ? sql`, ${shape.values.value} AS value` : sql``}
    ${shape.hasMoney ? sql`, revenue, currency, ${shape.hasNoOrders ? sql`true` : isFirstOfOrder(scope)} AS is_first_of_order` : sql``}
    ${joinSql(
      asked.map((name) => sql`, ${eventColumn(name)}`),
      sql``,
    )}
  FROM (${sourceOf(scope, parameters, shape.values?.facts ?? [])}
  ) AS events
  WHERE at <= ${bind('until', 'Int64', scope.toMs + parameters.windowMs)}${firstTime ? sql`` : sql` AND at >= ${bind('from', 'Int64', scope.fromMs)}`}
    AND ${anyOf(wanted)}
    AND ${hasSubject(parameters)}`;
}

/**
 * Whether an event fits any step or exclusion, and all that it fits as bits. Conditions that are a name and nothing else
 * are looked up together, once per name: that is what most funnels are made of, and several times as fast.
 */
function conditionsOf({ steps, exclusions = [] }: FunnelParameters): { fits: Sql; bits: Sql } {
  const ofNames = new Map<string, number>();
  const others: { fit: Sql; bit: number }[] = [];
  for (const [bit, condition] of [...steps, ...exclusions].entries()) {
    const names = namesOf(condition);
    if (!names) others.push({ fit: stepSql(condition), bit });
    for (const name of names ?? []) ofNames.set(name, (ofNames.get(name) ?? 0) | (1 << bit));
  }
  const names = bind('names', 'Array(String)', [...ofNames.keys()]);
  const byName = ofNames.size === 0 ? [] : [sql`name IN ${names}`];
  const nameBits = sql`transform(name, ${names}, ${bind('name_bits', 'Array(UInt32)', [...ofNames.values()])}, toUInt32(0))`;
  return {
    fits: anyOf([...byName, ...others.map(({ fit }) => fit)]),
    bits: joinSql(
      [...(ofNames.size === 0 ? [] : [nameBits]), ...others.map(({ fit, bit }) => asBit(fit, bit))],
      sql` + `,
    ),
  };
}

/** DESIGN §4, `strict`: engagement, vitals, errors and identify do not count. */
export const IS_OTHER = sql`kind IN ('page_view', 'screen', 'custom', 'form_submit', 'click', 'rage_click', 'dead_click', 'outbound_link', 'file_download')`;

function asBit(test: Sql, bit: number): Sql {
  return sql`toUInt32(${test}) * ${bind('mask', 'UInt32', 2 ** bit)}`;
}

function subjectOf({ countBy }: FunnelParameters): Sql {
  if (countBy === 'session') return sql`(visitor, session_start)`;
  return countBy === 'account' ? sql`toString(account_id)` : sql`person`;
}

function hasSubject({ countBy }: FunnelParameters): Sql {
  if (countBy === 'session') return sql`session_start != 0`;
  return countBy === 'account' ? sql`account_id != ''` : sql`true`;
}
