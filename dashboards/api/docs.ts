/** `/api/openapi.json`, and `/api/docs` to read it: plain HTML, no script. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { REPORTS } from '../reports/registry.ts';
import { openApiDocument } from './openapi.ts';

export function docsRoutes({ version, publicUrl }: { version: string; publicUrl: () => string }): Hono {
  const app = new Hono();
  app.get('/api/openapi.json', (c) => c.json(openApiDocument(version, publicUrl())));
  app.get('/api/docs', (c) => {
    c.header('content-security-policy', "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
    return c.html(page(publicUrl()));
  });
  return app;
}

function page(publicUrl: string) {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>API · Footfall</title>
</head>
<body>
  <main>
    <h1>Footfall’s API</h1>
    <p>Ask a report by POST; the whole contract, for machines, is <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).
      API keys are made in a site’s settings.</p>
    <pre>curl ${publicUrl}/api/sites/my-site/reports/overview \\
  -H 'Authorization: Bearer ffk_…' -H 'Content-Type: application/json' \\
  -d '{"period": {"preset": "7d"}}'</pre>
    <p>With <code>Accept: text/csv</code> the rows come as CSV. <code>…/explain</code> gives the SQL that would run. Rates are
      fractions, times are milliseconds, days are local days of the site.</p>
    ${REPORTS.map(
      (report) => html`<section>
      <h2 id="${report.name}">${report.title}</h2>
      <p><code>POST /api/sites/{site}/reports/${report.name}</code></p>
      <p>${report.description}</p>
      <dl>${Object.entries(report.definitions).map(([name, said]) => html`<dt><code>${name}</code></dt><dd>${said}</dd>`)}</dl>
    </section>`,
    )}
  </main>
</body>
</html>`;
}
