/**
 * Ingest against bare Node, in the same run: `node test/bench/ingest/run.mjs [rounds]`.
 *
 * Servers, each a process of its own, get the same requests from the same sender, in turns, after a warm-up of equal
 * length, in slices of some seconds, each beside one of the bare server: a bare `node:http` that parses the JSON
 * and answers 202; the collector behind its real server (validated, enriched, on disk before its 202); the bare one
 * that only writes and syncs besides, for what the disk takes; both with 20 events a request. Printed: CPU per request
 * (user and system, all threads), medians of the slices, and of the ratios to the slice beside them. ClickHouse is not
 * part of it: rows stay in the spool.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, '../../../.build/bench-ingest');
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: ['bare', 'bare-synced', 'collector', 'sender', 'compare'].map((name) =>
    join(here, `${name}.ts`),
  ),
  outdir,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
});
await import(pathToFileURL(join(outdir, 'compare.js')).href);
