/** A step's or exclusion's condition as a test on one row of `events`. */
import { allOf, anyOf, bind, type Sql, sql } from '../../sql.ts';
import { type PageTest, pathSql } from '../conditions.ts';
import { eventTest } from '../filters/event-tests.ts';
import type { FilterLeaf } from '../filters/leaf.ts';

type One = { event?: string | undefined; page?: PageTest | undefined; filters?: FilterLeaf[] | undefined };
export type StepCondition = One & { anyOf?: One[] | undefined };

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
