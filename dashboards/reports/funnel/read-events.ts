/**
 * Which of a site's events matter to a funnel, grouped by whom it counts: the query whose rows the machine decides.
 *
 * One row per person (session, account) who did the first step in the period: the sorted events, each packed into 64
 * bits (time, then a bit for every step and exclusion it fits). Whoever never entered does not leave the engine.
 */
import { anyOf, bind, joinSql, type Sql, sql } from '../../sql.ts';
import type { SessionDimension } from '../dimensions.ts';
import { type EventColumn, eventColumn } from '../events/columns.ts';
import type { EventScope } from '../events/scope.ts';
import { type StepCondition, stepSql } from './conditions.ts';
import { ENTRY_BIT, OTHER_BIT } from './definition.ts';
import { isFirstOfOrder } from './facts.ts';
import type { FunnelParameters } from './parameters.ts';
import { sourceOf } from './source.ts';

/** What a row holds, in this order: the subject's id, the events (each with its value), the revenue events. */
export type RowShape = { hasSubject: boolean; values: EventValues | undefined; hasMoney: boolean };

/** A text per event, and which events besides steps and exclusions are wanted for it. */
export type EventValues = {
  value: Sql;
  isWanted: Sql;
  /** Which facts of the session the value reads. */
  facts: readonly SessionDimension[];
};

/** Bits below the time, which is in milliseconds since `baseMs`. */
export const TIME_SHIFT = 24;

/** One before the period, so that what lies earlier can stand at 0. */
export function baseMs(scope: EventScope): number {
  return scope.fromMs - 1;
}

export function funnelRows(scope: EventScope, parameters: FunnelParameters, shape: RowShape): Sql {
  const events = shape.values ? sql`(packed, value)` : sql`packed`;
  const columns = [
    ...(shape.hasSubject ? [sql`toString(subject) AS subject_text`] : []),
    sql`arraySort(groupArray(${events})) AS packed_events`,
    ...(shape.hasMoney
      ? [
          sql`arraySort(groupArrayIf((packed, toString(currency), toInt64(revenue * 10000)), revenue != 0 AND is_first_of_order)) AS money`,
        ]
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
GROUP BY subject
HAVING max(can_enter)`;
}

/** One row per relevant event: `subject`, `at`, `packed`, `can_enter`, and what the shape or the caller asks for. */
export function steppedEvents(
  scope: EventScope,
  parameters: FunnelParameters,
  shape: RowShape,
  asked: readonly EventColumn[] = [],
): Sql {
  const fits = conditionsOf(parameters);
  const isStep = anyOf(fits.slice(0, parameters.steps.length));
  const isFirst = parameters.order === 'any' ? isStep : fits[0];
  const until = scope.toMs + parameters.windowMs;
  const isRecent = sql`at >= ${bind('from', 'Int64', scope.fromMs)}`;
  const isRelevant = parameters.firstTime ? sql`(${isRecent} OR ${isFirst ?? sql`false`})` : isRecent;
  return sql`
  SELECT
    ${subjectOf(parameters)} AS subject, at,
    at >= ${bind('from', 'Int64', scope.fromMs)} AND at < ${bind('to', 'Int64', scope.toMs)} AS may_enter,
    ${isFirst ?? sql`false`} AND may_enter AS can_enter,
    bitShiftLeft(toUInt64(greatest(at - ${bind('base', 'Int64', baseMs(scope))}, 0)), ${bind('time_shift', 'UInt8', TIME_SHIFT)})
      + ${joinSql(
        [...fits.map(asBit), ...otherBit(parameters), asBit(sql`may_enter`, ENTRY_BIT)],
        sql`
      + `,
      )} AS packed
    ${shape.values ? sql`, ${shape.values.value} AS value` : sql``}
    ${shape.hasMoney ? sql`, revenue, currency, ${isFirstOfOrder(scope)} AS is_first_of_order` : sql``}
    ${joinSql(
      asked.map((name) => sql`, ${eventColumn(name)}`),
      sql``,
    )}
  FROM (${sourceOf(scope, parameters, shape.values?.facts ?? [])}
  ) AS events
  WHERE at <= ${bind('until', 'Int64', until)} AND ${isRelevant}
    AND ${anyOf([...fits, ...(parameters.order === 'strict' ? [IS_OTHER] : []), ...(shape.values ? [shape.values.isWanted] : [])])}
    AND ${hasSubject(parameters)}`;
}

/** Whether each step, then each exclusion, fits an event: in the order of their bits. */
function conditionsOf({ steps, exclusions = [] }: FunnelParameters): Sql[] {
  return [...steps, ...exclusions].map((one: StepCondition) => stepSql(one));
}

/** DESIGN §4, `strict`: engagement, vitals, errors and identify do not count. */
export const IS_OTHER = sql`kind IN ('page_view', 'screen', 'custom', 'form_submit', 'click', 'rage_click', 'dead_click', 'outbound_link', 'file_download')`;

function otherBit({ order }: FunnelParameters): Sql[] {
  return order === 'strict' ? [asBit(IS_OTHER, OTHER_BIT)] : [];
}

function asBit(test: Sql, bit: number): Sql {
  return sql`bitShiftLeft(toUInt64(${test}), ${bind('bit', 'UInt8', bit)})`;
}

function subjectOf({ countBy }: FunnelParameters): Sql {
  if (countBy === 'session') return sql`(visitor, session_start)`;
  return countBy === 'account' ? sql`toString(account_id)` : sql`person`;
}

function hasSubject({ countBy }: FunnelParameters): Sql {
  if (countBy === 'session') return sql`session_start != 0`;
  return countBy === 'account' ? sql`account_id != ''` : sql`true`;
}
