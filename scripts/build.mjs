/**
 * Builds what the clone needs to run into `.build/`: the server, the funnel's machine, the snippet, the web app; each only
 * if what it is made of has changed. `node scripts/build.mjs --force` builds all of it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { withLock } from './lock.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, '.build');

/** Programs among the server's files: each becomes `.build/server/<name>.js`. Those not there yet are left out. */
const PROGRAMS = {
  main: 'dashboards/start/main.ts',
  user: 'dashboards/start/user-command.ts',
  backup: 'collector/backup-command.ts',
  restore: 'collector/restore-command.ts',
  spool: 'collector/spool-command.ts',
  sample: 'test/sample/command.ts',
};

const PARTS = [
  { name: 'server', madeOf: ['collector', 'dashboards', 'snippet/demo', 'test/sample'], build: buildServer },
  {
    name: 'funnel',
    madeOf: ['dashboards/reports/funnel/machine', 'dashboards/reports/funnel/build.mjs'],
    build: buildBy('dashboards/reports/funnel/build.mjs', 'buildMachine'),
  },
  {
    name: 'snippet',
    madeOf: ['snippet', 'collector/protocol.ts'],
    build: buildBy('snippet/build.mjs', 'buildSnippet'),
  },
  {
    name: 'app',
    madeOf: ['dashboards', 'collector'],
    build: buildBy('dashboards/app/build.mjs', 'buildApp'),
  },
];

/**
 * Brings `.build/` up to date. Safe to call from several processes at once: the others wait and find it done.
 * What was built of a part before stays if it does not build: where `strict`, that is an error, otherwise only if there
 * is nothing older to go on with. `only` names one part.
 */
export async function build({ force = false, strict = false, log = console.log, only } = {}) {
  const isStale = (part) => (force || !isFresh(part)) && (only ?? part.name) === part.name;
  if (!PARTS.some(isStale)) return;
  await withLock(join(out, 'build.lock'), async () => {
    for (const part of PARTS.filter(isStale)) await buildPart(part, { strict, log });
  });
}

async function buildPart(part, { strict, log }) {
  const started = performance.now();
  const hash = fingerprint(part);
  const fresh = join(out, `${part.name}.new`);
  rmSync(fresh, { recursive: true, force: true });
  const isBuilt = await part.build(fresh).catch((error) => {
    const message = `The ${part.name} does not build: ${error.message}`;
    if (strict || !existsSync(join(out, part.name))) throw new Error(message, { cause: error });
    log(`${message}\nGoing on with the ${part.name} as it was built before.`);
  });
  if (!isBuilt) return;
  moveOver(fresh, join(out, part.name));
  writeFileSync(join(out, `${part.name}.hash`), hash);
  log(`Built the ${part.name} in ${Math.round(performance.now() - started)} ms.`);
}

/** File by file, so that whoever starts meanwhile finds each of them there, old or new. */
function moveOver(fresh, place) {
  const names = entriesOf(fresh).map((file) => relative(fresh, file));
  for (const name of names) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    renameSync(join(fresh, name), join(place, name));
  }
  for (const file of entriesOf(place)) if (!names.includes(relative(place, file))) rmSync(file);
  rmSync(fresh, { recursive: true, force: true });
}

function isFresh(part) {
  const file = join(out, `${part.name}.hash`);
  return (
    existsSync(join(out, part.name)) && existsSync(file) && readFileSync(file, 'utf8') === fingerprint(part)
  );
}

/** Content, not times: a checkout gives files new times, and a build moved elsewhere must be made again. */
function fingerprint({ madeOf }) {
  const hash = createHash('sha256').update(root);
  for (const path of ['package-lock.json', 'scripts/build.mjs', ...madeOf]) addTo(hash, join(root, path));
  return hash.digest('hex');
}

function addTo(hash, path) {
  if (!existsSync(path)) return;
  for (const entry of entriesOf(path)) {
    hash.update(entry).update('\0').update(readFileSync(entry)).update('\0');
  }
}

function entriesOf(path) {
  const listing = tryList(path);
  if (!listing) return [path];
  return listing
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function tryList(path) {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** One bundle per program; npm packages stay where they are, and so do the files that lie beside the sources. */
async function buildServer(directory) {
  const { build: bundle, stop } = await import('esbuild');
  await bundle({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(PROGRAMS).filter(([, path]) => existsSync(join(root, path))),
    ),
    outdir: directory,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    jsx: 'automatic',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [sourcesKeepTheirPlace],
  });
  await stop();
  return true;
}

/** Sources read SQL and the like beside themselves: in the bundle too, `import.meta` says where the source lies. */
export const sourcesKeepTheirPlace = {
  name: 'sources-keep-their-place',
  setup(builder) {
    builder.onLoad({ filter: /\.(ts|tsx|mjs)$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents: text, loader: path.endsWith('.tsx') ? 'tsx' : 'ts' };
    });
  },
};

/** What goes over the wire compressed is compressed here, so that a start has nothing to do. */
function compress(directory) {
  for (const file of entriesOf(directory).filter((name) => /\.(js|css|html|svg|json|txt|map)$/.test(name))) {
    if (existsSync(`${file}.br`)) continue;
    const text = readFileSync(file);
    // For large files, the last per cent would take seconds.
    const quality = text.length < 50_000 ? 11 : 9;
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
    );
  }
}

function buildBy(script, name) {
  return async (directory) => {
    if (!existsSync(join(root, script))) return false;
    const steps = await import(pathToFileURL(join(root, script)).href);
    await steps[name](directory, { log: () => {} });
    compress(directory);
    return true;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ force: process.argv.includes('--force'), strict: process.argv.includes('--strict') });
}
