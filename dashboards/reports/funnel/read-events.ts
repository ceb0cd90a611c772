/**
 * Which of a site's events matter to a funnel, grouped by whom it counts: the query whose rows the machine decides.
 *
 * One row per person (session, account) who did the first step in the period: the sorted events, each packed into 64
 * bits (time, then a bit for every step and exclusion it fits). Whoever never entered does not leave the engine.
 */
import { anyOf, bind, joinSql, type Sql, sql } from '../../sql.ts';
import { type EventColumn, eventColumn } from '../events/columns.ts';
import { IS_DEED } from '../events/deeds.ts';
import type { EventScope } from '../events/scope.ts';
import { isFirstOfOrder } from '../goals/goals.ts';
import { saleWords } from '../settled/deed-words.ts';
import type { SettledReading } from '../settled/settled-days.ts';
import { asBit, conditionsOf } from './conditions.ts';
import { bucketsFor, type DayWords, storedWords, wordsOfEvents } from './day-words.ts';
import { ENTRY_BIT, OTHER_BIT } from './definition.ts';
import type { FunnelParameters } from './parameters.ts';
import type { RowShape } from './row-shape.ts';
import { baseMs, sourceOf } from './source.ts';
import { readingOf, storedDays } from './stored-days.ts';

/** Of all who entered, and few others: for whoever decides elsewhere. */
export function funnelRows(scope: EventScope, parameters: FunnelParameters, shape: RowShape): Sql {
  const reading = readingFor(scope, parameters, shape);
  return sql`${groupedEvents(scope, parameters, shape)}
HAVING ${reading ? hasEntered(parameters) : mayHaveEntered(parameters)}`;
}

/** Of everybody with any event of the funnel. */
export function groupedEvents(scope: EventScope, parameters: FunnelParameters, shape: RowShape): Sql {
  const reading = readingFor(scope, parameters, shape);
  const listed = sql`groupArray(${shape.values ? sql`(packed, value)` : sql`packed`})`;
  const events = reading ? sql`groupArrayArray(packed_events)` : listed;
  const columns = [
    ...(shape.hasKey ? [keyOf(parameters)] : []),
    ...(shape.hasSubject ? [sql`toString(subject) AS subject_text`] : []),
    sql`${shape.isForMachine ? events : sql`arraySort(${events})`} AS packed_events`,
    ...(shape.hasMoney ? [sql`${moneyIn(shape, reading)} AS money`] : []),
  ];
  const source = reading
    ? daysAndRest(scope, parameters, shape, reading)
    : steppedEvents(scope, parameters, shape);
  return sql`
SELECT
  ${joinSql(
    columns,
    sql`,
  `,
  )}
FROM (${source}
)
GROUP BY subject`;
}

function moneyIn({ isForMachine }: RowShape, reading: SettledReading | undefined): Sql {
  if (isForMachine) return reading ? sql`groupArrayArray(money)` : SALES_OF_EVENTS;
  return sql`arraySort(${reading ? sql`groupArrayArrayIf(money, notEmpty(money))` : MONEY_OF_EVENTS})`;
}

/** Values are read from events alone. */
function readingFor(scope: EventScope, parameters: FunnelParameters, { values }: RowShape) {
  return values ? undefined : readingOf(scope, parameters);
}

/** What is stored of settled days, and all else from the events: rows of `subject`, `packed_events`, `money`. */
function daysAndRest(
  scope: EventScope,
  parameters: FunnelParameters,
  shape: RowShape,
  reading: SettledReading,
): Sql {
  const { hasMoney, hasNoOrders, isForMachine = false } = shape;
  const money = hasMoney ? { hasOrders: !hasNoOrders, isForMachine } : undefined;
  const days = storedDays({ scope, parameters, reading, money });
  if (reading.unsettled.length === 0 && !scope.identity.hasTangled) return days;
  const ofEvents = isForMachine ? SALES_OF_EVENTS : MONEY_OF_EVENTS;
  return sql`${days}
  UNION ALL
  SELECT subject, groupArray(packed) AS packed_events${hasMoney ? sql`, ${ofEvents} AS money` : sql``}
  FROM (${steppedEvents(scope, parameters, shape, [], reading)}
  )
  GROUP BY subject`;
}

/**
 * Of everybody with any event of the funnel, as words of days: lists of all rows of a bucket, as the machine takes them.
 * Persons are gathered by a part of their number, so that the engine keeps few long lists instead of very many short ones;
 * the machine tells them apart (machine/persons.ts).
 */
export function groupedWords(
  scope: EventScope,
  parameters: FunnelParameters,
  days: DayWords,
  money: { hasOrders: boolean } | undefined,
): Sql {
  const shape = {
    hasKey: false,
    hasSubject: false,
    values: undefined,
    hasMoney: money !== undefined,
    hasNoOrders: !money?.hasOrders,
  };
  const hasRest = days.reading.unsettled.length > 0 || scope.identity.hasTangled;
  const columns = { hasLongWords: hasRest || days.needsLongWords, money };
  const none = sql`emptyArrayUInt64()`;
  const rest = () =>
    wordsOfEvents(days, steppedEvents(scope, parameters, shape, ['name'], days.reading), columns);
  return sql`
SELECT
  groupArray(subject) AS subjects, groupArray(head) AS heads, groupArrayArray(words) AS all_words,
  ${columns.hasLongWords ? sql`groupArray(length(longs))` : none} AS long_counts,
  ${columns.hasLongWords ? sql`groupArrayArray(longs)` : none} AS all_longs,
  ${money ? sql`groupArrayArray(sold)` : none} AS all_sold
FROM (${storedWords(scope, days, columns)}
  ${hasRest ? sql`UNION ALL${rest()}` : sql``}
)
GROUP BY toUInt64(bitAnd(subject, ${bind('bucket_mask', 'UInt64', bucketsFor(days) - 1)}))`;
}

/** The revenue of everybody who has some: rows with a key, no events, and the money. */
export function moneyRows(scope: EventScope, parameters: FunnelParameters): Sql {
  const shape = { hasKey: true, hasSubject: false, values: undefined, hasMoney: true };
  return sql`
SELECT ${keyOf(parameters)}, emptyArrayUInt64() AS packed_events, arraySort(${moneyOf(sql`groupArray(${MONEY})`)}) AS money
FROM (${steppedEvents(scope, parameters, shape)}
)
WHERE revenue != 0 AND is_first_of_order
GROUP BY subject`;
}

const MONEY = sql`(packed, currency, revenue)`;
const MONEY_OF_EVENTS = moneyOf(sql`groupArrayIf(${MONEY}, revenue != 0 AND is_first_of_order)`);
/** Of a person's events, as the machine takes them. */
export const SALES_OF_EVENTS = saleWords(MONEY_OF_EVENTS);

/** Converted where little is left of it: before, it would be for every event. */
function moneyOf(list: Sql): Sql {
  return sql`arrayMap(one -> (one.1, toString(one.2), toInt64(one.3 * 10000)), ${list})`;
}

function keyOf({ countBy }: FunnelParameters): Sql {
  return countBy === 'person' ? sql`subject AS key` : sql`sipHash64(subject) AS key`;
}

/** Lets through all who entered, and few others: the machine has the last word. */
function mayHaveEntered(parameters: FunnelParameters): Sql {
  return sql`max(${opens(sql`bits`, parameters)})`;
}

function hasEntered(parameters: FunnelParameters): Sql {
  return sql`arrayExists(packed -> ${opens(sql`packed`, parameters)}, packed_events)`;
}

function opens(bits: Sql, { order, steps }: FunnelParameters): Sql {
  const openers = bind('openers', 'UInt32', order === 'any' ? 2 ** steps.length - 1 : 1);
  const entry = bind('entry', 'UInt32', 2 ** ENTRY_BIT);
  return sql`bitAnd(${bits}, ${openers}) != 0 AND bitAnd(${bits}, ${entry}) != 0`;
}

/**
 * One row per relevant event: `subject`, `at`, `bits`, `packed`, and what the shape or the caller asks for. With a
 * `reading` without those that settled days tell.
 */
export function steppedEvents(
  scope: EventScope,
  parameters: FunnelParameters,
  shape: RowShape,
  asked: readonly EventColumn[] = [],
  reading?: SettledReading,
): Sql {
  const { order, firstTime } = parameters;
  const { fits, bits } = conditionsOf(parameters);
  const inPeriod = sql`at >= ${bind('from', 'Int64', scope.fromMs)} AND at < ${bind('to', 'Int64', scope.toMs)}`;
  const wanted = [
    fits,
    ...(order === 'strict' ? [IS_DEED] : []),
    ...(shape.values ? [shape.values.isWanted] : []),
  ];
  const flags = [...(order === 'strict' ? [asBit(IS_DEED, OTHER_BIT)] : []), asBit(inPeriod, ENTRY_BIT)];
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
  FROM (${sourceOf(scope, parameters, shape.values?.facts ?? [], reading)}
  ) AS events
  WHERE at <= ${bind('until', 'Int64', scope.toMs + parameters.windowMs)}${firstTime ? sql`` : sql` AND at >= ${bind('from', 'Int64', scope.fromMs)}`}
    AND ${anyOf(wanted)}
    AND ${hasSubject(parameters)}`;
}

function subjectOf({ countBy }: FunnelParameters): Sql {
  if (countBy === 'session') return sql`(visitor, session_start)`;
  return countBy === 'account' ? sql`toString(account_id)` : sql`person`;
}

function hasSubject({ countBy }: FunnelParameters): Sql {
  if (countBy === 'session') return sql`session_start != 0`;
  return countBy === 'account' ? sql`account_id != ''` : sql`true`;
}
