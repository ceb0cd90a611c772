/** Finds the Chromium for the browser tests, or gets one. Only `npm test` calls it: `npm start` needs no browser. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const aside = join(root, '.build', 'browser');

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A headless Chromium inside an npm package, for x64 Linux without root: 68 MB, no back-forward cache. */
const PACKAGED = {
  name: '@sparticuz/chromium@147.0.2',
  sha512: 'oqXyPAlGQuT9wdZAhcx4nmhehVgEsDc2adL/+FlX8qsLh/YyOgl9GQp8dPMDIBRmktxgA9c1QSNJIQUj2UeHhQ==',
};

/** Path of a Chromium, installed first if there is none: undefined where none can be had, with the reasons printed. */
export async function provideBrowser() {
  return (
    (await findBrowser()) ??
    (installByApt() || (await installByPlaywright()) || unpackPackaged()) ??
    undefined
  );
}

async function findBrowser() {
  const { chromium } = await import('playwright');
  return [process.env.FOOTFALL_BROWSER, chromium.executablePath(), ...SYSTEM].find(
    (path) => path && existsSync(path),
  );
}

function installByApt() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return undefined;
  console.log('Installing Debian’s chromium for the browser tests …');
  const install = ['install', '--yes', '--no-install-recommends', 'chromium'];
  if (!run('apt-get', install) && run('apt-get', ['update'])) run('apt-get', install);
  return SYSTEM.find((path) => existsSync(path));
}

async function installByPlaywright() {
  console.log('Installing Playwright’s Chromium for the browser tests …');
  run(process.execPath, [join(root, 'node_modules/playwright/cli.js'), 'install', 'chromium']);
  return findBrowser();
}

function unpackPackaged() {
  const program = join(aside, 'chromium.sh');
  if (existsSync(program)) return program;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  console.log(`Unpacking ${PACKAGED.name} for the browser tests …`);
  const fresh = `${aside}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const packed = spawnSync('npm', ['pack', PACKAGED.name, '--silent'], { cwd: fresh, encoding: 'utf8' });
  const archive = join(fresh, packed.stdout.trim().split('\n').at(-1) || 'none');
  if (!existsSync(archive)) return undefined;
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (hash !== PACKAGED.sha512)
    throw new Error(`${PACKAGED.name} came with another hash than expected: ${hash}`);
  if (!run('tar', ['-xzf', archive, '-C', fresh])) return undefined;
  unbrotli(join(fresh, 'package/bin/chromium.br'), join(fresh, 'chromium'));
  chmodSync(join(fresh, 'chromium'), 0o755);
  for (const name of ['al2023', 'swiftshader', 'fonts']) {
    unbrotli(join(fresh, `package/bin/${name}.tar.br`), join(fresh, `${name}.tar`));
    run('tar', ['-xf', join(fresh, `${name}.tar`), '-C', fresh]);
  }
  // It was made for Amazon's Linux: the libraries that others may lack lie beside it.
  const here = '"$(dirname "$(readlink -f "$0")")"';
  const script = `#!/bin/sh\nhere=${here}\nLD_LIBRARY_PATH="$here/lib:$LD_LIBRARY_PATH" exec "$here/chromium" "$@"\n`;
  writeFileSync(join(fresh, 'chromium.sh'), script, { mode: 0o755 });
  rmSync(join(fresh, 'package'), { recursive: true });
  rmSync(archive);
  rmSync(aside, { recursive: true, force: true });
  renameSync(fresh, aside);
  return program;
}

function unbrotli(from, to) {
  writeFileSync(to, brotliDecompressSync(readFileSync(from)));
}

function run(file, words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(file, words, { cwd: root, env, stdio: 'inherit', timeout: 300_000 }).status === 0;
}
