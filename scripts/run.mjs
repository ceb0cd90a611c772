/**
 * Runs one of Footfall's programs, built first if it is stale: `node scripts/run.mjs main`, `… user invite <email>`.
 * The program runs in this very process, so that signals reach it without a messenger.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.mjs';

const [program = 'main'] = process.argv.splice(2, 1);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

process.setSourceMapsEnabled(true);
await build();
await import(pathToFileURL(join(root, '.build', 'server', `${program}.js`)).href);
