/**
 * Builds the snippet: the tag, its lazy files, the stub, the npm package. Each is measured as it travels, and one over
 * its budget (package.json, `byteBudgets`) fails the build. By hand: `node snippet/build.mjs [directory]`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';
import { packTarball } from './pack-tarball.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { byteBudgets = {}, version } = JSON.parse(readFileSync(join(here, '../package.json'), 'utf8'));

const TARGET = 'es2021';
/** The letters of short names, in an order of which brotli makes 17 B less than of Terser's own: found by trying some. */
const LETTERS = 'etngwprqdciuNEbafmohyvxjkzlTsAOIRSDCLPMHUGFBWVYXKJQZ_$';
const TERSER = {
  ecma: 2020,
  compress: { passes: 3, inline: 3, pure_getters: true, toplevel: true, unsafe: true, unsafe_arrows: true },
  mangle: { toplevel: true, nth_identifier: { get: nameOf } },
  format: { quote_style: 1 },
};
const LAZY = ['later', 'vitals', 'errors', 'frustration', 'autocapture', 'linking', 'debug'];
/** What a first visit fetches when the tag bears no more than `data-site`. */
const FIRST_VISIT = ['footfall.js', 'footfall-later.js', 'footfall-vitals.js'];

/** Takes the place of the global until the script is there: an array of calls for it to make. */
const STUB = 'window.footfall||=new Proxy([],{get:(q,n)=>q[n]??((...a)=>{q.push(f=>f[n](...a))})})';

/** Writes the snippet's files into `outDir`. Throws if one is over its budget. */
export async function buildSnippet(outDir) {
  mkdirSync(outDir, { recursive: true });
  const sizes = {};
  const write = (name, content) => {
    writeFileSync(join(outDir, name), content);
    if (byteBudgets[name] || name.endsWith('.js')) sizes[name] = sizeOf(content);
  };

  const tag = await buildTag();
  write('footfall.js', tag);
  for (const name of LAZY) write(`footfall-${name}.js`, await bundle(`${name}.ts`, { minify: true }));
  write('stub.txt', STUB);
  writeVersioned(outDir, tag);

  const module = shorten(await bundle('npm/index.ts', { plugins: [moduleSettings], packages: 'bundle' }));
  writeFileSync(join(outDir, 'footfall-browser.tgz'), packTarball(packageFiles(module)));
  sizes['npm: page views and track'] = sizeOf(await shake(module));

  report(sizes);
}

/** A page that pins the file (`integrity`) keeps it for ever: its name bears its content's hash. */
function writeVersioned(outDir, tag) {
  const name = `footfall-${createHash('sha256').update(tag).digest('hex').slice(0, 10)}.js`;
  const integrity = `sha384-${createHash('sha384').update(tag).digest('base64')}`;
  writeFileSync(join(outDir, name), tag);
  writeFileSync(join(outDir, `${name}.sri`), integrity);
  writeFileSync(join(outDir, 'footfall.version.json'), JSON.stringify({ file: name, integrity }));
}

/**
 * One closure for each time the script runs, so that two tags do not share a state; its failure is not the page's.
 * Terser inlines what is used once, which esbuild does not: 75 B less.
 */
async function buildTag() {
  const text = await bundle('main.ts');
  const closure = `(()=>{try{${shorten(text)}}catch{}})()`;
  const { code } = await minify(closure, TERSER);
  return code.trim();
}

/** The short name of that number: `e`, `t`, … `$`, `ee`, … Terser passes over those that are words of the language. */
function nameOf(n) {
  const rest = Math.floor(n / LETTERS.length);
  return (rest ? nameOf(rest - 1) : '') + LETTERS[n % LETTERS.length];
}

/** No minifier does this: what never changes may as well be able to. */
const shorten = (text) => text.replace(/\bconst /g, 'let ');

async function bundle(entry, options = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: TARGET,
    legalComments: 'none',
    ...options,
  });
  return outputFiles[0].text.trim();
}

/** The npm module has no tag to read its settings from. */
const moduleSettings = {
  name: 'module-settings',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/settings\.ts$/ }, () => ({ path: join(here, 'npm/settings.ts') }));
  },
};

/** What a site's bundler (here with Terser) leaves of the npm module if the site only counts page views and its own events. */
async function shake(module) {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { init, track } from 'footfall-browser'; init({ site: 'a', endpoint: 'b' }); track('c');`,
      resolveDir: here,
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: TARGET,
    plugins: [
      {
        name: 'built-module',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^footfall-browser$/ }, () => ({
            path: 'footfall-browser',
            namespace: 'built',
            sideEffects: false,
          }));
          onLoad({ filter: /.*/, namespace: 'built' }, () => ({ contents: module }));
        },
      },
    ],
  });
  const { code } = await minify(outputFiles[0].text, { module: true, ecma: 2020, compress: { passes: 3 } });
  return code;
}

function packageFiles(module) {
  const manifest = {
    name: 'footfall-browser',
    version,
    description:
      'Counts page views, engagement, clicks and your own events, and sends them to your Footfall collector.',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    files: ['index.js', 'index.d.ts'],
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'index.js': `${module}\n`,
    'index.d.ts': readFileSync(join(here, 'npm/types.d.ts'), 'utf8'),
    'README.md': readFileSync(join(here, 'npm/README.md'), 'utf8'),
    LICENSE: readFileSync(join(here, '../LICENSE'), 'utf8'),
  };
}

function sizeOf(content) {
  const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  return { brotli, gzip: gzipSync(content, { level: 9 }).length };
}

function report(sizes) {
  for (const [name, { brotli, gzip }] of Object.entries(sizes)) {
    const budget = byteBudgets[name] ? `, at most ${byteBudgets[name]}` : '';
    console.log(`${name}: ${brotli} B brotli-11${budget}; ${gzip} B gzip-9`);
  }
  const first = FIRST_VISIT.reduce((sum, name) => sum + sizes[name].brotli, 0);
  console.log(
    `A first visit fetches ${FIRST_VISIT.length} files, ${first} B, and sends one request per page view.`,
  );
  const over = Object.entries(sizes).filter(([name, { brotli }]) => brotli > byteBudgets[name]);
  if (over.length) {
    throw new Error(
      over.map(([name, { brotli }]) => `${name} takes ${brotli} B of ${byteBudgets[name]}`).join('; '),
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildSnippet(process.argv[2] ?? join(here, '../.build/snippet'));
}
