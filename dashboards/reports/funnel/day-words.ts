/**
 * Days as words of 32 bits, for funnels of names alone: the shortest way into the machine (machine/words.ts reads them).
 * A day begins with the moment that it counts from; an event is the ms since then and the number of a pattern of bits.
 */
import { bind, joinSql, type Sql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { SettledReading } from '../settled/settled-days.ts';
import { nameBits } from './conditions.ts';
import { OTHER_BIT } from './definition.ts';
import type { FunnelParameters } from './parameters.ts';
import { baseMs } from './source.ts';
import { readingOf, SALES, storedSales, visitorDays } from './stored-days.ts';

/** Which patterns of bits there are, by their numbers from 1, and which name's events bear which. */
export type Coding = { patterns: number[]; names: string[]; codes: number[]; others: number };

const MOST_PATTERNS = 29;

/** Undefined where steps ask for more than names, or for too many different ones. */
export function codingOf(parameters: FunnelParameters): Coding | undefined {
  const { bits, hasOthers } = nameBits(parameters);
  if (hasOthers) return undefined;
  const isStrict = parameters.order === 'strict';
  const always = isStrict ? 2 ** OTHER_BIT : 0;
  const patterns = [...new Set([...bits.values(), ...(isStrict ? [0] : [])])];
  if (patterns.length > MOST_PATTERNS) return undefined;
  return {
    patterns: patterns.map((pattern) => pattern + always),
    names: [...bits.keys()],
    codes: [...bits.values()].map((pattern) => patterns.indexOf(pattern) + 1),
    others: patterns.indexOf(0) + 1,
  };
}

/** What the machine must know to read them, before the definition. */
export function questionOfWords({ fromMs, toMs }: EventScope, { patterns }: Coding): number[] {
  return [fromMs - 1, toMs - fromMs, patterns.length, ...patterns];
}

export type WordsRequest = {
  scope: EventScope;
  reading: SettledReading;
  coding: Coding;
  money: { hasOrders: boolean } | undefined;
};

/** Rows of `subject` and `words`. */
export function storedWords({ scope, reading, coding, money }: WordsRequest): Sql {
  const codeOf = (name: Sql) =>
    sql`transform(${name}, ${bind('names', 'Array(String)', coding.names)}, ${bind('codes', 'Array(UInt32)', coding.codes)}, ${bind('other_names', 'UInt32', coding.others)})`;
  const given = { name: sql`name`, values: sql`sales.name` };
  const sale = sql`(toUInt64(after), toUInt64(${codeOf(sql`name`)}), currency, ten_thousandths)`;
  const sales = money ? sql`, ${saleWords(storedSales(scope, given, sale, money))}` : sql``;
  return sql`
  SELECT subject, arrayConcat([${moment(sql`moment`)}], events${sales}) AS words
  FROM (
    SELECT
      subject, toUInt64(toUnixTimestamp64Milli(first_time)) AS moment,
      arrayFilter(word -> bitAnd(word, 31) != 0, arrayMap(
        (after, name) -> bitOr(bitShiftLeft(after, 5), ${codeOf(sql`name`)}), deeds.after_ms, deeds.name
      )) AS events,
      ${SALES}
    FROM (${visitorDays(scope, reading)}
    )
  )
  WHERE notEmpty(events)`;
}

/** The same of one person's packed events and money, as read-events.ts lists them. */
export function wordsOfEvents(
  scope: EventScope,
  { patterns }: Coding,
  events: Sql,
  money: Sql | undefined,
): Sql {
  const base = bind('base', 'Int64', baseMs(scope));
  const bits = patterns.reduce((all, pattern) => all | pattern, 0);
  const at = sql`toUInt64(toInt64(bitShiftRight(packed, 24)) + ${base})`;
  const code = sql`transform(toUInt32(bitAnd(packed, ${bind('mask', 'UInt32', bits)})), ${bind('patterns', 'Array(UInt32)', patterns)}, ${bind(
    'codes',
    'Array(UInt32)',
    patterns.map((_, place) => place + 1),
  )}, toUInt32(0))`;
  const ofEvents = sql`arrayFlatten(arrayMap(packed -> [${moment(at)}, ${code}], ${events}))`;
  if (!money) return ofEvents;
  return sql`arrayConcat(${ofEvents}, arrayFlatten(arrayMap(
      (packed, sale) -> arrayConcat([${moment(at)}], ${saleWords(sql`[(toUInt64(0), toUInt64(${code}), sale.2, sale.3)]`)}),
      tupleElement(${money} AS sales_of_events, 1), sales_of_events
    )))`;
}

/** Two words: the upper and the lower 27 bits. */
function moment(ms: Sql): Sql {
  return joinSql([word(MOMENT, sql`bitShiftRight(${ms}, 27)`), word(MOMENT, ms)]);
}

/** Of (ms after the moment, pattern, currency, ten-thousandths). */
function saleWords(sales: Sql): Sql {
  const amount = sql`reinterpretAsUInt64(sale.4)`;
  const currency = sql`reinterpretAsUInt64(sale.3)`;
  const numbers = [
    sql`sale.1`,
    sql`sale.2`,
    amount,
    sql`bitShiftRight(${amount}, 27)`,
    sql`bitShiftRight(${amount}, 54)`,
    currency,
    sql`bitShiftRight(${currency}, 27)`,
  ];
  return sql`arrayFlatten(arrayMap(sale -> [${joinSql(numbers.map((number) => word(SALE, number)))}], ${sales}))`;
}

const MOMENT = sql`31`;
const SALE = sql`30`;

function word(code: Sql, number: Sql): Sql {
  return sql`bitOr(bitShiftLeft(toUInt32(bitAnd(${number}, 134217727)), 5), toUInt32(${code}))`;
}

/** What to read as words, and how; undefined where a question needs more. */
export function wordsFor(
  scope: EventScope,
  parameters: FunnelParameters,
): Pick<WordsRequest, 'reading' | 'coding'> | undefined {
  const reading = readingOf(scope, parameters);
  const coding = reading && codingOf(parameters);
  return coding && { reading, coding };
}
