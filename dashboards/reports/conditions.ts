/** A condition on one event: what a goal is, or a place to start from. (Funnel steps have their own, with more to say.) */
import { z } from 'zod';
import { allOf, anyOf, bind, type Sql, sql } from '../sql.ts';
import { type EventColumn, FACT_COLUMNS, SESSION_COLUMNS } from './events/columns.ts';
import { eventTest } from './filters/event-tests.ts';
import { type FilterLeaf, leafShape, whatIsWrongWith } from './filters/leaf.ts';
import { wildcardToRegex } from './wildcard.ts';

export type PathTest = { match: 'exact' | 'prefix' | 'wildcard' | 'regex'; path: string };
/** A path by itself, or by the name of the page group that it belongs to. */
export type PageTest = PathTest | { group: string };

type OneCondition = { filters?: FilterLeaf[] | undefined } & (
  | { event: string }
  | { page: PageTest }
  | { engagedMs: number; page?: PageTest | undefined }
  | { scrollPercent: number; page?: PageTest | undefined }
);
export type Condition = OneCondition | { anyOf: OneCondition[] };

export const pathShape = z
  .strictObject({
    match: z.enum(['exact', 'prefix', 'wildcard', 'regex']),
    path: z.string().min(1).max(1000),
  })
  .superRefine(({ match, path }, context) => {
    const wrong = match === 'regex' && whatIsWrongWith(path);
    if (wrong)
      context.addIssue({
        code: 'custom',
        path: ['path'],
        message: `Expected a regular expression (RE2), found ${JSON.stringify(path)}: ${wrong}`,
      });
  })
  .describe(
    'A page whose path fits. `wildcard`: `*` stands for any text. `regex`: RE2, anywhere in the path.',
  );

export const pageShape = z.union([
  pathShape,
  z.strictObject({ group: z.string().min(1).max(200) }).describe('A page of this page group.'),
]);

const filters = z.array(leafShape).max(20).optional().describe('What the event itself must bear.');

const oneShapes = [
  z.strictObject({
    event: z
      .string()
      .min(1)
      .max(100)
      .describe('A custom event’s name, or a kind: `form_submit`, `outbound_link`, …'),
    filters,
  }),
  z.strictObject({ page: pageShape, filters }),
  z.strictObject({
    engagedMs: z.number().int().min(1).max(86_400_000).describe('Engaged for at least this long in one go.'),
    page: pageShape.optional(),
    filters,
  }),
  z.strictObject({
    scrollPercent: z.number().int().min(1).max(100).describe('Scrolled at least this deep.'),
    page: pageShape.optional(),
    filters,
  }),
] as const;

export const conditionShape = z
  .union([...oneShapes, z.strictObject({ anyOf: z.array(z.union(oneShapes)).min(1).max(20) })])
  .describe(
    'What must happen: an event by name, a view of a page, engaged time, scroll depth; or any of several.',
  );

/** True for the rows of `events` that fulfil it. */
export function conditionSql(condition: Condition): Sql {
  if ('anyOf' in condition) return anyOf(condition.anyOf.map(oneSql));
  return oneSql(condition);
}

/** What the test reads. */
export function conditionColumns(condition: Condition): EventColumn[] {
  const all = 'anyOf' in condition ? condition.anyOf : [condition];
  return all.flatMap((one) => [
    ...columnsOfKind(one),
    ...(one.filters?.length ? [...FACT_COLUMNS, ...SESSION_COLUMNS] : []),
  ]);
}

function columnsOfKind(condition: OneCondition): EventColumn[] {
  if ('event' in condition) return ['name'];
  const page: EventColumn[] = condition.page ? ['group' in condition.page ? 'page_group' : 'path'] : [];
  if ('engagedMs' in condition) return ['kind', 'engaged_ms', ...page];
  if ('scrollPercent' in condition) return ['kind', 'scroll_percent', ...page];
  return ['kind', ...page];
}

function oneSql(condition: OneCondition): Sql {
  return allOf([kindSql(condition), ...(condition.filters ?? []).map(eventTest)]);
}

function kindSql(condition: OneCondition): Sql {
  if ('event' in condition) return sql`name = ${bind('event', 'String', condition.event)}`;
  if ('engagedMs' in condition) {
    const least = sql`kind = 'engagement' AND engaged_ms >= ${bind('engaged_ms', 'UInt32', condition.engagedMs)}`;
    return condition.page ? sql`${least} AND ${pathSql(condition.page)}` : least;
  }
  if ('scrollPercent' in condition) {
    const least = sql`kind = 'engagement' AND scroll_percent >= ${bind('scroll_percent', 'UInt8', condition.scrollPercent)}`;
    return condition.page ? sql`${least} AND ${pathSql(condition.page)}` : least;
  }
  return sql`kind = 'page_view' AND ${pathSql(condition.page)}`;
}

export function pathSql(page: PageTest): Sql {
  if ('group' in page) return sql`page_group = ${bind('page_group', 'String', page.group)}`;
  const { match, path } = page;
  switch (match) {
    case 'exact':
      return sql`path = ${bind('path', 'String', path)}`;
    case 'prefix':
      return sql`startsWith(path, ${bind('path', 'String', path)})`;
    case 'wildcard':
      return sql`match(path, ${bind('path', 'String', wildcardToRegex(path))})`;
    case 'regex':
      return sql`match(path, ${bind('path', 'String', path)})`;
  }
}
