/**
 * Adds to package-lock.json the optional platform packages that npm left out because the registry it asked did not
 * show them (a mirror that holds only its own platform's builds). Without them `npm ci` calls the lock broken, and
 * another platform gets no build of its own. Run it after every change of dependencies: `node scripts/complete-lock.mjs`.
 *
 * The facts (os, cpu, libc) are read off the package's name; an entry added here bears no integrity hash, for nobody
 * here has seen its bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];

/** Never throws; a name that says nothing about a platform yields no restriction. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.includes('gnu')
      ? 'glibc'
      : undefined;
  return { os: os && [os], cpu: cpu && [cpu], libc: os === 'linux' && libc ? [libc] : undefined };
}

/** Where npm would find `name` from the package at `path`: its own node_modules first, then each parent's. */
function isLocked(packages, path, name) {
  const rooms = path.split('/node_modules/');
  while (rooms.length > 0) {
    if (`${rooms.join('/node_modules/')}/node_modules/${name}` in packages) return true;
    rooms.pop();
  }
  return `node_modules/${name}` in packages;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (path === '' || isLocked(lock.packages, path, name)) continue;
    if (!/^\d/.test(version))
      throw new Error(`Expected ${path} to pin ${name} to one version, got "${version}"`);
    const { os, cpu, libc } = platformOf(name);
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu }),
      ...(entry.dev && { dev: true }),
      ...(libc && { libc }),
      optional: true,
      ...(os && { os }),
    };
    added.push(`${name}@${version}`);
  }
  delete entry.resolved;
}

const root = lock.packages[''];
const rest = Object.entries(lock.packages).filter(([path]) => path !== '');
rest.sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { '': root, ...Object.fromEntries(rest) };
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(added.length > 0 ? `Added ${added.join(', ')}` : 'The lock names every platform package already');
