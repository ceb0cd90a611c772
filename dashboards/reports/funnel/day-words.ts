/**
 * Settled days as they are stored, for funnels of names alone: the machine takes the words as they lie in the table
 * (machine/words.ts), so that the engine has nothing to do but to read and to gather them.
 */
import { bind, renderSql, type Sql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import { isOfDays } from '../events/settled-edges.ts';
import { addDays } from '../period/calendar.ts';
import { codeOfName, codeOfNameSql, longWord, PLACES, saleWords } from '../settled/deed-words.ts';
import type { SettledDay, SettledReading } from '../settled/settled-days.ts';
import { nameBits } from './conditions.ts';
import type { FunnelWorld } from './decide-all.ts';
import { OTHER_BIT } from './definition.ts';
import type { FunnelParameters } from './parameters.ts';
import { baseMs } from './source.ts';
import { readingOf, storedSales, visitorDays } from './stored-days.ts';

/** Which bits the words of a name bear, and those of all others. */
type Coding = { names: string[]; codes: number[]; patterns: number[]; others: number };

export type DayWords = {
  reading: SettledReading;
  coding: Coding;
  /** Some name that is asked for has no place among a day's words: its deeds are told by the day's long words. */
  needsLongWords: boolean;
};

/** As many as the machine has room for. */
const MOST_NAMES = 200;

/** What to read as words, and how; undefined where a question needs more, or where a word may mean two names. */
export async function wordsFor(
  scope: EventScope,
  parameters: FunnelParameters,
  world: Pick<FunnelWorld, 'reader' | 'signal'>,
): Promise<DayWords | undefined> {
  const reading = readingOf(scope, parameters);
  const coding = reading && codingOf(parameters);
  if (!coding || daysSince(reading.all, reading.all.at(-1)) > MOST_DAYS) return undefined;
  const hasUnlisted = reading.all.some(({ deeds }) => deeds.hasLongWords);
  const isClear = hasUnlisted
    ? await areAllClear(scope, reading, coding, world)
    : reading.all.every(({ deeds }) => deeds.placedNames.every((name) => isClearBeside(name, coding)));
  if (!isClear) return undefined;
  const needsLongWords = reading.all.some(
    ({ deeds }) => deeds.hasLongWords && coding.names.some((name) => !deeds.placedNames.includes(name)),
  );
  return { reading, coding, needsLongWords };
}

function codingOf(parameters: FunnelParameters): Coding | undefined {
  const { bits, hasOthers } = nameBits(parameters);
  if (hasOthers || bits.size > MOST_NAMES) return undefined;
  const others = parameters.order === 'strict' ? 2 ** OTHER_BIT : 0;
  const codes = [...bits.keys()].map(codeOfName);
  if (new Set(codes).size < codes.length) return undefined;
  return {
    names: [...bits.keys()],
    codes,
    patterns: [...bits.values()].map((pattern) => pattern + others),
    others,
  };
}

/** Long words tell sales, and what happened in days that are not settled, by the codes of names. */
function isClearBeside(name: string, { names, codes }: Coding): boolean {
  return names.includes(name) || !codes.includes(codeOfName(name));
}

async function areAllClear(
  scope: EventScope,
  reading: SettledReading,
  coding: Coding,
  { reader, signal }: Pick<FunnelWorld, 'reader' | 'signal'>,
): Promise<boolean> {
  const { text, parameters } = renderSql(unclearDays(scope, reading, coding));
  const { rows } = await reader.query<{ unclear: number }>(text, { parameters, ...(signal && { signal }) });
  return rows[0]?.unclear === 0;
}

/** How many of the days have a name that bears the code of one that is asked for, or more names than are listed. */
function unclearDays(scope: EventScope, { all }: SettledReading, { names, codes }: Coding): Sql {
  const isAsked = sql`${codeOfNameSql(sql`name`)} IN ${bind('codes', 'Array(UInt32)', codes)}`;
  return sql`
SELECT count() AS unclear
FROM settled_days FINAL
WHERE ${isOfDays(scope, all)}
  AND (NOT has_all_names OR arrayExists(name -> ${isAsked} AND name NOT IN ${bind('names', 'Array(String)', names)}, deed_names))`;
}

/** What the machine must know to read them, before the definition. */
export function questionOfWords(scope: EventScope, { reading, coding, needsLongWords }: DayWords): number[] {
  const { codes, patterns, others } = coding;
  const lists = new Map<string, { place: number; patterns: number[] }>();
  const days = new Array<[number, number]>(daysSince(reading.all, reading.all.at(-1)) + 1).fill([0, 0]);
  for (const day of reading.all) {
    const { placedNames } = day.deeds;
    const key = JSON.stringify(placedNames);
    const list = lists.get(key) ?? {
      place: lists.size,
      patterns: patternsOf(placedNames, coding, needsLongWords),
    };
    lists.set(key, list);
    days[daysSince(reading.all, day)] = [day.fromMs - baseMs(scope), list.place];
  }
  return [
    ...[baseMs(scope), scope.toMs - scope.fromMs, others],
    ...[codes.length, ...codes.flatMap((code, index) => [code, patterns[index] ?? 0])],
    ...[lists.size, ...[...lists.values()].flatMap((list) => list.patterns)],
    ...[days.length, ...days.flat()],
  ];
}

/** By place. Deeds without one are others, unless they are read as long words. */
function patternsOf(
  placed: readonly string[],
  { names, patterns, others }: Coding,
  isLong: boolean,
): number[] {
  const all = new Array<number>(PLACES).fill(others);
  if (isLong) all[0] = 0;
  for (const [index, name] of placed.entries()) {
    const asked = names.indexOf(name);
    if (asked >= 0) all[index + 1] = patterns[asked] ?? 0;
  }
  return all;
}

/** How many days lie between the first that is read and this one. */
function daysSince([first]: readonly SettledDay[], day: SettledDay | undefined): number {
  return first && day ? Math.round((Date.parse(day.day) - Date.parse(first.day)) / DAY_MS) : 0;
}

const DAY_MS = Date.parse(addDays('1970-01-01', 1));

/** A head, as machine/bucket.ts takes it apart: the day, the length of the sales, that of the words. */
const WORD_BITS = 26;
const SALE_BITS = 24;
const MOST_DAYS = 2 ** (64 - WORD_BITS - SALE_BITS) - 1;

function head(day: Sql, sales: Sql, words: Sql): Sql {
  return sql`toUInt64(${day}) * ${bind('day_unit', 'UInt64', 2 ** (WORD_BITS + SALE_BITS))} + length(${sales}) * ${bind('sale_unit', 'UInt64', 2 ** WORD_BITS)} + length(${words})`;
}

/** Each is handed over as a whole, and put together best where it fits into a processor's cache. */
const WORDS_PER_BUCKET = 160_000;
/** For many processors to share; and for events that are not settled, of which nobody knows how many there are. */
const FEWEST_BUCKETS = 64;

/** In how many buckets to gather persons: a power of two. */
export function bucketsFor({ reading }: DayWords): number {
  const words = reading.all.reduce((sum, { deeds }) => sum + deeds.count, 0);
  return 2 ** Math.ceil(Math.log2(Math.max(FEWEST_BUCKETS, words / WORDS_PER_BUCKET)));
}

/** What of each row is handed over: `subject`, `head`, `words`, and where they are asked for `long_words` and `sale_words`. */
export type WordColumns = { hasLongWords: boolean; money: { hasOrders: boolean } | undefined };

export function storedWords(scope: EventScope, days: DayWords, { hasLongWords, money }: WordColumns): Sql {
  const first = bind('first_day', 'String', days.reading.all[0]?.day);
  const sales = money ? salesOfDays(scope, money) : sql`emptyArrayUInt64()`;
  const long = days.needsLongWords ? sql`long_words` : sql`emptyArrayUInt64()`;
  return sql`
  SELECT
    subject, ${sales} AS sold, ${head(sql`day - toDate(${first})`, sql`sold`, sql`deeds.word`)} AS head,
    deeds.word AS words${hasLongWords ? sql`, ${long} AS longs` : sql``}
  FROM (${visitorDays(scope, days.reading)}
  )`;
}

function salesOfDays(scope: EventScope, money: { hasOrders: boolean }): Sql {
  if (!money.hasOrders) return sql`sale_words`;
  const sale = sql`(word, currency, ten_thousandths)`;
  return saleWords(storedSales(scope, { name: sql`name`, values: sql`sales.name` }, sale, money));
}

/** The same, one row per subject, of `events` as read-events.ts lists them, with their names. */
export function wordsOfEvents({ coding }: DayWords, events: Sql, { money }: WordColumns): Sql {
  const code = sql`transform(name, ${bind('names', 'Array(String)', coding.names)}, ${bind('codes', 'Array(UInt32)', coding.codes)}, ${bind('no_code', 'UInt32', unusedCode(coding))})`;
  const sale = saleWords(sql`[(word, toString(currency), toInt64(revenue * 10000))]`);
  const sales = money
    ? sql`groupArrayArrayIf(${sale}, revenue != 0 AND is_first_of_order)`
    : sql`emptyArrayUInt64()`;
  return sql`
  SELECT
    subject, ${sales} AS sold, ${head(bind('last_day', 'UInt64', MOST_DAYS), sql`sold`, sql`emptyArrayUInt32()`)} AS head,
    emptyArrayUInt32() AS words, groupArray(${longWord(sql`at`, code)} AS word) AS longs
  FROM (${events}
  )
  GROUP BY subject`;
}

/** Of names that nobody asked for. */
function unusedCode({ codes }: Coding): number {
  let code = 0;
  while (codes.includes(code)) code += 1;
  return code;
}
