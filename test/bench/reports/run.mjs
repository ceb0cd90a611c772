/**
 * Reports over many events against the least that an engine could do: `node test/bench/reports/run.mjs [millions]`
 * (10 unless given; `--large` is 100). Prints each report's time, its ratio to a scan of the columns it must read, and
 * for the funnel its ratio to the naive `windowFunnel` grouped by visitor. Best of five, one after the other, in the
 * same run. `--only=TEXT` runs what bears the text in its name, and what that is compared with; `--site=visits`
 * asks all but the funnels, `--site=bench` the funnels alone; `--keep=DIRECTORY` keeps
 * the events there for the next run.
 */

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { build as buildPart, sourcesKeepTheirPlace } from '../../../scripts/build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const outdir = join(root, '.build/bench-reports');
mkdirSync(outdir, { recursive: true });
await buildPart({ only: 'funnel', strict: true });
await build({
  entryPoints: [join(here, 'compare.ts')],
  outdir,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
  plugins: [sourcesKeepTheirPlace],
});
const { compare } = await import(pathToFileURL(join(outdir, 'compare.js')).href);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    large: { type: 'boolean' },
    only: { type: 'string' },
    site: { type: 'string' },
    keep: { type: 'string' },
  },
});
await compare({
  schemaDirectory: join(root, 'collector/schema'),
  millions: Number(positionals[0] ?? (values.large ? 100 : 10)),
  only: values.only ?? '',
  onlySite: values.site ?? '',
  keptIn: values.keep,
});
