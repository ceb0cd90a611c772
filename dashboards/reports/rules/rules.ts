/**
 * How a site has its events read, decided after they came: other names, what lists leave out, what does not count, and
 * which pages belong together. Rules act when a report asks; take one back, and the past reads as before.
 */
import { z } from 'zod';
import type { Storage } from '../../../collector/storage/storage.ts';
import { type PathTest, pathShape } from '../conditions.ts';
import { leafShape } from '../filters/leaf.ts';

/** What lies in `catalogue_rules.rule` for an event or a property, under the name that was sent. */
export const namingShape = z.strictObject({
  calledAs: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'What reports call it. Several under one name are one. A name that was sent is looked up once: with A called B and B called C, what was sent as A is B, and what was sent as B is C.',
    ),
  isHidden: z
    .boolean()
    .optional()
    .describe('Lists and suggestions leave it out; it still counts wherever it is named.'),
  description: z
    .string()
    .trim()
    .max(2_000)
    .optional()
    .describe('What it means, for whoever reads the catalogue.'),
});
export type Naming = z.output<typeof namingShape>;

/** A filter on what the event itself bears, as it was sent: page groups and traits are not its own. */
export const ownFact = leafShape.refine(
  ({ field }) => field !== 'page_group' && !field.startsWith('trait:'),
  {
    path: ['field'],
    message: 'Expected a fact of the event itself',
  },
);

/** What lies in `catalogue_rules.rule` for an exclusion. */
export const exclusionRuleShape = z
  .discriminatedUnion('reason', [
    z.strictObject({ reason: z.literal('path'), page: pathShape }),
    z.strictObject({
      reason: z.literal('host'),
      hostname: z.string().min(1).max(253).describe('`*` stands for any text: `*.staging.example.com`'),
    }),
    z.strictObject({
      reason: z.enum(['bot', 'test']),
      filters: z.array(ownFact).min(1).max(20).describe('Events that bear all of this, as they were sent.'),
    }),
  ])
  .describe(
    'Events that do not count: on a path, on a host, of machines or of tests that the door did not know. Past ones too.',
  );
export type ExclusionRule = z.output<typeof exclusionRuleShape>;

/** What lies in `saved_items.body` of a page group. */
export const pageGroupShape = z.strictObject({
  patterns: z
    .array(pathShape)
    .min(1)
    .max(100)
    .describe('A page belongs to the group if its path fits one of them.'),
});
export type PageGroup = { name: string; patterns: PathTest[] };

export type EventRules = {
  /** Names that were sent and what they are called, pair by pair; none is called as it was sent. */
  events: Renamed;
  properties: Renamed;
  /** What lists leave out, by what it is called. */
  hiddenEvents: string[];
  hiddenProperties: string[];
  /** What is said of events and properties, by what they are called. */
  eventTexts: Described;
  propertyTexts: Described;
  exclusions: ExclusionRule[];
  /** In the order of their names: of several that a page fits, the first counts. */
  pageGroups: PageGroup[];
};
export type Renamed = { sent: string[]; called: string[] };
export type Described = { called: string[]; texts: string[] };

export type StoredRule =
  | { kind: 'event' | 'property'; name: string; rule: Naming }
  | { kind: 'exclusion'; name: string; rule: ExclusionRule };

type Row = { kind: StoredRule['kind'] | 'page_group'; name: string; rule: string };

/** Of a site that has none. */
export const NO_RULES: EventRules = {
  events: { sent: [], called: [] },
  properties: { sent: [], called: [] },
  hiddenEvents: [],
  hiddenProperties: [],
  eventTexts: { called: [], texts: [] },
  propertyTexts: { called: [], texts: [] },
  exclusions: [],
  pageGroups: [],
};

export async function readRules(storage: Pick<Storage, 'query'>, siteId: string): Promise<EventRules> {
  const { rows } = await storage.query<Row>(`${READ_RULES}\nUNION ALL\n${READ_PAGE_GROUPS}`, {
    parameters: { site_id: siteId },
  });
  const stored = rows.flatMap(toStored);
  const pageGroups = rows.flatMap((row) => (row.kind === 'page_group' ? toPageGroup(row) : []));
  return {
    events: renamed(stored, 'event'),
    properties: renamed(stored, 'property'),
    hiddenEvents: hidden(stored, 'event'),
    hiddenProperties: hidden(stored, 'property'),
    eventTexts: described(stored, 'event'),
    propertyTexts: described(stored, 'property'),
    exclusions: stored.flatMap((one) => (one.kind === 'exclusion' ? [one.rule] : [])),
    pageGroups: pageGroups.sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

/** As they lie in the table, in the order of their names. */
export async function readStoredRules(
  storage: Pick<Storage, 'query'>,
  siteId: string,
): Promise<StoredRule[]> {
  const { rows } = await storage.query<Row>(`${READ_RULES} ORDER BY kind, name`, {
    parameters: { site_id: siteId },
  });
  return rows.flatMap(toStored);
}

/** What an older version wrote otherwise is no rule: it must not stand in a report's way. */
function toStored({ kind, name, rule }: Row): StoredRule[] {
  if (kind === 'page_group') return [];
  if (kind === 'exclusion') {
    const parsed = exclusionRuleShape.safeParse(parseJson(rule));
    return parsed.success ? [{ kind, name, rule: parsed.data }] : [];
  }
  const parsed = namingShape.safeParse(parseJson(rule));
  return parsed.success ? [{ kind, name, rule: parsed.data }] : [];
}

/** The first page groups were saved without a shape: what can be read of them counts. */
function toPageGroup({ name, rule }: Row): PageGroup[] {
  const parsed = pageGroupShape.safeParse(toPatterns(parseJson(rule)));
  return parsed.success ? [{ name, patterns: parsed.data.patterns }] : [];
}

/** `{ "pattern": "/docs/*" }` and `{ "patterns": ["/docs/*"] }` mean wildcards. */
export function toPatterns(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { pattern, patterns } = { pattern: undefined, patterns: undefined, ...body };
  const all: unknown = patterns ?? (pattern === undefined ? undefined : [pattern]);
  if (!Array.isArray(all)) return body;
  return { patterns: all.map((one) => (typeof one === 'string' ? { match: 'wildcard', path: one } : one)) };
}

function renamed(stored: readonly StoredRule[], kind: 'event' | 'property'): Renamed {
  const pairs = stored.flatMap((one): [string, string][] => {
    if (one.kind !== kind || one.rule.calledAs === undefined || one.rule.calledAs === one.name) return [];
    return [[one.name, one.rule.calledAs]];
  });
  return { sent: pairs.map(([sent]) => sent), called: pairs.map(([, called]) => called) };
}

function hidden(stored: readonly StoredRule[], kind: 'event' | 'property'): string[] {
  return stored.flatMap((one) =>
    one.kind === kind && one.rule.isHidden ? [one.rule.calledAs ?? one.name] : [],
  );
}

/** Of several that are called the same, the first text counts. */
function described(stored: readonly StoredRule[], kind: 'event' | 'property'): Described {
  const texts = new Map<string, string>();
  for (const one of stored) {
    if (one.kind !== kind || !one.rule.description) continue;
    const called = one.rule.calledAs ?? one.name;
    if (!texts.has(called)) texts.set(called, one.rule.description);
  }
  return { called: [...texts.keys()], texts: [...texts.values()] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Fails the shape that it is held against next.
  }
}

const READ_RULES = `
SELECT toString(kind) AS kind, name, rule FROM catalogue_rules FINAL
WHERE site_id = {site_id:String} AND NOT is_deleted`;

const READ_PAGE_GROUPS = `
SELECT 'page_group' AS kind, name, body AS rule FROM saved_items FINAL
WHERE site_id = {site_id:String} AND kind = 'page_group' AND NOT is_deleted`;
