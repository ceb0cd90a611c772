/**
 * Builds the snippet. Every file is measured as it travels, and one over its budget (package.json, `byteBudgets`)
 * fails the build. By hand: `node snippet/build.mjs [directory]`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const { byteBudgets = {} } = JSON.parse(readFileSync(join(here, '../package.json'), 'utf8'));

/** The tracker's own words, known to no page: the only properties whose names are shortened. */
const INTERNAL =
  /^(readSetting|cleanAddress|leaveListeners|settleNavigation|recordEvent|leavePage|flushEvents|showPage|setConsent|pushEvent|resendBatches|dropEvents)$/;

/** Writes the snippet's files into `outDir`. */
export async function buildSnippet(outDir) {
  mkdirSync(outDir, { recursive: true });
  const tag = await bundle('main.ts');
  const integrity = `sha384-${createHash('sha384').update(tag).digest('base64')}`;
  const version = createHash('sha256').update(tag).digest('hex').slice(0, 10);

  const write = (name, text) => writeFileSync(join(outDir, name), text);
  write('footfall.js', tag);
  write(`footfall-${version}.js`, tag);
  write(`footfall-${version}.js.sri`, integrity);

  measure('footfall.js', tag);
  return { version, integrity };
}

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2021',
    mangleProps: INTERNAL,
  });
  return outputFiles[0].text.trim();
}

function measure(name, text) {
  const brotli = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  const gzip = gzipSync(text, { level: 9 }).length;
  const budget = byteBudgets[name];
  console.log(`${name}: ${brotli} B brotli-11, ${gzip} B gzip-9${budget ? ` (at most ${budget})` : ''}`);
  if (brotli > budget) throw new Error(`${name} takes ${brotli} bytes; its budget is ${budget}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildSnippet(process.argv[2] ?? join(here, '../.build/snippet'));
