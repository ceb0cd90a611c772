import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '../../../dashboards/api/openapi.ts';
import {
  EVENT_DIMENSIONS,
  listedFact,
  SESSION_DIMENSIONS,
  sessionFactOfEvent,
} from '../../../dashboards/reports/dimensions.ts';
import { EVENT_COLUMNS, RULED_COLUMNS } from '../../../dashboards/reports/events/columns.ts';
import { REPORTS } from '../../../dashboards/reports/registry.ts';
import { renderSql, type Sql } from '../../../dashboards/sql.ts';

const document = openApiDocument('1.2.3', 'https://stats.example');
const text = JSON.stringify(document);

test('every report stands in the API document, with its parameters and its rows', () => {
  const { paths, components } = JSON.parse(text);

  for (const { name } of REPORTS) {
    const { post } = paths[`/api/sites/{site}/reports/${name}`];
    const schema = post.requestBody.content['application/json'].schema.$ref.replace(
      '#/components/schemas/',
      '',
    );
    expect(components.schemas[schema], name).toMatchObject({ type: 'object' });
    expect(post.description.length, name).toBeGreaterThan(40);
  }
});

test('every reference in the API document leads somewhere', () => {
  const { components } = JSON.parse(text);
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);

  expect(references.length).toBeGreaterThan(REPORTS.length);
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\//);
    expect(components.schemas).toHaveProperty([reference.replace('#/components/schemas/', '')]);
  }
});

test('every parameter of every report has its definition beside it', () => {
  const { components } = JSON.parse(text);
  const missing = REPORTS.flatMap(({ name }) => {
    const schema = name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    const { properties } = components.schemas[`${schema}Parameters`];
    return Object.entries<{ $ref?: string; description?: string }>(properties)
      .filter(([, { $ref = '', description }]) => {
        const referred = components.schemas[$ref.replace('#/components/schemas/', '')];
        return !(description ?? referred?.description);
      })
      .map(([field]) => `${name}.${field}`);
  });

  expect(missing).toEqual([]);
});

test('the document is one that a reader can load: what is repeated stands in it by reference', () => {
  expect(text.length).toBeLessThan(1_000_000);
});

test('every number has its definition beside it, in the answer as in its parts', () => {
  const { components } = JSON.parse(text);
  const missing: string[] = [];
  for (const { name, parts = {} } of REPORTS) {
    const schema = name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    const row = components.schemas[`${schema}Row`];
    expect(Object.keys(row.properties).length, name).toBeGreaterThan(2);
    missing.push(...undescribed(row, name));
    for (const part of Object.keys(parts))
      missing.push(...undescribed(components.schemas[`${schema}_${part}`], part));
  }
  expect(missing).toEqual([]);
});

type Schema = { description?: string; properties?: Record<string, Schema>; items?: Schema };

/** Numbers, texts and truths; what holds others need not be explained besides. */
function undescribed(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const holds = inner.properties ?? inner.items?.properties;
    return (holds || inner.description ? [] : [`${path}.${name}`]).concat(
      // What stands in a list of plain pairs says itself what it is.
      inner.properties ? undescribed(inner, `${path}.${name}`) : [],
    );
  });
}

test('every fact that the table holds about an event can be read by a report or a dimension', () => {
  const schema = ['001-events.sql', '004-visitor-links.sql'].map((file) =>
    readFileSync(new URL(`../../../collector/schema/${file}`, import.meta.url), 'utf8'),
  );
  const table = schema[0]?.slice(0, schema[0].indexOf('ENGINE')) ?? '';
  const columns = [
    ...table.matchAll(
      /^ {4}([a-z_]+) +(?:LowCardinality|DateTime64|U?Int|UUID|Enum8|String|Bool|Decimal|Map)/gm,
    ),
  ].map(([, column = '']) => column);
  // What has a name of its own in the fragments, or is the inserter's and the door's business alone.
  const elsewhere = [
    'site_id',
    'time',
    'visitor_id',
    'batch_id',
    'client_time',
    'sent_time',
    'is_time_corrected',
    'session_hint',
    'is_bot',
    'is_test',
  ];

  expect(columns.length).toBeGreaterThan(45);
  expect([...RULED_COLUMNS, ...columns.filter((column) => !elsewhere.includes(column))].sort()).toEqual(
    [...EVENT_COLUMNS].sort(),
  );
  expect(new Set([...SESSION_DIMENSIONS, ...EVENT_DIMENSIONS]).size).toBe(
    SESSION_DIMENSIONS.length + EVENT_DIMENSIONS.length,
  );
});

test('every dimension is read from columns that there are, and every column of an event has a dimension or a report', () => {
  const known: readonly string[] = EVENT_COLUMNS;
  const used = new Set<string>();
  const textsOf = (parts: readonly Sql[]) => parts.map((part) => renderSql(part).text).join(' ');
  for (const dimension of SESSION_DIMENSIONS) {
    const columns = wordsOf(textsOf([sessionFactOfEvent(dimension)])).filter((word) => known.includes(word));
    expect([dimension, columns.length]).toEqual([dimension, 1]);
    for (const column of columns) used.add(column);
  }
  for (const dimension of [...EVENT_DIMENSIONS, 'property:x'] as const) {
    const { value, isBorne } = listedFact(dimension);
    const columns = wordsOf(textsOf([value, isBorne])).filter((word) => known.includes(word));
    expect([dimension, columns.length > 0]).toEqual([dimension, true]);
    for (const column of columns) used.add(column);
  }
  const ofReports = new Set(
    REPORTS.flatMap(({ row }) => (row instanceof z.ZodObject ? Object.keys(row.shape) : [])),
  );
  // By another name: `late` of data quality; dwell time and vitals of a page view; the order of one millisecond; the way before a single-page navigation, which analysts read in SQL.
  const byAnotherName = ['received_time', 'page_view_id', 'seq', 'previous_path'];

  expect(known.filter((column) => !used.has(column) && !ofReports.has(column)).sort()).toEqual(
    byAnotherName.sort(),
  );
});

const wordsOf = (text: string) => text.match(/[a-z_]+/g) ?? [];
