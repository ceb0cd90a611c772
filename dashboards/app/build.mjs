// Builds the web app into a folder: index.html, and beside it `assets/` with hashed names that may be cached for ever.
// Prints the brotli bytes each page downloads, and throws when one is over its budget.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

/** In bytes after brotli. `first` is all script the overview needs; `page` what another page adds to it. */
export const BUDGET = { first: 150_000, page: 85_000, css: 20_000 };

/**
 * @param {string} outDir is emptied first
 * @param {{ log?: (line: string) => void }} options
 * @returns {Promise<{ name: string, bytes: number }[]>} brotli bytes per page
 */
export async function buildApp(outDir, { log = console.log } = {}) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: {
      app: 'dashboards/app/main.tsx',
      style: 'dashboards/app/styles/app.css',
      icon: 'dashboards/app/icon.svg',
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    metafile: true,
    jsx: 'automatic',
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'copy' },
    outdir: join(outDir, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    legalComments: 'linked',
    logLevel: 'warning',
  });
  const outputs = result.metafile.outputs;
  const assets = await describe(outputs);
  await writeFile(join(outDir, 'index.html'), await page(outputs, assets, outDir));
  return weigh(assets, log);
}

/** Where an entry's output lies, and what each output weighs. */
async function describe(outputs) {
  /** @type {Map<string, { bytes: number, entry: string | undefined, imports: string[], pages: string[] }>} */
  const assets = new Map();
  for (const [path, output] of Object.entries(outputs)) {
    if (!/\.(js|css)$/.test(path)) continue;
    const text = await readFile(resolve(root, path));
    assets.set(path, {
      bytes: brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
      entry: output.entryPoint,
      imports: output.imports.filter((one) => one.kind === 'import-statement').map((one) => one.path),
      pages: output.imports.filter((one) => one.kind === 'dynamic-import').map((one) => one.path),
    });
  }
  return assets;
}

/** Everything that must be there before `path` runs, itself included. */
function closure(assets, path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const next of assets.get(path)?.imports ?? []) closure(assets, next, seen);
  return seen;
}

function find(assets, entry) {
  for (const [path, asset] of assets) if (asset.entry === entry) return path;
  throw new Error(`The build has no output for ${entry}`);
}

/** The one page: no inline script and no inline style, so that the strictest content security policy holds. */
async function page(outputs, assets, outDir) {
  const href = (path) => `/${resolve(root, path).slice(resolve(outDir).length + 1)}`;
  const main = find(assets, 'dashboards/app/main.tsx');
  const style = find(assets, 'dashboards/app/styles/app.css');
  const icon = Object.keys(outputs).find((path) => /icon-[^/]*\.svg$/.test(path));
  // The overview is what people open: its parts come along with the first ones, not after them.
  const overview = closure(assets, find(assets, 'dashboards/app/pages/overview/page.tsx'));
  const preload = [...closure(assets, main, overview)].filter((path) => path !== main);
  const html = await readFile(join(here, 'index.html'), 'utf8');
  return html
    .replace('%ICON%', href(icon))
    .replace('%STYLE%', href(style))
    .replace('%MAIN%', href(main))
    .replace(
      '%PRELOAD%',
      preload.map((path) => `<link rel="modulepreload" href="${href(path)}">`).join('\n    '),
    );
}

function weigh(assets, log) {
  const main = closure(assets, find(assets, 'dashboards/app/main.tsx'));
  const sum = (paths) => [...paths].reduce((total, path) => total + (assets.get(path)?.bytes ?? 0), 0);
  const pages = [...assets]
    .filter(([, asset]) => /^dashboards\/app\/pages\/[^/]+\/page\.tsx$/.test(asset.entry ?? ''))
    .map(([path, asset]) => ({
      name: asset.entry.split('/').at(-2),
      bytes: sum(new Set([...closure(assets, path)].filter((one) => !main.has(one)))),
    }));
  const shared = sum(main);
  const css = assets.get(find(assets, 'dashboards/app/styles/app.css')).bytes;
  const overview = pages.find((one) => one.name === 'overview')?.bytes ?? 0;
  log(`app: ${kB(shared)} shared, style ${kB(css)}, first page ${kB(shared + overview)} (brotli)`);
  for (const one of pages) log(`  ${one.name.padEnd(14)} + ${kB(one.bytes)}`);
  const over = [
    shared + overview > BUDGET.first &&
      `the first page's script is ${kB(shared + overview)}, allowed are ${kB(BUDGET.first)}`,
    css > BUDGET.css && `the style sheet is ${kB(css)}, allowed are ${kB(BUDGET.css)}`,
    ...pages.map(
      (one) =>
        one.bytes > BUDGET.page && `page ${one.name} adds ${kB(one.bytes)}, allowed are ${kB(BUDGET.page)}`,
    ),
  ].filter(Boolean);
  if (over.length > 0) throw new Error(`Over budget (brotli): ${over.join('; ')}`);
  return [{ name: 'first page', bytes: shared + overview }, ...pages];
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildApp(process.argv[2] ?? join(root, '.build/app'));
}
