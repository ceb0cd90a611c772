/** Hands the snippet to the sites' visitors, from memory. */
import { Hono } from 'hono';
import { loadFiles, sendFile } from './files.ts';

/** An hour: a site owner's browser learns of a new version the same day, a visitor's asks once per visit. */
const HEADERS = {
  'cache-control': 'public, max-age=3600, stale-while-revalidate=86400',
  // Pages of any origin load it, those that demand CORS or CORP too.
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};

/** `directory` is what snippet/build.mjs made; each of its files lies at the root. */
export function snippetRoutes(directory: string): Hono {
  const app = new Hono();
  for (const [path, file] of loadFiles(directory)) {
    app.get(path, (c) => sendFile(file, c.req.header('accept-encoding'), HEADERS));
  }
  return app;
}
