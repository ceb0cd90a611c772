/** A funnel's figures, decided and added up inside the engine: one row comes back. */
import { bind, joinSql, renderSql, type Sql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import { type DayWords, questionOfWords, wordsFor } from './day-words.ts';
import type { FunnelWorld } from './decide-all.ts';
import { type Definition, toWords } from './definition.ts';
import { machineSql } from './engine-host.ts';
import { type Figures, toFigures } from './figures.ts';
import { type MoneyFacts, readMoneyFacts } from './money-facts.ts';
import { type FunnelParameters, MOST_STEPS } from './parameters.ts';
import { groupedEvents, groupedWords } from './read-events.ts';
import { baseMs } from './source.ts';
import type { IntervalCounts } from './trend.ts';

export type EngineFigures = {
  excluded: number;
  figures: Figures;
  /** By the first moment of the interval. */
  intervals: ReadonlyMap<number, IntervalCounts>;
};

type FigureRow = {
  /** As machine/tally.ts counts. */
  counts: number[];
  median_gaps: (number | null)[];
  median_totals: (number | null)[];
  conversion_times: number[];
  /** Keys are the step's number and the currency. */
  revenue: [string[], number[]];
  /** Starts of intervals; who entered in them, converted, and may still. */
  intervals: [number[], number[], number[], number[]];
};

export type FigureQuestion = {
  scope: EventScope;
  parameters: FunnelParameters;
  definition: Definition;
  /** The first moments of a trend's intervals; empty without one. */
  starts: readonly number[];
};

/** Throws what the engine throws: where it cannot host the machine, somebody else must decide. */
export async function readEngineFigures(
  question: FigureQuestion,
  { reader, signal }: FunnelWorld,
): Promise<EngineFigures> {
  const { scope, parameters, definition } = question;
  const [money, days] = await Promise.all([
    readMoneyFacts(scope, parameters, { reader, signal }),
    wordsFor(scope, parameters, { reader, signal }),
  ]);
  const { text, parameters: values } = renderSql(figuresSql(question, money, days));
  const { rows } = await reader.query<FigureRow>(text, { parameters: values, ...(signal && { signal }) });
  const row = rows[0];
  if (!row) throw new Error('Expected one row of figures from the engine, got none');
  const of = (part: keyof typeof PARTS) =>
    definition.steps.map((_, step) => row.counts[PARTS[part] + step] ?? 0);
  const [filled, gapSums, totalSums] = [of('filled'), of('gapSums'), of('totalSums')];
  const meanOf = (sums: readonly number[], step: number) =>
    filled[step] ? (sums[step] ?? 0) / filled[step] : null;
  const [starts, entered, converted, open] = row.intervals;
  return {
    excluded: row.counts[0] ?? 0,
    figures: toFigures(definition.steps, {
      filled,
      furthest: of('furthest'),
      open: of('open'),
      medianGaps: [null, ...row.median_gaps],
      meanGaps: definition.steps.map((_, step) => (step === 0 ? null : meanOf(gapSums, step))),
      medianTotals: [null, ...row.median_totals],
      meanTotal: meanOf(totalSums, definition.steps.length - 1),
      conversionTimes: row.conversion_times,
      revenue: definition.steps.map((_, step) => moneyOf(row.revenue, step)),
    }),
    intervals: new Map(
      starts.map((start, place) => [
        start,
        { entered: entered[place] ?? 0, converted: converted[place] ?? 0, open: open[place] ?? 0 },
      ]),
    ),
  };
}

/** Keys are the step's number and the currency. */
function moneyOf([keys, sums]: FigureRow['revenue'], step: number): Map<string, number> {
  const prefix = `${step + 1} `;
  return new Map(
    keys.flatMap((key, index): [string, number][] =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), sums[index] ?? 0]] : [],
    ),
  );
}

/** Where the machine's counts of the first step lie; those of the others follow. */
const PARTS = {
  furthest: 1,
  open: 1 + MOST_STEPS,
  filled: 1 + 2 * MOST_STEPS,
  gapSums: 1 + 3 * MOST_STEPS,
  totalSums: 1 + 4 * MOST_STEPS,
} as const;
const COUNTS = 1 + 5 * MOST_STEPS;

/** Which of the machine's lists is which: a step's times from the previous and from the first step, and the others. */
const gapsOf = (step: number) => listOf(step);
const totalsOf = (step: number) => (step === 1 ? gapsOf(1) : listOf(MOST_STEPS + step));
const ENTRIES = listOf(2 * MOST_STEPS);
const PAID_STEPS = listOf(2 * MOST_STEPS + 1);
const PAID_CURRENCIES = listOf(2 * MOST_STEPS + 2);
const PAID_AMOUNTS = listOf(2 * MOST_STEPS + 3);

/** Two words after the counts say where it begins and how long it is. */
function listOf(list: number): Sql {
  const place = (more: number) => sql`tally[${bind('list', 'UInt16', COUNTS + 1 + 2 * list + more)}]`;
  return sql`arraySlice(tally, ${place(0)}, ${place(1)})`;
}

function figuresSql(question: FigureQuestion, money: MoneyFacts, days: DayWords | undefined): Sql {
  const { scope, definition, starts } = question;
  const later = definition.steps.map((_, step) => step).slice(1);
  const last = definition.steps.length - 1;
  const medians = (of: (step: number) => Sql) =>
    sql`[${joinSql(later.map((step) => sql`quantileExactInclusiveArray(0.5)(${of(step)})`))}]`;
  const startOf = sql`roundDown(toInt64(bitShiftRight(entry, 2)) + ${bind('base', 'Int64', baseMs(scope))}, ${bind('interval_starts', 'Array(Int64)', starts)})`;
  return sql`
SELECT
  sumForEach(arraySlice(tally, 1, ${bind('counts', 'UInt16', COUNTS)})) AS counts,
  ${medians(gapsOf)} AS median_gaps,
  ${medians(totalsOf)} AS median_totals,
  groupArrayArray(${totalsOf(last)}) AS conversion_times,
  ${
    money.hasRevenue
      ? sql`sumMap(
    arrayMap((step, currency) -> concat(toString(step), ' ', reinterpretAsString(currency)), ${PAID_STEPS}, ${PAID_CURRENCIES}),
    arrayMap(amount -> reinterpretAsInt64(amount), ${PAID_AMOUNTS})
  )`
      : sql`(emptyArrayString(), emptyArrayInt64())`
  } AS revenue,
  ${
    starts.length > 0
      ? sql`sumMap(
    arrayMap(entry -> ${startOf}, ${ENTRIES} AS entries), arrayMap(entry -> toUInt64(1), entries),
    arrayMap(entry -> bitAnd(bitShiftRight(entry, 1), 1), entries), arrayMap(entry -> bitAnd(entry, 1), entries)
  )`
      : sql`(emptyArrayInt64(), emptyArrayUInt64(), emptyArrayUInt64(), emptyArrayUInt64())`
  } AS intervals
FROM (${tallies(question, money, days)}
)
WHERE notEmpty(tally)`;
}

/** A row per block of persons: what machine/tally.ts says of them. */
function tallies(question: FigureQuestion, money: MoneyFacts, days: DayWords | undefined): Sql {
  const { scope, parameters, definition, starts } = question;
  const asked = [scope.nowMs - baseMs(scope), starts.length > 0 ? 1 : 0];
  const noSales = sql`emptyArrayUInt64()`;
  if (days) {
    const ofWords = questionOfWords(scope, days);
    return sql`
  SELECT ${machineSql().ofDays}(${inFirstRow([...asked, ...ofWords, ...toWords(definition)])}, subjects, heads, all_words, long_counts, all_longs, all_sold) AS tally
  FROM (${groupedWords(scope, parameters, days, money.hasRevenue ? money : undefined)}
  )`;
  }
  const shape = {
    hasKey: false,
    hasSubject: false,
    values: undefined,
    hasMoney: money.hasRevenue,
    hasNoOrders: !money.hasOrders,
    isForMachine: true,
  };
  return sql`
  SELECT ${machineSql().ofEvents}(${inFirstRow([...asked, ...toWords(definition)])}, packed_events, ${money.hasRevenue ? sql`money` : noSales}) AS tally
  FROM (${groupedEvents(scope, parameters, shape)}
  )`;
}

/** A constant would be written out for every row. */
export function inFirstRow(question: readonly number[]): Sql {
  return sql`if(rowNumberInBlock() = 0, ${bind('question', 'Array(Int64)', question)}, emptyArrayInt64())`;
}
