/**
 * Brings node_modules in step with package-lock.json, and returns at once if it is. `npm start` and `npm test` run it
 * first, so that a fresh clone needs no other command. Only Node's own modules: nothing else is here yet.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = join(root, 'node_modules', '.footfall-installed');
const libc =
  process.platform === 'linux'
    ? process.report.getReport().header.glibcVersionRuntime
      ? 'glibc'
      : 'musl'
    : '';

/** Everything that makes an installation fit: the lock, and the machine that native packages were chosen for. */
function stamp() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(root, name)));
  const nodeMajor = process.versions.node.split('.')[0];
  return `${hash.digest('hex')} ${process.platform} ${process.arch} ${libc} node${nodeMajor}\n`;
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp();
}

/** The outer npm hands its own settings down; those that would leave packages out must not count here. */
function environment() {
  const unwanted =
    /^npm_config_(omit|include|only|also|production|dev|optional|global|location|dry_run|ignore_scripts|package_lock|package_lock_only|save.*|workspaces?)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV' && !unwanted.test(name)),
  );
}

/** The very npm that runs us where it says so (`npm_execpath`), else the one on the path. */
function npmCommand() {
  const outer = process.env.npm_execpath;
  if (outer && /npm-cli\.c?js$/.test(outer)) return { file: process.execPath, before: [outer], shell: false };
  return { file: 'npm', before: [], shell: process.platform === 'win32' };
}

/** Platform packages that the lock names for this machine and that did not arrive (npm skips them in silence). */
function missingBuilds() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const fits = (list, value) => !list || list.includes(value);
  return Object.entries(packages)
    .filter(([, { os, cpu }]) => os && cpu && fits(os, process.platform) && fits(cpu, process.arch))
    .filter(([path, entry]) => fits(entry.libc, libc) && !existsSync(join(root, path)))
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

function install() {
  if (isInstalled()) return 0;
  console.log('Installing dependencies (about 900 MB, most of it the database engine) …');
  const { file, before, shell } = npmCommand();
  const started = Date.now();
  // `install` rather than `ci`: it changes only what differs, so that a running server keeps its files.
  const flags = [
    'install',
    '--no-save',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { status, error } = spawnSync(file, [...before, ...flags], {
    cwd: root,
    env: environment(),
    stdio: 'inherit',
    shell,
  });
  if (status !== 0) {
    console.error(
      `npm could not install the dependencies${error ? ` (${error.message})` : ''}: see its words above, then run this again.`,
    );
    return 1;
  }
  const missing = missingBuilds();
  if (missing.length > 0)
    console.error(`Not installed, will be tried again next time: ${missing.join(', ')}`);
  else writeFileSync(stampFile, stamp());
  console.log(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  return 0;
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Footfall needs Node 20 or newer, and this is ${process.version}: install one from https://nodejs.org.`,
  );
  process.exitCode = 1;
} else if (!isInstalled()) {
  process.exitCode = await withLock(join(root, '.build', 'install.lock'), install, (holder) =>
    console.log(`Waiting for another installation (process ${holder ?? 'unknown'}) …`),
  );
}
