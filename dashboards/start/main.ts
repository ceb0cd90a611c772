/** Runs Footfall. The only file that reaches out for the environment, the clock, the signals and the streams. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sayError } from '../../collector/command.ts';
import { type Config, readConfig } from '../../collector/config.ts';
import { createLog, type Log } from '../../collector/log.ts';
import { welcomeText } from '../../collector/welcome.ts';
import { startFootfall, type Undo } from './footfall.ts';

const ROOT = join(import.meta.dirname, '../..');
const undo: Undo = [];

async function start(): Promise<void> {
  const config = readConfig(process.env);
  // Our own package.json always names a version.
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const surroundings = {
    config,
    version,
    built: join(ROOT, '.build'),
    now: Date.now,
    log: logTo(config.logFormat),
    residentBytes: () => process.memoryUsage.rss(),
    cpuSeconds: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    onReady: (welcome: Parameters<typeof welcomeText>[0]) => {
      process.stdout.write(welcomeText(welcome, performance.now()));
    },
  };
  await startFootfall(surroundings, undo);
}

function logTo(format: Config['logFormat']): Log {
  return createLog({
    format: format ?? (process.stderr.isTTY ? 'text' : 'json'),
    write: (line) => process.stderr.write(line),
    now: () => new Date(),
  });
}

async function stop(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop().finally(() => process.exit(0));
    process.once(signal, () => process.exit(1)); // Asked twice: at once.
  });
}

start().catch(async (error: unknown) => {
  sayError(error);
  await stop();
  process.exit(1);
});
