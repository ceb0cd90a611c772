/** The API as an OpenAPI 3.1 document, made from the schemas that check requests: it cannot say anything else than they do. */
import { z } from 'zod';
import { REPORTS, type ReportEntry } from '../reports/registry.ts';
import { exclusionRuleShape } from '../reports/rules/rules.ts';
import { sqlBody } from './analyst-sql/routes.ts';
import { VIEWS_SAID } from './analyst-sql/views.ts';
import { linkBody } from './boards/link-routes.ts';
import { deletionBody, deletionFilterBody } from './catalogue/deletion.ts';
import { exclusionPreviewBody, namingBody } from './catalogue/rule-routes.ts';
import { keyBody } from './key-routes.ts';
import { checkBody } from './page-check/routes.ts';
import { goalBody, SAVED_KINDS, savedBody } from './saved.ts';
import { newSiteBody, siteBody } from './site-admin.ts';

type Json = Record<string, unknown>;

/** `version` is Footfall's. */
export function openApiDocument(version: string, publicUrl: string): Json {
  const schemas: Json = { Refusal: REFUSAL, Meta: META };
  const add: Add = (name, schema, io) => {
    schemas[name] = hoist(
      name,
      z.toJSONSchema(schema, { io, unrepresentable: 'any', ...SHARED[io] }),
      schemas,
    );
    return { $ref: `#/components/schemas/${name}` };
  };
  const paths: Json = {
    '/api/sites': {
      get: read('The sites that you may see'),
      post: write('Make a site', add('NewSite', newSiteBody, 'input')),
    },
    ...Object.fromEntries(
      REPORTS.flatMap((report) => [
        [`/api/sites/{site}/reports/${report.name}`, reportPath(report, add)],
        [`/api/sites/{site}/reports/${report.name}/explain`, explainPath(report)],
      ]),
    ),
    '/api/sites/{site}/sql': {
      parameters: [SITE],
      post: { ...write('Ask in SQL', add('Sql', sqlBody, 'input')), description: SQL_SAID },
    },
    '/api/sites/{site}/live/events': {
      parameters: [SITE],
      get: {
        ...read('Events as they arrive, as server-sent events'),
        description:
          '`event`: one that was stored. `drop`: one that is in no report, with `reason`, `message`, `dropped_ms`, how many `events` it stands for, and what it said of itself: `event_id`, `kind`, `name`, `path`.',
      },
    },
    '/api/sites/{site}': {
      parameters: [SITE],
      get: read('A site and its settings'),
      put: write('Change a site (admins)', add('Site', siteBody, 'input')),
      delete: gone('Remove a site and all that is known of it (owners)'),
    },
    '/api/sites/{site}/goals': {
      parameters: [SITE],
      get: read('The goals of a site'),
      post: write('Save a goal', add('Goal', goalBody, 'input')),
    },
    '/api/sites/{site}/goals/{id}': {
      parameters: [SITE, inPath('id', 'Of the goal')],
      put: write('Change a goal', { $ref: '#/components/schemas/Goal' }),
      delete: gone('Remove a goal'),
    },
    ...Object.assign(
      {},
      ...SAVED_KINDS.map((kind) => savedPaths(kind, add(`Saved_${kind}`, savedBody[kind], 'input'))),
    ),
    ...cataloguePaths(add),
    '/api/sites/{site}/check': {
      parameters: [SITE],
      post: write('Say what keeps the tag from working on a page (admins)', add('Check', checkBody, 'input')),
    },
    '/api/sites/{site}/boards/{board}/links': {
      parameters: [SITE, inPath('board', 'The id of the board')],
      get: read('The public links to a board (admins)'),
      post: write('Publish a board by a link (admins)', add('BoardLink', linkBody, 'input')),
    },
    '/api/sites/{site}/boards/{board}/links/{link}': {
      parameters: [SITE, inPath('board', 'The id of the board'), inPath('link', 'The id of the link')],
      delete: gone('End a public link (admins)'),
    },
    '/api/sites/{site}/keys': {
      parameters: [SITE],
      get: read('The API keys of a site (admins)'),
      post: write('Make an API key (admins)', add('Key', keyBody, 'input')),
    },
    '/api/sites/{site}/keys/{id}': {
      parameters: [SITE, inPath('id', 'Of the key')],
      delete: gone('Revoke an API key (admins)'),
    },
    '/api/members': { get: read('Who may sign in (admins)'), post: read('Invite somebody (admins)') },
    '/api/members/{id}': {
      parameters: [inPath('id', 'Of the member')],
      put: read('Change a member’s role (admins)'),
      delete: gone('Let a member in no more (admins)'),
    },
    '/api/members/{id}/link': {
      parameters: [inPath('id', 'Of the member')],
      post: read('Make a link by which a member chooses a new password (admins)'),
    },
    '/api/audit': { get: read('Who changed what, the newest first (admins)') },
    '/api/me/sessions': { get: read('Your browser sessions'), delete: gone('End your other sessions') },
    '/api/me/sessions/{id}': {
      parameters: [inPath('id', 'Of the session')],
      delete: gone('End one of your sessions'),
    },
    '/api/me/password': { put: read('Choose another password') },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Footfall',
      version,
      description:
        'Ask a report by POST with its parameters as JSON. `Accept: text/csv` gives its rows as CSV. `…/explain` gives the query that would run, as `sql` with `parameters`, and as one `text` with its values in it, for any ClickHouse client. Rates are fractions, times are milliseconds.',
    },
    servers: [{ url: publicUrl }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key of the site: `Authorization: Bearer ffk_…`',
        },
        session: { type: 'apiKey', in: 'cookie', name: 'footfall_session' },
      },
    },
  };
}

/**
 * What is asked stands once in each schema, however often filters and conditions hold it: written out each time, they
 * made a document of 30 MB. What is answered is short, and has its definitions beside it.
 */
const SHARED = { input: { reused: 'ref' }, output: { reused: 'inline' } } as const;

const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description,
});
const SITE = inPath('site', 'The id of the site');

type Add = (name: string, schema: z.ZodType, io: 'input' | 'output') => Json;

function savedPaths(kind: string, body: Json): Json {
  return {
    [`/api/sites/{site}/saved/${kind}`]: {
      parameters: [SITE],
      get: read(`What is saved as ${kind}`),
      post: write(`Save a ${kind}`, body),
    },
    [`/api/sites/{site}/saved/${kind}/{id}`]: {
      parameters: [SITE, inPath('id', 'Of what is saved')],
      put: write(`Change a ${kind}`, body),
      delete: gone(`Remove a ${kind}`),
    },
  };
}

function cataloguePaths(add: Add): Json {
  const naming = add('Naming', namingBody, 'input');
  const named = (what: string) => ({
    parameters: [SITE, inPath('name', `Of the ${what}, as it was sent`)],
    put: write(`Call a ${what} otherwise, hide or describe it; an empty object takes that back`, naming),
    delete: gone(`Read a ${what} as it was sent`),
  });
  return {
    '/api/sites/{site}/catalogue/rules': {
      parameters: [SITE],
      get: read('How a site’s events are called, hidden, described and excluded'),
    },
    '/api/sites/{site}/catalogue/events/{name}': named('custom event'),
    '/api/sites/{site}/catalogue/properties/{name}': named('property'),
    '/api/sites/{site}/catalogue/exclusions': {
      parameters: [SITE],
      post: write(
        'Take events out of all reports, past ones too (admins)',
        add('Exclusion', exclusionRuleShape, 'input'),
      ),
    },
    '/api/sites/{site}/catalogue/exclusions/preview': {
      parameters: [SITE],
      post: write(
        'Count what an exclusion would take out (admins)',
        add('ExclusionPreview', exclusionPreviewBody, 'input'),
      ),
    },
    '/api/sites/{site}/catalogue/exclusions/{id}': {
      parameters: [SITE, inPath('id', 'Of the exclusion')],
      delete: gone('Count those events again (admins)'),
    },
    '/api/sites/{site}/deletions/preview': {
      parameters: [SITE],
      post: write(
        'Count what a deletion would delete (admins)',
        add('DeletionFilter', deletionFilterBody, 'input'),
      ),
    },
    '/api/sites/{site}/deletions': {
      parameters: [SITE],
      post: write(
        'Delete events for ever, if they are as many as were counted (admins)',
        add('Deletion', deletionBody, 'input'),
      ),
    },
  };
}

const SQL_SAID = `One SELECT in ClickHouse’s dialect over two views.\n${VIEWS_SAID}\nRead-only, limited in time and memory; \`Accept\` chooses JSON, CSV or Parquet. The answer streams, however long it is: where it cannot be finished the connection is reset, so that what came is never taken for whole.`;

export const META = {
  type: 'object',
  description: 'What there is to know about the rows',
  properties: {
    asOf: {
      type: 'string',
      format: 'date-time',
      description:
        'Up to when events are counted. Late events, identifications and erasure may still change it',
    },
    timeZone: { type: 'string' },
    from: { type: 'string', format: 'date' },
    to: { type: 'string', format: 'date', description: 'Both days included' },
    compared: {
      type: 'object',
      description:
        'The days compared with, both included; `until`, on the wall of the site, ends what is counted of them',
      properties: {
        from: { type: 'string', format: 'date' },
        to: { type: 'string', format: 'date' },
        until: { type: 'string' },
      },
    },
    queryMs: { type: 'integer', description: 'How long the engine took, milliseconds' },
    rowsRead: {
      type: 'integer',
      description: 'Rows that the engine read; for a funnel, those of the parts that it had to read',
    },
    exact: { const: true, description: 'Nothing is sampled or estimated' },
    identity: {
      type: 'object',
      properties: {
        lastingShare: {
          type: ['number', 'null'],
          description: 'Share of the visitors that have a lasting id; the others are counted per day',
        },
      },
    },
    definitions: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

const REFUSAL = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string', description: 'A sentence: what was found, what was expected' },
        field: { type: 'string', description: 'The path of the wrong field, like `filters[0].values`' },
        expected: { type: 'string' },
        found: { type: 'string' },
      },
    },
  },
};

function reportPath(report: ReportEntry, add: Add): Json {
  const name = schemaName(report.name);
  const row = add(`${name}Row`, defined(report), 'output');
  const parts = Object.entries(report.parts ?? {}).map(([part, shape]) => [
    part,
    add(`${name}_${part}`, shape, 'output'),
  ]);
  const definitions = Object.entries(report.definitions).map(([column, said]) => `- \`${column}\`: ${said}`);
  return {
    parameters: [SITE, ...(report.lists ? [listOf(report.lists)] : [])],
    post: {
      summary: report.title,
      description: [report.description, ...definitions].join('\n'),
      requestBody: jsonBody(add(`${name}Parameters`, report.parameters, 'input')),
      responses: {
        200: {
          description: report.title,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['rows', 'meta'],
                properties: {
                  rows: { type: 'array', items: row },
                  totals: row,
                  compared_rows: { type: 'array', items: row },
                  compared_totals: row,
                  ...Object.fromEntries(parts),
                  meta: { $ref: '#/components/schemas/Meta' },
                },
              },
            },
            'text/csv': { schema: { type: 'string', description: CSV_SAID } },
          },
        },
        ...REFUSALS,
      },
    },
  };
}

const CSV_SAID =
  'The rows alone, without totals and comparison, as they come: where they cannot be finished the connection is reset.';

const listOf = (lists: readonly string[]) => ({
  name: 'list',
  in: 'query',
  schema: { enum: lists },
  description: 'As CSV: this list of the answer, whole, instead of the rows. The question has to ask for it.',
});

function explainPath({ name, title }: ReportEntry): Json {
  const parameters = { $ref: `#/components/schemas/${schemaName(name)}Parameters` };
  return { parameters: [SITE], post: write(`The query of “${title}”, with its values`, parameters) };
}

function schemaName(report: string): string {
  return report.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

/** The row's schema with each column's definition beside it. */
function defined({ row, definitions }: ReportEntry): z.ZodType {
  if (!(row instanceof z.ZodObject)) return row;
  const columns = Object.entries(row.shape).map(([column, shape]) => {
    const said = [definitions[column], shape.description].filter((one) => one !== undefined).join(' ');
    return [column, shape.describe(said)];
  });
  return z.object(Object.fromEntries(columns));
}

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
});
const REFUSALS = {
  400: refusal('Something is wrong with what was asked; the field is named'),
  401: refusal('Nobody is signed in, and there is no valid key'),
  403: refusal('The role or the key does not allow it'),
  404: refusal('No such site, for you'),
  422: refusal('The answer would take longer, or more memory, than it may'),
};

const jsonBody = (schema: Json) => ({ required: true, content: { 'application/json': { schema } } });
const read = (summary: string) => ({ summary, responses: { 200: { description: summary }, ...REFUSALS } });
const gone = (summary: string) => ({ summary, responses: { 204: { description: 'Done' }, ...REFUSALS } });
const write = (summary: string, schema: Json) => ({ ...read(summary), requestBody: jsonBody(schema) });

/** Definitions inside a schema are moved to the document's, where its references can find them. */
function hoist(name: string, schema: Json, schemas: Json): Json {
  const { $schema: _, $defs: definitions, ...rest } = schema;
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string'
          ? inner.replace('#/$defs/', `#/components/schemas/${name}_`)
          : rename(inner),
      ]),
    );
  };
  if (typeof definitions === 'object' && definitions !== null) {
    for (const [key, inner] of Object.entries(definitions)) schemas[`${name}_${key}`] = rename(inner);
  }
  return { ...rest, ...asObject(rename(rest)) };
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
