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
endWithParent();
try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import(pathToFileURL(join(root, '.build', 'server', `${program}.js`)).href);

/** npm hands a SIGTERM to the shell between us, which dies and keeps it to itself: we end as if it had come through. */
function endWithParent() {
  if (!process.env.npm_lifecycle_event) return;
  const { ppid } = process;
  const timer = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}
