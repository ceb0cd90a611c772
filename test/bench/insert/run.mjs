/**
 * From the spool into ClickHouse, against raw inserts of the same rows: `node test/bench/insert/run.mjs [rows] [rounds]`.
 *
 * One embedded engine with the real schema (views included, fsync on). In turns: raw INSERTs of the rows as JSONEachRow in
 * blocks as large as the inserter's, one after the other (the inserter sends two at once, where so many wait), the spool's whole way (read, checked, ids looked up, inserted, ids written, files
 * removed), the same as one of several collectors, which claims each id before, two such collectors at once (a tenth of
 * the rows comes to both; each must be stored once), and raw INSERTs of the same rows as RowBinary and Native. Printed:
 * rows per second, and the ratios.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const outdir = join(root, '.build/bench-insert');
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: [join(here, 'rate.ts')],
  outdir,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
});
copyFileSync(join(root, 'collector/engine/child.mjs'), join(outdir, 'child.mjs'));
await import(pathToFileURL(join(outdir, 'rate.js')).href);
