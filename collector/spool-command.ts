/** `npm run spool -- status | dead list | dead replay | dead purge`: looks at the spool and cares for its dead letters. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sayError, UsageError } from './command.ts';
import { readConfig } from './config.ts';
import { holderOf } from './directory-lock.ts';
import { DEAD_SUFFIX, type DeadLetter, REPLAY_SUFFIX, readDeadLetters } from './spool/dead-letters.ts';
import { type Disk, openDisk } from './spool/disk.ts';
import { inspectSpool } from './spool/inspect.ts';

const USAGE = `Expected one of:
  npm run spool -- status                  what waits for the database, what was refused, what was corrupt
  npm run spool -- dead list               the rows ClickHouse refused, by batch, with its reasons
  npm run spool -- dead replay <batch|all> tries them again, once what was wrong is mended
  npm run spool -- dead purge <batch|all>  deletes them for good`;

type Spool = { disk: Disk; isServerRunning: boolean; now: number };

async function spool(spoolAt: Spool, words: readonly string[]): Promise<string> {
  const [topic, verb, batch] = words;
  if (topic === 'status' && words.length === 1) return status(spoolAt);
  if (topic === 'dead' && verb === 'list' && words.length === 2) return list(spoolAt.disk);
  if (topic === 'dead' && batch !== undefined && words.length === 3) {
    if (verb === 'replay') return replay(spoolAt, batch);
    if (verb === 'purge') return purge(spoolAt.disk, batch);
  }
  throw new UsageError(USAGE);
}

async function status({ disk, isServerRunning, now }: Spool): Promise<string> {
  const contents = await inspectSpool(disk);
  const waited =
    contents.oldestWrittenAt === 0
      ? ''
      : `, the oldest for ${Math.round((now - contents.oldestWrittenAt) / 1000)} s`;
  return [
    `server      ${isServerRunning ? 'running' : 'not running'}`,
    `waiting     ${contents.waitingRows} events${waited}`,
    `segments    ${contents.segments} (${contents.segmentBytes} bytes)`,
    `dead        ${contents.deadRows} events in ${contents.deadFiles} batches (npm run spool -- dead list)`,
    `replaying   ${contents.replayFiles} batches`,
    `corrupt     ${contents.corruptFiles} ranges put aside (${contents.corruptBytes} bytes)`,
    `disk free   ${await disk.freeBytes()} bytes`,
  ].join('\n');
}

async function list(disk: Disk): Promise<string> {
  const lines: string[] = [];
  for (const name of await deadFiles(disk)) {
    const letters = await readDeadLetters(disk, name);
    const reasons = new Map<string, DeadLetter[]>();
    for (const letter of letters) {
      // The reason without its place in the insert, which differs from row to row.
      const reason = `${letter.row.site_id}: ${letter.error.split(/: \(at row |\n/, 1)[0] ?? ''}`;
      reasons.set(reason, [...(reasons.get(reason) ?? []), letter]);
    }
    lines.push(
      `${toBatchId(name)}  ${new Date(letters[0]?.at ?? 0).toISOString()}  ${letters.length} events`,
    );
    for (const [reason, alike] of reasons) lines.push(`  ${alike.length} × ${reason}`);
  }
  return lines.length === 0 ? 'No dead letters.' : lines.join('\n');
}

async function replay({ disk, isServerRunning }: Spool, batch: string): Promise<string> {
  const names = await find(disk, batch);
  for (const name of names) await disk.rename(name, `${toBatchId(name)}${REPLAY_SUFFIX}`);
  await disk.syncDirectory();
  const when = isServerRunning ? 'within seconds' : 'when the server starts';
  return `${names.length} batches will be tried again ${when}. What is refused again comes back as dead letters.`;
}

async function purge(disk: Disk, batch: string): Promise<string> {
  const names = await find(disk, batch);
  let events = 0;
  for (const name of names) {
    events += (await readDeadLetters(disk, name)).length;
    await disk.remove(name);
  }
  return `${events} events of ${names.length} batches are deleted.`;
}

async function find(disk: Disk, batch: string): Promise<string[]> {
  const names = await deadFiles(disk);
  const found = batch === 'all' ? names : names.filter((name) => toBatchId(name) === batch);
  if (found.length === 0 && batch !== 'all')
    throw new UsageError(
      `There are no dead letters of batch ${batch}: npm run spool -- dead list shows those there are.`,
    );
  return found;
}

async function deadFiles(disk: Disk): Promise<string[]> {
  return (await disk.list()).filter((name) => name.endsWith(DEAD_SUFFIX)).sort();
}

function toBatchId(name: string): string {
  return name.slice(0, -DEAD_SUFFIX.length);
}

try {
  const { dataDirectory } = readConfig(process.env);
  const directory = join(dataDirectory, 'spool');
  if (!existsSync(directory))
    throw new UsageError(`There is no spool in ${dataDirectory}: no server has run there.`);
  const isServerRunning = holderOf(dataDirectory) !== undefined;
  console.log(
    await spool({ disk: await openDisk(directory), isServerRunning, now: Date.now() }, process.argv.slice(2)),
  );
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}
