/** What an assistant may call: one tool for each report, made from the schemas that check reports, and a few to find its way. */
import { z } from 'zod';
import type { Storage } from '../../../collector/storage/storage.ts';
import { EVENT_DIMENSIONS, SESSION_DIMENSIONS } from '../../reports/dimensions.ts';
import { OPERATORS } from '../../reports/filters/leaf.ts';
import { REPORTS, type ReportEntry } from '../../reports/registry.ts';
import { readRules } from '../../reports/rules/rules.ts';
import type { ReportSite } from '../../reports/run.ts';
import { askSql } from '../analyst-sql/ask.ts';
import { sqlBody } from '../analyst-sql/routes.ts';
import { VIEWS_SAID } from '../analyst-sql/views.ts';
import { META } from '../openapi.ts';
import type { Principal } from '../principal.ts';
import { toRefusal } from '../refusal.ts';
import { mayActAs } from '../sign-in/guard.ts';
import type { ReportSites } from '../sites.ts';

export type McpWorld = {
  /** Knows which tables there are. */
  storage: Pick<Storage, 'query'>;
  /** What reports use: read-only and limited. */
  reader: Pick<Storage, 'query' | 'stream'>;
  sites: ReportSites;
  now: () => number;
};

/** Whoever calls, and whether they still wait. */
export type Caller = { principal: Principal; signal: AbortSignal };
type Json = Record<string, unknown>;
type ToolAnswer = { told: object } | { refused: { message: string; field?: string } };

export type Tool = {
  name: string;
  title: string;
  description: string;
  inputSchema: Json & { type: 'object' };
  outputSchema?: Json & { type: 'object' };
  /** Absent: whoever may read. */
  isFor?: (principal: Principal) => boolean;
  call: (asked: Json, caller: Caller, world: McpWorld) => Promise<ToolAnswer>;
};

const SITE = {
  type: 'string',
  description: 'The id of the site. May be left out where the API key is bound to one.',
};

export const TOOLS: readonly Tool[] = [
  {
    name: 'list_sites',
    title: 'Sites',
    description: 'The sites that this key may read, with their time zones and currencies.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    call: async (_, { principal }, { sites }) => ({ told: { sites: await sites.list(principal) } }),
  },
  {
    name: 'list_fields',
    title: 'Dimensions, goals, segments',
    description:
      'What the reports of a site can be broken down and filtered by: dimensions with their scope, operators, and the goals, segments and page groups that people have saved. The report "catalogue" lists events and properties.',
    inputSchema: { type: 'object', properties: { site: SITE }, additionalProperties: false },
    call: (asked, caller, world) => onSite(asked, caller, world, (site) => fieldsOf(site, world)),
  },
  ...REPORTS.map(toTool),
  {
    name: 'run_sql',
    title: 'SQL',
    description: `One SELECT in ClickHouse’s dialect over two views.\n${VIEWS_SAID}\nRead-only, limited in time, memory and rows (10,000: \`meta.isCut\` says whether there are more).`,
    inputSchema: withSite(z.toJSONSchema(sqlBody, { io: 'input' })),
    isFor: (principal) => principal.scopes.includes('sql') && mayActAs(principal, 'analyst'),
    call: (asked, caller, world) =>
      onSite(asked, caller, world, async (site, rest) => {
        const parsed = sqlBody.safeParse(rest);
        if (!parsed.success) return { refused: toRefusal(parsed.error, rest) };
        const told = await askSql(parsed.data, site, world, caller.signal);
        return 'refused' in told ? told : { told };
      }),
  },
];

function toTool(report: ReportEntry): Tool {
  const definitions = Object.entries(report.definitions).map(([column, said]) => `- ${column}: ${said}`);
  return {
    name: report.name.replaceAll('-', '_'),
    title: report.title,
    description: [report.description, ...definitions].join('\n'),
    inputSchema: withSite(z.toJSONSchema(report.parameters, { io: 'input', unrepresentable: 'any' })),
    outputSchema: {
      type: 'object',
      required: ['rows', 'meta'],
      properties: { rows: { type: 'array', items: { type: 'object' } }, meta: META },
    },
    call: (asked, caller, world) =>
      onSite(asked, caller, world, async (site, parameters) => {
        const { signal } = caller;
        return {
          told: await report.answer(parameters, site, { reader: world.reader, nowMs: world.now(), signal }),
        };
      }),
  };
}

function withSite({ $schema: _, ...schema }: Json): Json & { type: 'object' } {
  return { ...schema, type: 'object', properties: { site: SITE, ...Object(schema.properties) } };
}

/** The site that is named, or the one that the key is bound to, if the caller may see it; and what is asked besides. */
async function onSite(
  { site: named, ...asked }: Json,
  { principal }: Caller,
  { sites }: McpWorld,
  answer: (site: ReportSite, asked: Json) => Promise<ToolAnswer>,
): Promise<ToolAnswer> {
  const siteId = named === undefined ? principal.siteId : String(named);
  if (siteId === undefined)
    return { refused: { message: 'Expected a site: "list_sites" tells which there are', field: 'site' } };
  const site = await sites.find(siteId, principal);
  if (!site) return { refused: { message: `There is no site "${siteId}" that you may see`, field: 'site' } };
  return answer(site, asked);
}

async function fieldsOf({ siteId }: ReportSite, { reader }: McpWorld): Promise<ToolAnswer> {
  const [rules, saved] = await Promise.all([
    readRules(reader, siteId),
    reader.query<{ kind: string; id: string; name: string }>(SAVED, { parameters: { site_id: siteId } }),
  ]);
  const of = (kind: string) =>
    saved.rows.filter((one) => one.kind === kind).map(({ id, name }) => ({ id, name }));
  return {
    told: {
      dimensions: [
        ...SESSION_DIMENSIONS.map((name) => ({ name, scope: 'session' })),
        ...EVENT_DIMENSIONS.map((name) => ({ name, scope: 'event' })),
        { name: 'property:<name>', scope: 'event' },
        { name: 'trait:<name>', scope: 'person', note: 'for filters only' },
      ],
      operators: OPERATORS,
      goals: of('goal'),
      segments: of('segment'),
      page_groups: rules.pageGroups.map(({ name }) => name),
    },
  };
}

const SAVED = `
SELECT 'goal' AS kind, toString(goal_id) AS id, name FROM goals FINAL WHERE site_id = {site_id:String} AND NOT is_deleted
UNION ALL
SELECT kind, toString(item_id) AS id, name FROM saved_items FINAL
WHERE site_id = {site_id:String} AND kind = 'segment' AND NOT is_deleted`;
