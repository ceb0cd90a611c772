/** `/api/openapi.json`, and `/api/docs` to read it: plain HTML, no script. */
import { Hono } from 'hono';
import { type ApiDocument, docsPage } from './docs/page.ts';
import { DOCS_STYLE } from './docs/style.ts';
import { openApiDocument } from './openapi.ts';

export function docsRoutes({ version, publicUrl }: { version: string; publicUrl: () => string }): Hono {
  const app = new Hono();
  app.get('/api/openapi.json', (c) => c.json(openApiDocument(version, publicUrl())));
  let page: { url: string; html: ReturnType<typeof docsPage> } | undefined;
  app.get('/api/docs', (c) => {
    c.header('content-security-policy', "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
    const url = publicUrl();
    if (page?.url !== url) {
      // What openApiDocument writes; its type says only that it is JSON.
      const document = openApiDocument(version, url) as unknown as ApiDocument;
      page = { url, html: docsPage(document, url) };
    }
    return c.html(page.html);
  });
  app.get('/api/docs.css', (c) => c.body(DOCS_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  return app;
}
