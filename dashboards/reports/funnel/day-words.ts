/**
 * Settled days as they are stored, for funnels of names alone: the machine takes the words as they lie in the table
 * (machine/words.ts), so that the engine has nothing to do but to read and to gather them.
 */
import { bind, renderSql, type Sql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import { isOfDays } from '../events/settled-edges.ts';
import { codeOfName, codeOfNameSql, deedWord, saleWords } from '../settled/deed-words.ts';
import type { SettledReading } from '../settled/settled-days.ts';
import { nameBits } from './conditions.ts';
import type { FunnelWorld } from './decide-all.ts';
import { OTHER_BIT } from './definition.ts';
import type { FunnelParameters } from './parameters.ts';
import { baseMs } from './source.ts';
import { readingOf, storedSales, visitorDays } from './stored-days.ts';

/** Which bits the words of a name's code bear, and those of all others. */
type Coding = { names: string[]; codes: number[]; patterns: number[]; others: number };

export type DayWords = { reading: SettledReading; coding: Coding };

/** As many as the machine has room for. */
const MOST_NAMES = 200;

/** What to read as words, and how; undefined where a question needs more, or where a word may mean two names. */
export async function wordsFor(
  scope: EventScope,
  parameters: FunnelParameters,
  { reader, signal }: Pick<FunnelWorld, 'reader' | 'signal'>,
): Promise<DayWords | undefined> {
  const reading = readingOf(scope, parameters);
  const coding = reading && codingOf(parameters);
  if (!coding) return undefined;
  const { text, parameters: values } = renderSql(unclearDays(scope, reading, coding));
  const { rows } = await reader.query<{ unclear: number }>(text, {
    parameters: values,
    ...(signal && { signal }),
  });
  return rows[0]?.unclear === 0 ? { reading, coding } : undefined;
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
export function questionOfWords(scope: EventScope, { codes, patterns, others }: Coding): number[] {
  const pairs = codes.flatMap((code, index) => [code, patterns[index] ?? 0]);
  return [baseMs(scope), scope.toMs - scope.fromMs, others, codes.length, ...pairs];
}

/** Rows of `subject`, `words` and, if asked for, `sale_words`. */
export function storedWords(
  scope: EventScope,
  { reading }: DayWords,
  money: { hasOrders: boolean } | undefined,
): Sql {
  const sales = !money?.hasOrders
    ? sql`sale_words`
    : saleWords(
        storedSales(
          scope,
          { name: sql`name`, values: sql`sales.name` },
          sql`(word, currency, ten_thousandths)`,
          money,
        ),
      );
  return sql`
  SELECT subject, deeds.word AS words${money ? sql`, ${sales} AS sale_words` : sql``}
  FROM (${visitorDays(scope, reading)}
  )`;
}

/** The same, one row per subject, of `events` as read-events.ts lists them, with their names. */
export function wordsOfEvents({ coding }: DayWords, events: Sql, hasMoney: boolean): Sql {
  const code = sql`transform(name, ${bind('names', 'Array(String)', coding.names)}, ${bind('codes', 'Array(UInt32)', coding.codes)}, ${bind('no_code', 'UInt32', unusedCode(coding))})`;
  const sale = saleWords(sql`[(word, toString(currency), toInt64(revenue * 10000))]`);
  const sales = sql`groupArrayArrayIf(${sale}, revenue != 0 AND is_first_of_order)`;
  return sql`
  SELECT subject, groupArray(${deedWord(sql`at`, code)} AS word) AS words${hasMoney ? sql`, ${sales} AS sale_words` : sql``}
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
