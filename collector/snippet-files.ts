/** Hands the snippet to the sites' visitors, from memory. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Hono } from 'hono';
import { loadFiles, sendFile } from './files.ts';

/** Its name bears its content's hash (snippet/build.mjs), so that pages can pin it. */
const VERSIONED = /^footfall-[0-9a-f]{10}\.js(\.br)?$/;

/** An hour: a site owner's browser learns of a new version the same day, a visitor's asks once per visit. */
const MUTABLE = 'public, max-age=3600, stale-while-revalidate=86400';
const IMMUTABLE = 'public, max-age=31536000, immutable';

const HEADERS = {
  // Pages of any origin load it, those that demand CORS or CORP too.
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};

/**
 * `directory` is what snippet/build.mjs made; each of its files lies at the root. `kept`: the versioned files of
 * earlier releases (see `keepVersions`).
 */
export function snippetRoutes(directory: string, kept: string): Hono {
  const app = new Hono();
  for (const [path, file] of [...loadFiles(directory), ...loadFiles(kept)]) {
    const cache = VERSIONED.test(basename(path)) ? IMMUTABLE : MUTABLE;
    app.get(path, (c) =>
      sendFile(file, c.req.header('accept-encoding'), { ...HEADERS, 'cache-control': cache }),
    );
  }
  return app;
}

/** Copies this release's versioned file to those of earlier ones: a page that pins it outlives every upgrade. */
export function keepVersions(directory: string, kept: string): void {
  if (!existsSync(directory)) return;
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(directory)) {
    if (VERSIONED.test(name) && !existsSync(join(kept, name)))
      copyFileSync(join(directory, name), join(kept, name));
  }
}
