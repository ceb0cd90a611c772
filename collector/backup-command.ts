/** `npm run backup -- <new directory>`, on a running Footfall or a stopped one. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backUp } from './backup/backup.ts';
import { type CommandWorld, runCommand, UsageError } from './command.ts';

const VERSION = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }
).version; // Ours.

async function backup({ config, database, arguments: [target] }: CommandWorld): Promise<string> {
  if (!target)
    throw new UsageError('Expected a directory to make: npm run backup -- /backups/footfall-2026-11-22');
  if (config.clickHouse) {
    throw new UsageError(
      'The tables lie on your own ClickHouse server: back them up with its BACKUP statement, ' +
        `and the spool by copying ${join(config.dataDirectory, 'spool')} before it.`,
    );
  }
  const engine = join(config.dataDirectory, 'clickhouse');
  const path = resolve(target);
  await backUp(
    {
      version: VERSION,
      now: () => new Date(),
      storage: database.storage,
      spoolDirectory: join(config.dataDirectory, 'spool'),
      engineBackups: join(engine, 'backups'),
    },
    path,
  );
  return `Backed up to ${path}: bring it back with FOOTFALL_DATA=<new directory> npm run restore -- ${path}`;
}

await runCommand(process.env, process.argv.slice(2), backup);
