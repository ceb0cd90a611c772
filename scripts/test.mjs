/**
 * Everything that must hold, in one run: types, lint, builds within their byte budgets, then the tests against a real
 * ClickHouse and a real browser. Words after `--` go to vitest: `npm test -- test/snippet`.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideBrowser } from './browser.mjs';
import { build } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function step(name, program, words, env = {}) {
  console.log(`\n— ${name}`);
  const script = join(root, 'node_modules', program);
  const { status } = spawnSync(process.execPath, [script, ...words], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error(`\n${name} failed.`);
    process.exit(status ?? 1);
  }
}

const started = Date.now();
step('Types', 'typescript/bin/tsc', []);
step('Lint and format', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);

console.log('\n— Build, within the byte budgets');
try {
  await build({ force: true, strict: true });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

console.log('\n— Browser');
const browser = await provideBrowser();
if (!browser) {
  console.error('No Chromium could be found or installed: install one, or name it in FOOTFALL_BROWSER.');
  process.exit(1);
}
console.log(browser);
console.log(`\nReady after ${Math.round((Date.now() - started) / 1000)} s.`);

const words = ['run', '--config', join(root, '.vitest.config.ts'), ...process.argv.slice(2)];
step('Tests', 'vitest/vitest.mjs', words, { FOOTFALL_BROWSER: browser });
