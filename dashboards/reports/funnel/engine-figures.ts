/** A funnel's figures, decided and added up inside the engine: one row comes back, and one per interval of a trend. */
import { bind, identifiers, joinSql, renderSql, type Sql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { FunnelWorld } from './decide-all.ts';
import { type Definition, toWords } from './definition.ts';
import { machineSql } from './engine-host.ts';
import { type Figures, toFigures } from './figures.ts';
import { type MoneyFacts, readMoneyFacts } from './money-facts.ts';
import type { FunnelParameters } from './parameters.ts';
import { baseMs, groupedEvents } from './read-events.ts';
import type { IntervalCounts } from './trend.ts';

export type EngineFigures = {
  excluded: number;
  figures: Figures;
  /** By the first moment of the interval. */
  intervals: ReadonlyMap<number, IntervalCounts>;
};

type FigureRow = {
  interval_start: number;
  excluded: number;
  furthest: number[];
  open: number[];
  filled: number[];
  median_gaps: (number | null)[];
  mean_gaps: (number | null)[];
  median_totals: (number | null)[];
  mean_total: number | null;
  conversion_times: number[];
  revenue: [string[], number[]];
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
  const money = await readMoneyFacts(scope, parameters, { reader, signal });
  const { text, parameters: values } = renderSql(figuresSql(question, money));
  const { rows } = await reader.query<FigureRow>(text, { parameters: values, ...(signal && { signal }) });
  // Where nobody has any event, groups have no total either.
  const total = rows.find(({ interval_start: start }) => start === ALL) ?? NOTHING;
  const last = definition.steps.length - 1;
  return {
    excluded: total.excluded,
    figures: toFigures(definition.steps, {
      filled: total.filled,
      furthest: total.furthest,
      open: total.open,
      medianGaps: [null, ...total.median_gaps],
      meanGaps: [null, ...total.mean_gaps],
      medianTotals: [null, ...total.median_totals],
      meanTotal: total.mean_total,
      conversionTimes: total.conversion_times,
      revenue: definition.steps.map((_, step) => moneyOf(total.revenue, step)),
    }),
    intervals: new Map(
      rows.map(({ interval_start: start, furthest, open }) => [
        start,
        {
          entered: furthest.reduce((all, one) => all + one, 0),
          converted: furthest[last] ?? 0,
          open: open.reduce((all, one) => all + one, 0),
        },
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

const NOTHING: FigureRow = {
  interval_start: 0,
  excluded: 0,
  furthest: [],
  open: [],
  filled: [],
  median_gaps: [],
  mean_gaps: [],
  median_totals: [],
  mean_total: null,
  conversion_times: [],
  revenue: [[], []],
};

/** What stands for an interval in the row of all, and for those who did not enter. */
const ALL = 0;
const NOBODY = sql`-1`;

const TIMES = Array.from({ length: 20 }, (_, step) => `time_${step + 1}`);
const timeName = identifiers(TIMES);

function timeOf(step: number): Sql {
  return timeName(TIMES[step] ?? '');
}

/** Place 1 says how far; the steps follow. */
function place(step: number): Sql {
  return sql`verdict[${bind('place', 'UInt8', step + 2)}]`;
}

function figuresSql({ scope, parameters, definition, starts }: FigureQuestion, money: MoneyFacts): Sql {
  const steps = definition.steps.map((_, step) => step);
  const later = steps.slice(1);
  const last = steps.length - 1;
  const isFilled = (step: number) => sql`${timeOf(step)} != 0`;
  const list = (parts: readonly Sql[]) => sql`[${joinSql(parts)}]`;
  const reached = (step: number) => sql`reached = ${bind('reached', 'UInt8', step + 1)}`;
  const gap = (step: number) => sql`toInt64(${timeOf(step)} - ${previousTime(definition, step)})`;
  const total = (step: number) => sql`toInt64(${timeOf(step)} - ${timeOf(0)})`;
  const median = (value: Sql, step: number) =>
    sql`quantileExactInclusiveIf(0.5)(${value}, ${isFilled(step)})`;
  const interval = starts.length === 0 ? sql`toInt64(${bind('all', 'Int64', ALL)})` : sql`interval_start`;
  return sql`
SELECT
  ${interval} AS interval_start,
  countIf(is_excluded) AS excluded,
  ${list(steps.map((step) => sql`countIf(${reached(step)})`))} AS furthest,
  ${list(steps.map((step) => sql`countIf(${reached(step)} AND is_open)`))} AS open,
  ${list(steps.map((step) => sql`countIf(${isFilled(step)})`))} AS filled,
  ${list(later.map((step) => median(gap(step), step)))} AS median_gaps,
  ${list(later.map((step) => sql`avgIf(${gap(step)}, ${isFilled(step)})`))} AS mean_gaps,
  ${list(later.map((step) => median(total(step), step)))} AS median_totals,
  avgIf(${total(last)}, ${isFilled(last)}) AS mean_total,
  groupArrayIf(${total(last)}, ${isFilled(last)}) AS conversion_times,
  ${money.hasRevenue ? sql`sumMap(paid_keys, paid_amounts)` : sql`(emptyArrayString(), emptyArrayInt64())`} AS revenue
FROM (${decided({ scope, parameters, definition, starts }, money)}
)
${starts.length === 0 ? sql`` : sql`GROUP BY interval_start WITH ROLLUP`}`;
}

/** Of the filled step before: the latest, where some may be left out. */
function previousTime({ steps }: Definition, step: number): Sql {
  if (!steps.some(({ isOptional }) => isOptional)) return timeOf(step - 1);
  return sql`arrayMax([${joinSql(steps.slice(0, step).map((_, before) => timeOf(before)))}])`;
}

/** One row per subject: how far, and when each step was filled, counted from `base`; 0 where it was not. */
function decided(
  { scope, parameters, definition, starts }: FigureQuestion,
  { hasRevenue: hasMoney, hasOrders }: MoneyFacts,
): Sql {
  const shape = { hasKey: false, hasSubject: false, values: undefined, hasMoney, hasNoOrders: !hasOrders };
  const base = bind('base', 'Int64', baseMs(scope));
  const last = bind('steps', 'UInt8', definition.steps.length);
  const times = definition.steps.map((_, step) => sql`bitShiftRight(${place(step)}, 24) AS ${timeOf(step)}`);
  const interval = sql`if(reached = 0, ${NOBODY}, roundDown(entry, ${bind('interval_starts', 'Array(Int64)', starts)}))`;
  return sql`
  SELECT
    verdict[1] >= 32 AS is_excluded,
    if(is_excluded, 0, verdict[1]) AS reached,
    ${joinSql(times)},
    toInt64(${timeOf(0)}) + ${base} AS entry,
    reached < ${last} AND ${bind('now', 'Int64', scope.nowMs)} < entry + ${bind('window', 'Int64', definition.windowMs)} AS is_open
    ${starts.length === 0 ? sql`` : sql`, ${interval} AS interval_start`}
    ${hasMoney ? sql`, ${PAID}` : sql``}
  FROM (
    SELECT ${machineSql()}(${bind('definition', 'Array(Int64)', toWords(definition))}, packed_events) AS verdict${hasMoney ? sql`, money` : sql``}
    FROM (${groupedEvents(scope, parameters, shape)}
    )
  )`;
}

/**
 * What was paid at filled steps. Events that agree in time and bits are one to the machine: the first of them fills the
 * first such step, the second the second, so that none is counted twice.
 */
const PAID = sql`arrayMap(
      (one, nth) -> (arrayFilter((place, event) -> event = one.1, arrayEnumerate(verdict), verdict)[nth], one.2, one.3),
      money, arrayEnumerateUniq(tupleElement(money, 1))
    ) AS paid_at,
    arrayFilter(one -> one.1 > 1, paid_at) AS paid,
    arrayMap(one -> concat(toString(one.1 - 1), ' ', one.2), paid) AS paid_keys,
    arrayMap(one -> one.3, paid) AS paid_amounts`;
