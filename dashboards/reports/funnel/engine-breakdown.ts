/**
 * A funnel broken down by what its events bear, decided inside the engine: it tells each person's attempt, with codes in the
 * place of values. They are added up here, for medians need all times of a value; texts are asked for where they are shown.
 */
import { renderSql, type Sql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { BreakdownRows } from './answer.ts';
import { attributed, isByStep, limitOf, toBreakdownRows } from './breakdown.ts';
import type { FunnelWorld } from './decide-all.ts';
import { type Definition, toWords } from './definition.ts';
import { inFirstRow } from './engine-figures.ts';
import { machineSql } from './engine-host.ts';
import { breakdownValues } from './facts.ts';
import { type MoneyFacts, readMoneyFacts } from './money-facts.ts';
import type { FunnelParameters } from './parameters.ts';
import { groupedValues, textsOfCodes } from './read-values.ts';
import type { EventValues, RowShape } from './row-shape.ts';
import { baseMs } from './source.ts';
import { type Attempt, createTally, type Tally } from './tally.ts';
import { readVerdicts } from './verdict-rows.ts';

type Question = { scope: EventScope; parameters: FunnelParameters; definition: Definition };

/** `times`: of one person's attempt in which the value is borne. */
type Coded = { tally: Tally; times: number[] };

/** More texts than this are not asked for. */
const MOST_TEXTS = 5_000;

/** What of events is broken down by, where the engine can tell it event by event: no fact of a session. */
export function valuesForEngine({ breakdown }: FunnelParameters): EventValues | undefined {
  const values = breakdown && breakdownValues(breakdown.property);
  return values && values.facts.length === 0 ? values : undefined;
}

/**
 * Undefined where too many values are equally frequent at the limit. Throws what the engine throws: where it cannot host the
 * machine, somebody else must decide.
 */
export async function breakDownInEngine(
  { scope, parameters, definition }: Question,
  values: EventValues,
  world: FunnelWorld,
  onAttempt: (attempt: Attempt) => void,
): Promise<{ excluded: number; rows: BreakdownRows[] } | undefined> {
  const { reader, signal } = world;
  const shape = shapeOf(values, await readMoneyFacts(scope, parameters, world));
  const { text, parameters: bound } = renderSql(verdictsSql({ scope, parameters, definition }, shape));
  const stream = await reader.stream(text, {
    format: 'RowBinary',
    parameters: bound,
    ...(signal && { signal }),
  });
  const coded = new Map<string, Coded>();
  let excluded = 0;
  const steps = definition.steps.length;
  await readVerdicts(stream, steps, baseMs(scope), {
    onExcluded: () => {
      excluded += 1;
    },
    onAttempt({ attempt, codeAt }) {
      onAttempt(attempt);
      for (const code of attributed(steps, codeAt, parameters)) {
        const known = coded.get(code) ?? { tally: createTally(definition), times: filledTimes(attempt) };
        known.tally.add(attempt);
        coded.set(code, known);
      }
    },
  });
  const texts = await readTexts(coded, { scope, parameters, definition }, shape, world);
  if (!texts) return undefined;
  const tallies = [...coded].map(([code, { tally }]): [string, Tally] => [
    code === '' ? '' : (texts.get(code) ?? code),
    tally,
  ]);
  return { excluded, rows: toBreakdownRows(tallies, definition, parameters) };
}

function shapeOf(values: EventValues, money: MoneyFacts): RowShape {
  return {
    ...{ hasKey: false, hasSubject: false, values, isForMachine: true },
    ...{ hasMoney: money.hasRevenue, hasNoOrders: !money.hasOrders },
  };
}

function verdictsSql({ scope, parameters, definition }: Question, shape: RowShape): Sql {
  const asked = [scope.nowMs - baseMs(scope), isByStep(parameters) ? 1 : 0, ...toWords(definition)];
  return sql`
SELECT told
FROM (
  SELECT ${machineSql().verdicts}(${inFirstRow(asked)}, packed_events, codes, ${shape.hasMoney ? sql`money` : sql`emptyArrayUInt64()`}) AS told
  FROM (${groupedValues(scope, parameters, shape)}
  )
)
WHERE notEmpty(told)`;
}

function filledTimes({ times }: Attempt): number[] {
  return Array.from(times).filter((time) => time >= 0);
}

/** Of the codes that may be shown: the least frequent of those is chosen by its text. */
async function readTexts(
  coded: ReadonlyMap<string, Coded>,
  { scope, parameters }: Question,
  shape: RowShape,
  { reader, signal }: FunnelWorld,
): Promise<Map<string, string> | undefined> {
  const entered = [...coded.values()].map(({ tally }) => tally.entered()).sort((one, other) => other - one);
  const least = entered[limitOf(parameters) - 1] ?? 0;
  const shown = [...coded].filter(([code, { tally }]) => code !== '' && tally.entered() >= least);
  if (shown.length > MOST_TEXTS) return undefined;
  if (shown.length === 0) return new Map();
  const { text, parameters: bound } = renderSql(
    textsOfCodes(scope, parameters, shape, {
      codes: shown.map(([code]) => code),
      times: [...new Set(shown.flatMap(([, { times }]) => times))],
    }),
  );
  const { rows } = await reader.query<{ code: string; text: string }>(text, {
    parameters: bound,
    ...(signal && { signal }),
  });
  return new Map(rows.map((row) => [row.code, row.text.slice(1)]));
}
