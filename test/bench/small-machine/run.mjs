/**
 * The whole of Footfall on one CPU, or more, and 2 GB: `node test/bench/small-machine/run.mjs [visitors]
 * [events a second] [CPUs]`.
 *
 * Starts the built server, its engine with it, in a control group of 2 GB on one CPU (Linux, as root; otherwise on one
 * CPU with what it takes only measured). Then: a million events of 90 days stored; so many visitors, each with an address
 * and a browser of their own, sent through the door; every report on the 90 days, one after the other, while events
 * arrive. Printed: memory before and after, how late the 202s came, and what they waited for, how long the reports took, what was killed.
 * Exits with 1 if something was killed, an event or a report refused, or the 99th percentile of the 202s is over 100 ms.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, '../../../.build/bench-small-machine');
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: ['small-machine.ts', 'server-delays.ts'].map((name) => join(here, name)),
  outdir,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
});
await import(pathToFileURL(join(outdir, 'small-machine.js')).href);
