/** The API as an OpenAPI 3.1 document, made from the schemas that check requests: it cannot say anything else than they do. */
import { z } from 'zod';
import { REPORTS, type ReportEntry } from '../reports/registry.ts';
import { sqlBody } from './analyst-sql/routes.ts';
import { linkBody } from './boards/link-routes.ts';
import { keyBody } from './key-routes.ts';
import { goalBody, SAVED_KINDS, savedBody } from './saved.ts';
import { newSiteBody } from './site-admin.ts';

type Json = Record<string, unknown>;

/** `version` is Footfall's. */
export function openApiDocument(version: string, publicUrl: string): Json {
  const schemas: Json = { Refusal: REFUSAL, Meta: META };
  const add = (name: string, schema: z.ZodType, io: 'input' | 'output') => {
    schemas[name] = hoist(name, z.toJSONSchema(schema, { io, unrepresentable: 'any' }), schemas);
    return { $ref: `#/components/schemas/${name}` };
  };
  const paths: Json = {
    '/api/sites': {
      get: read('The sites that you may see'),
      post: write('Make a site', add('NewSite', newSiteBody, 'input')),
    },
    ...Object.fromEntries(
      REPORTS.map((report) => [`/api/sites/{site}/reports/${report.name}`, reportPath(report, add)]),
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
    '/api/sites/{site}/goals': {
      parameters: [SITE],
      get: read('The goals of a site'),
      post: write('Save a goal', add('Goal', goalBody, 'input')),
    },
    ...Object.fromEntries(
      SAVED_KINDS.map((kind) => [
        `/api/sites/{site}/saved/${kind}`,
        {
          parameters: [SITE],
          get: read(`What is saved as ${kind}`),
          post: write(`Save a ${kind}`, add(`Saved_${kind}`, savedBody[kind], 'input')),
        },
      ]),
    ),
    '/api/sites/{site}/boards/{board}/links': {
      parameters: [
        SITE,
        { name: 'board', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      ],
      get: read('The public links to a board; for admins who are signed in'),
      post: write('Publish a board by a link', add('BoardLink', linkBody, 'input')),
    },
    '/api/sites/{site}/keys': {
      parameters: [SITE],
      get: read('The API keys of a site'),
      post: write('Make an API key', add('Key', keyBody, 'input')),
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Footfall',
      version,
      description:
        'Ask a report by POST with its parameters as JSON. `Accept: text/csv` gives its rows as CSV. `…/explain` gives the query that would run, with its values. Rates are fractions, times are milliseconds.',
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

const SITE = {
  name: 'site',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'The id of the site',
};

const SQL_SAID =
  'One SELECT over `site_events` (a row per event, with person and session) and `site_sessions` (a row per session that began in the period). Read-only, limited in time, memory and rows; `Accept` chooses JSON, CSV or Parquet.';

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
    queryMs: { type: 'integer' },
    rowsRead: { type: 'integer' },
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

function reportPath(
  report: ReportEntry,
  add: (name: string, schema: z.ZodType, io: 'input' | 'output') => Json,
): Json {
  const name = report.name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  const row = report.row ? add(`${name}Row`, report.row, 'output') : { type: 'object' };
  const definitions = Object.entries(report.definitions).map(([column, said]) => `- \`${column}\`: ${said}`);
  return {
    parameters: [SITE],
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
                  meta: { $ref: '#/components/schemas/Meta' },
                },
              },
            },
            'text/csv': { schema: { type: 'string' } },
          },
        },
        ...REFUSALS,
      },
    },
  };
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
