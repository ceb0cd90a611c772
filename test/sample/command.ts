/** `npm run sample [-- people]` fills a sample site through the running server's own door; `… remove` takes it away. */
import { join } from 'node:path';
import { type CommandWorld, runCommand, UsageError } from '../../collector/command.ts';
import { readAddress } from '../../collector/data-directory.ts';
import { removeSite } from '../../collector/remove-site.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import type { Comparison } from './compare.ts';
import { DAY_MS } from './plan.ts';
import { runSample } from './sample.ts';

const SITE = 'sample';
const DAYS = 90;
const PEOPLE = 22_000;
const LONGEST_VISIT_MS = 30 * 60_000;
const USAGE = `Expected one of:
  npm run sample               ${PEOPLE.toLocaleString('en')} people and their visits of ${DAYS} days
  npm run sample -- <people>   fewer or more of them
  npm run sample -- remove     takes the sample site away again`;

async function sample({ config, database, arguments: words }: CommandWorld): Promise<string> {
  const [word = String(PEOPLE)] = words;
  if (word === 'remove') {
    await removeSite(database.storage, SITE);
    return 'The sample site is gone, with all that was known of it.';
  }
  if (!/^[1-9]\d{0,5}$/.test(word)) throw new UsageError(USAGE);
  const url = readAddress(config.dataDirectory);
  if (url === undefined || !(await answers(url))) {
    throw new UsageError(
      'The sample is sent through the collector’s own door: start Footfall first with npm start.',
    );
  }
  if (await exists(database.storage)) {
    throw new UsageError('There is a sample site already: npm run sample -- remove takes it away.');
  }
  const truthFile = join(config.dataDirectory, 'sample-truth.json');
  const { comparisons } = await runSample({
    storage: database.storage,
    url,
    siteId: SITE,
    truthFile,
    people: Number(word),
    days: DAYS,
    // Today is under way, as it is on a site that lives.
    endsAt: (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS,
    startsBefore: Date.now() - LONGEST_VISIT_MS,
    seed: 20_261_122,
    onProgress: showProgress,
  });
  return `\n${tableOf(comparisons)}\n\n${verdict(comparisons)} See it at ${url}/?site=${SITE}`;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function exists(storage: Storage): Promise<boolean> {
  const { rows } = await storage.query(
    'SELECT 1 FROM sites FINAL WHERE site_id = {site:String} AND NOT is_deleted',
    {
      parameters: { site: SITE },
    },
  );
  return rows.length > 0;
}

/** A bar that redraws itself; where nobody watches, a line for each tenth. */
function showProgress(events: number, ofAll: number): void {
  const tenth = Math.floor((events / ofAll) * 10);
  if (process.stdout.isTTY) {
    const filled = Math.round((events / ofAll) * 40);
    const bar = '█'.repeat(filled) + '░'.repeat(40 - filled);
    process.stdout.write(`\r${bar} ${events.toLocaleString('en')} of ${ofAll.toLocaleString('en')} events`);
  } else if (tenth > shownTenth) {
    shownTenth = tenth;
    console.log(`${tenth * 10} % of ${ofAll.toLocaleString('en')} events acknowledged`);
  }
}

let shownTenth = 0;

function tableOf(comparisons: readonly Comparison[]): string {
  const width = Math.max(...comparisons.map(({ what }) => what.length));
  return [
    `${'counted from'.padEnd(width)}  ${'the plan'.padStart(14)}  ${'the reports'.padStart(14)}`,
    ...comparisons.map(
      ({ what, expected, found }) =>
        `${what.padEnd(width)}  ${expected.toLocaleString('en').padStart(14)}  ${found.toLocaleString('en').padStart(14)}${expected === found ? '' : '  differs'}`,
    ),
  ].join('\n');
}

function verdict(comparisons: readonly Comparison[]): string {
  const wrong = comparisons.filter(({ expected, found }) => expected !== found);
  if (wrong.length === 0) return `All ${comparisons.length} figures agree.`;
  process.exitCode = 1;
  return `${wrong.length} of ${comparisons.length} figures differ.`;
}

await runCommand(process.env, process.argv.slice(2), sample);
