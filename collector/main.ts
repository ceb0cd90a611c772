/** Puts Footfall together and runs it. The only file that reaches out for the environment, the clock and the signals. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createAccounts } from '../dashboards/api/sign-in/accounts.ts';
import { DEMO_SITE } from '../snippet/demo/shop.ts';
import { type Alert, watchForTrouble } from './alerts.ts';
import { createDoors } from './app.ts';
import { sayError } from './command.ts';
import { type Config, readConfig } from './config.ts';
import { createCounters } from './counters.ts';
import { openDataDirectory, writeAddress } from './data-directory.ts';
import { openDatabase } from './database.ts';
import { ensureSite, prepareFirstUse } from './first-start.ts';
import { startInserter } from './insert.ts';
import { listen } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { openWorld } from './open-world.ts';
import { createRoutes } from './routes.ts';
import { openDisk } from './spool/disk.ts';
import { openSpool } from './spool/spool.ts';
import { createWebhook } from './webhook.ts';
import { tagFor, welcomeText } from './welcome.ts';

const ROOT = join(import.meta.dirname, '..');
const REQUESTS_PATIENCE_MS = 5_000;
// Our own package.json always names a version.
const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

function logTo(format: Config['logFormat']): Log {
  const write = (line: string) => process.stderr.write(line);
  return createLog({
    format: format ?? (process.stderr.isTTY ? 'text' : 'json'),
    write,
    now: () => new Date(),
  });
}

let log = logTo(undefined);
const warn = (message: string) => log('warn', message);
const fail = (message: string, error: unknown) => log('error', message, error);

/** Undone in the opposite order, however far the start got. Nothing depends on it: it only spares the next start work. */
const undo: (() => Promise<void> | void)[] = [];

async function start(): Promise<void> {
  const config = readConfig(process.env);
  log = logTo(config.logFormat);
  const directory = await openDataDirectory(config.dataDirectory);
  undo.push(() => directory.lock.release());
  const listener = await listen(config.host, config.port);
  undo.push(() => listener.close(REQUESTS_PATIENCE_MS));
  const publicUrl = config.publicUrl ?? listener.url;
  writeAddress(directory.path, publicUrl);

  const database = await openDatabase({
    server: config.clickHouse,
    directory: directory.engine,
    memoryBytes: config.engineMemoryBytes,
    onRestart: (reason) => log('warn', `The database is being restarted: ${reason}`),
  });
  undo.push(() => database.close());
  const { storage } = database;
  const accounts = createAccounts({ storage, now: Date.now });
  const { owner, siteId } = await prepareFirstUse(storage, accounts, config.ownerEmail);
  const demoTag = isDemoOn(config, publicUrl) ? tagFor(publicUrl, DEMO_SITE.site_id) : undefined;
  if (demoTag) await ensureSite(storage, DEMO_SITE);

  const disk = await openDisk(directory.spool);
  const spool = await openSpool({ disk, now: Date.now, maxBytes: config.spoolMaxBytes, log: warn });
  undo.push(() => spool.close());
  const doors = await openWorld({
    storage,
    spool,
    createCounters,
    now: Date.now,
    log: fail,
    dataDirectory: directory.path,
    trustedProxies: config.trustedProxies,
    countryDatabase: config.countryDatabase,
  });
  undo.push(() => doors.close());
  const inserter = startInserter({ spool, storage, counters: doors.counters, now: Date.now, log: warn });
  undo.push(() => inserter.stop());
  const alerts = watchForTrouble({
    spool: spool.status,
    inserter: inserter.status,
    storage,
    now: Date.now,
    tell: tellBy(config.webhook && createWebhook(config.webhook, publicUrl, log)),
  });
  undo.push(() => alerts.stop());
  undo.push(() => listener.close(REQUESTS_PATIENCE_MS)); // First of all: what is acknowledged then is on disk.

  const routes = createRoutes({
    version: VERSION,
    publicUrl,
    built: join(ROOT, '.build'),
    accounts,
    database,
    spool,
    isTrustedProxy: doors.world.isTrustedProxy,
    metrics: {
      counts: doors.counters.read,
      inserter: inserter.status,
      residentBytes: () => process.memoryUsage.rss(),
      cpuSeconds: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    },
    metricsToken: config.metricsToken,
    alerts,
    demoTag,
    now: Date.now,
    log: fail,
  });
  listener.use(createDoors(doors.world, getRequestListener(routes.fetch)));

  process.stdout.write(
    welcomeText({
      version: VERSION,
      publicUrl,
      listensOn: listener.url,
      signInUrl: `${publicUrl}/sign-in/${await accounts.createLink(owner.userId, 'start')}`,
      tag: tagFor(publicUrl, siteId),
      demoUrl: demoTag && `${publicUrl}/demo/`,
      startedInMs: performance.now(),
    }),
  );
}

/** On where nobody but this machine is likely to come; elsewhere the operator asks for it. */
function isDemoOn({ demo }: Config, publicUrl: string): boolean {
  return demo ?? /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(publicUrl).hostname);
}

/** Trouble goes to the log always, and to the webhook if there is one. */
function tellBy(webhook: ReturnType<typeof createWebhook> | undefined | '') {
  return (alert: Alert, state: 'begins' | 'ends') => {
    log(state === 'begins' ? 'warn' : 'info', `${state === 'begins' ? '' : 'Over: '}${alert.message}`);
    if (webhook) webhook(alert, state);
  };
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
