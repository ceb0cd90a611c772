// Bundles the app's script: one file with all that every page needs, the overview included, and files for what comes later.
//
// esbuild parts shared code by who shares it with whom: fifty small files before the first page shows, six at a time over
// HTTP/1.1. So its parts are bundled once more: those of the first page into `app.js`, the others with that one left
// outside. All lie in a folder named after their contents, for pages and `app.js` name each other.
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const APP = './app.js';

/**
 * @param {{ root: string, entry: string, outDir: string }} where `entry` as seen from `root`
 * @returns {Promise<{ folder: string, sources: Map<string, string>, outputs: import('esbuild').Metafile['outputs'] }>}
 *   the folder's name inside `outDir`; of each page's file the source it was made from; what esbuild says of all files
 */
export async function bundleApp({ root, entry, outDir }) {
  const options = /** @type {const} */ ({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    minify: true,
    metafile: true,
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    logLevel: 'warning',
  });
  const parts = await build({
    ...options,
    entryPoints: { main: entry },
    splitting: true,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'inline',
    outdir: 'parts',
    chunkNames: '[name]-[hash]',
    write: false,
  });
  const texts = new Map(parts.outputFiles.map(({ path, text }) => [basename(path), text]));
  const facts = new Map(Object.entries(parts.metafile.outputs).map(([path, fact]) => [basename(path), fact]));
  const first = [...closure(facts, 'main.js')];
  const later = [...facts].filter(([name, { entryPoint }]) => entryPoint && !first.includes(name));
  const folder = createHash('sha256')
    .update(parts.outputFiles.map(({ hash }) => hash).join())
    .digest('hex')
    .slice(0, 10);
  const outdir = join(outDir, folder);
  const app = await build({
    ...options,
    stdin: { contents: first.map((name) => exportsOf(name, first, facts)).join('\n'), resolveDir: '/' },
    outfile: join(outdir, 'app.js'),
    legalComments: 'linked',
    plugins: [readParts(texts, (kind) => kind === 'dynamic-import')],
  });
  const pages = await build({
    ...options,
    entryPoints: later.map(([name]) => ({ in: `./${name}`, out: basename(name, '.js') })),
    splitting: true,
    outdir,
    chunkNames: '[name]-[hash]',
    legalComments: 'linked',
    plugins: [readParts(new Map([...texts].map(([name, text]) => [name, importingApp(text, first)])))],
  });
  return {
    folder,
    sources: new Map(later.map(([name, { entryPoint }]) => [name, entryPoint ?? ''])),
    outputs: { ...app.metafile.outputs, ...pages.metafile.outputs },
  };
}

/** Everything that must be there before `name` runs, itself included. */
function closure(facts, name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind } of facts.get(name)?.imports ?? [])
    if (kind === 'import-statement') closure(facts, basename(path), seen);
  return seen;
}

/** Each part has its own `a`, `b`, …: in `app.js` they bear the part's number besides. */
function exportsOf(name, first, facts) {
  const names = (facts.get(name)?.exports ?? []).map((own) => `${own} as ${inApp(own, name, first)}`);
  return `export {${names.join()}} from './${name}';`;
}

const inApp = (own, name, first) => `${own}_${first.indexOf(name)}`;

/** The same part, taking from `app.js` what it took from parts that are in there. As esbuild writes imports, minified. */
function importingApp(text, first) {
  return text.replace(/import(?:\{([^{}]*)\}from)?"\.\/([\w-]+\.js)";?/g, (whole, list = '', name) => {
    if (!first.includes(name)) return whole;
    const names = list
      .split(',')
      .filter(Boolean)
      .map((one) => {
        const [own = '', here = own] = one.trim().split(/\s+as\s+/);
        return `${inApp(own, name, first)} as ${here}`;
      });
    return names.length > 0 ? `import{${names.join()}}from"${APP}";` : '';
  });
}

/** Lets esbuild read the parts, which lie in memory alone. What is `isOutside` stays an import. */
function readParts(texts, isOutside = () => false) {
  return {
    name: 'parts',
    setup(builder) {
      builder.onResolve({ filter: /^\.\// }, ({ path, kind }) =>
        path === APP || isOutside(kind)
          ? { path, external: true }
          : { path: basename(path), namespace: 'part' },
      );
      builder.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => ({
        contents: texts.get(path) ?? '',
      }));
    },
  };
}
