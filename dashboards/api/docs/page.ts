/** The OpenAPI document as a page to read: each endpoint with its parameters, the fields of its body and its answers. */
import { html } from 'hono/html';
import { fieldList, type Html, type Telling } from './fields.ts';
import type { Schema, Schemas } from './type-words.ts';

type Parameter = { name: string; in: string; required?: boolean; schema: Schema; description?: string };
type Content = Record<string, { schema: Schema }>;
type Operation = {
  summary?: string;
  description?: string;
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
type Path = { parameters?: Parameter[] } & Partial<Record<Method, Operation>>;
export type ApiDocument = {
  info: { description: string };
  paths: Record<string, Path>;
  components: { schemas: Schemas };
};

const METHODS = ['get', 'post', 'put', 'delete'] as const;
type Method = (typeof METHODS)[number];

export function docsPage({ info, paths, components: { schemas } }: ApiDocument, publicUrl: string) {
  const telling: Telling = { schemas, told: new Map() };
  const endpoints = Object.entries(paths).flatMap(([path, { parameters = [], ...operations }]) =>
    METHODS.flatMap((method) => {
      const operation = operations[method];
      return operation ? [{ id: idOf(method, path), method, path, parameters, operation }] : [];
    }),
  );
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <link rel="stylesheet" href="/api/docs.css">
  <title>API · Footfall</title>
</head>
<body>
  <nav aria-label="Endpoints"><details open><summary>Endpoints</summary><ul>${endpoints.map(
    ({ id, method, path, operation }) =>
      html`<li><a href="#${id}">${operation.summary ?? path}</a> <small>${method.toUpperCase()} ${path.replace('/api/sites/{site}', '…')}</small></li>`,
  )}</ul></details></nav>
  <main>
    <h1>Footfall’s API</h1>
    <p>${info.description}</p>
    <p>For machines: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1), which this page is made from. API keys are made in a site’s settings.</p>
    <pre tabindex="0">curl ${publicUrl}/api/sites/my-site/reports/overview \\
  -H 'Authorization: Bearer ffk_…' -H 'Content-Type: application/json' \\
  -d '{"period": {"preset": "7d"}}'</pre>
    ${endpoints.map((one) => endpoint(one, telling))}
  </main>
</body>
</html>`;
}

type Endpoint = { id: string; method: Method; path: string; parameters: Parameter[]; operation: Operation };

function endpoint({ id, method, path, parameters, operation }: Endpoint, telling: Telling): Html {
  const asked = operation.requestBody?.content['application/json']?.schema;
  // Definitions of numbers stand beside the numbers below.
  const said = operation.description?.split('\n- ')[0];
  return html`<section id="${id}">
      <h2>${operation.summary ?? path}</h2>
      <p><code class="path">${method.toUpperCase()} ${path}</code></p>
      ${said ? html`<p>${said}</p>` : ''}
      ${['path', 'query'].map((place) => parameterList(place, parameters, telling))}
      ${asked ? html`<h3>Body</h3>${fieldList(asked, telling) || html`<p>An empty object: <code>{}</code></p>`}` : ''}
      <h3>Answers</h3>
      <dl>${Object.entries(operation.responses).map(([status, { description, content }]) => html`<dt><code>${status}</code> ${description}</dt><dd>${answerFields(content, status, telling)}</dd>`)}</dl>
    </section>`;
}

function parameterList(place: string, all: readonly Parameter[], telling: Telling): Html | '' {
  const parameters = all.filter((one) => one.in === place);
  if (parameters.length === 0) return '';
  const fields: Schema = {
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, schema, description = '' }) => [name, { ...schema, description }]),
    ),
  };
  return html`<h3>In the ${place}</h3>${fieldList(fields, telling)}`;
}

/** Refusals are all alike: their fields are told at the first. */
function answerFields(content: Content | undefined, status: string, telling: Telling): Html | '' {
  if (!content || Number(status) > 400) return '';
  return html`${Object.entries(content).map(([type, { schema }]) => {
    const fields = fieldList(schema, telling);
    return html`<details><summary>Fields as <code>${type}</code></summary>${fields || schema.description || ''}</details>`;
  })}`;
}

function idOf(method: Method, path: string): string {
  return `${method}-${path.replace(/^\/api\/(sites\/\{site\}\/?)?/, '').replace(/[^a-z0-9]+/gi, '-')}`.replace(
    /-$/,
    '',
  );
}
