// Builds the web app into a folder: index.html, and beside it `assets/` with hashed names that may be cached for ever.
// Prints the brotli bytes each page downloads, and throws when one is over its budget.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { bundleApp } from './bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

/** In bytes after brotli. `first` is all script the overview needs; `page` what another page adds to it. */
export const BUDGET = { first: 135_000, page: 70_000, css: 20_000 };

/**
 * @param {string} outDir is emptied first
 * @param {{ log?: (line: string) => void }} options
 * @returns {Promise<{ name: string, bytes: number }[]>} brotli bytes per page
 */
export async function buildApp(outDir, { log = console.log } = {}) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const assets = join(outDir, 'assets');
  const look = await build({
    absWorkingDir: root,
    entryPoints: { style: 'dashboards/app/styles/app.css', icon: 'dashboards/app/icon.svg' },
    bundle: true,
    minify: true,
    metafile: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    loader: { '.svg': 'copy' },
    outdir: assets,
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    logLevel: 'warning',
  });
  const script = await bundleApp({ root, entry: 'dashboards/app/main.tsx', outDir: assets });
  const made = Object.keys(look.metafile.outputs).map((path) => basename(path));
  const [style, icon] = [/^style-.*\.css$/, /^icon-.*\.svg$/].map((name) =>
    made.find((one) => name.test(one)),
  );
  if (!style || !icon) throw new Error(`The build has no style or no icon: ${made.join(', ')}`);
  const html = await readFile(join(here, 'index.html'), 'utf8');
  await writeFile(
    join(outDir, 'index.html'),
    html
      .replace('%ICON%', `/assets/${icon}`)
      .replace('%STYLE%', `/assets/${style}`)
      .replace('%MAIN%', `/assets/${script.folder}/app.js`),
  );
  return weigh(await describe(script), await weight(join(assets, style)), log);
}

/** Compressed, as it goes over the wire: laid beside the file. */
async function weight(file) {
  const brotli = brotliCompressSync(await readFile(file), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  });
  await writeFile(`${file}.br`, brotli);
  return brotli.length;
}

/** Of each file of script what it weighs, what must be there before it runs, and from which source it was made. */
async function describe({ outputs, sources }) {
  /** @type {Map<string, { bytes: number, source: string | undefined, imports: string[] }>} */
  const files = new Map();
  for (const [path, { imports }] of Object.entries(outputs)) {
    const name = basename(path);
    if (!name.endsWith('.js')) continue;
    files.set(name, {
      bytes: await weight(resolve(root, path)),
      source: sources.get(name),
      imports: imports.filter((one) => one.kind === 'import-statement').map((one) => basename(one.path)),
    });
  }
  return files;
}

function weigh(files, css, log) {
  const first = files.get('app.js')?.bytes ?? 0;
  const pages = [...files].flatMap(([name, { source }]) => {
    const page = /^dashboards\/app\/pages\/([^/]+)\/page\.tsx$/.exec(source ?? '')?.[1];
    return page ? [{ name: page, bytes: sum(files, withImports(files, name)) }] : [];
  });
  log(`app: first page ${kB(first)}, style ${kB(css)} (brotli)`);
  for (const one of pages) log(`  ${one.name.padEnd(14)} + ${kB(one.bytes)}`);
  const over = [
    first > BUDGET.first && `the first page's script is ${kB(first)}, allowed are ${kB(BUDGET.first)}`,
    css > BUDGET.css && `the style sheet is ${kB(css)}, allowed are ${kB(BUDGET.css)}`,
    ...pages.map(
      (one) =>
        one.bytes > BUDGET.page && `page ${one.name} adds ${kB(one.bytes)}, allowed are ${kB(BUDGET.page)}`,
    ),
  ].filter(Boolean);
  if (over.length > 0) throw new Error(`Over budget (brotli): ${over.join('; ')}`);
  return [{ name: 'first page', bytes: first }, ...pages];
}

const sum = (files, names) => [...names].reduce((total, name) => total + (files.get(name)?.bytes ?? 0), 0);

/** What a page adds to the first one. */
function withImports(files, name, seen = new Set()) {
  if (name === 'app.js' || seen.has(name)) return seen;
  seen.add(name);
  for (const next of files.get(name)?.imports ?? []) withImports(files, next, seen);
  return seen;
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildApp(process.argv[2] ?? join(root, '.build/app'));
}
