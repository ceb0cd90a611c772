/** A step's or exclusion's condition as a test on one row of `events`. */
import { allOf, anyOf, bind, joinSql, type Sql, sql } from '../../sql.ts';
import { type PageTest, pathSql } from '../conditions.ts';
import { eventTest } from '../filters/event-tests.ts';
import type { FilterLeaf } from '../filters/leaf.ts';

type One = { event?: string | undefined; page?: PageTest | undefined; filters?: FilterLeaf[] | undefined };
export type StepCondition = One & { anyOf?: One[] | undefined };
/** Of a funnel. */
export type Conditions = { steps: StepCondition[]; exclusions?: StepCondition[] | undefined };

/** True for the rows that fill it. */
export function stepSql(condition: StepCondition): Sql {
  const kind = condition.anyOf ? anyOf(condition.anyOf.map(oneSql)) : kindSql(condition);
  return allOf([kind, ...(condition.filters ?? []).map(eventTest)]);
}

/** The names that it comes down to, if it asks for nothing else. */
export function namesOf({ anyOf: ones, ...condition }: StepCondition): string[] | undefined {
  if ((condition.filters ?? []).length > 0) return undefined;
  const names = (ones ?? [condition]).map(({ event, filters = [] }) =>
    filters.length === 0 ? event : undefined,
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** Whether it asks for nothing but names, of which all must pass, and pages. */
export function isNameOrPage(
  { anyOf: ones, ...condition }: StepCondition,
  isName: (event: string) => boolean,
): boolean {
  return [condition, ...(ones ?? [])].every(
    ({ event, filters = [] }) => filters.length === 0 && (event === undefined || isName(event)),
  );
}

/**
 * Whether an event fits any step or exclusion, and all that it fits as bits. Conditions that are a name and nothing else
 * are looked up together, once per name: that is what most funnels are made of, and several times as fast.
 */
export function conditionsOf(conditions: Conditions): { fits: Sql; bits: Sql } {
  const { bits: ofNames, others } = bitsOf(conditions);
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

/** Which bits the events of a name bear, of conditions that are a name and nothing else; whether there are others. */
export function nameBits(conditions: Conditions): { bits: Map<string, number>; hasOthers: boolean } {
  const { bits, others } = bitsOf(conditions);
  return { bits, hasOthers: others.length > 0 };
}

function bitsOf({ steps, exclusions = [] }: Conditions) {
  const bits = new Map<string, number>();
  const others: { fit: Sql; bit: number }[] = [];
  for (const [bit, condition] of [...steps, ...exclusions].entries()) {
    const names = namesOf(condition);
    if (!names) others.push({ fit: stepSql(condition), bit });
    for (const name of names ?? []) bits.set(name, (bits.get(name) ?? 0) | (1 << bit));
  }
  return { bits, others };
}

export function asBit(test: Sql, bit: number): Sql {
  return sql`toUInt32(${test}) * ${bind('mask', 'UInt32', 2 ** bit)}`;
}

function oneSql(one: One): Sql {
  return allOf([kindSql(one), ...(one.filters ?? []).map(eventTest)]);
}

function kindSql({ event, page }: One): Sql {
  if (event !== undefined) return sql`name = ${bind('event', 'String', event)}`;
  return page ? sql`kind = 'page_view' AND ${pathSql(page)}` : sql`false`;
}

function nameOfPage(page: PageTest): string {
  return 'group' in page ? page.group : page.path;
}

/** How a step is called where the reader gave it no name. */
export function labelOf(condition: StepCondition & { label?: string | undefined }): string {
  if (condition.label) return condition.label;
  return (condition.anyOf ?? [condition])
    .map(({ event, page }) => event ?? (page && nameOfPage(page)) ?? '')
    .join(' / ');
}
