/** Footfall put together: opened step by step, closed in the opposite order. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createDoors } from '../../collector/app.ts';
import { openDataDirectory, writeAddress } from '../../collector/data-directory.ts';
import { DatabaseAwayError, openDatabase } from '../../collector/database.ts';
import { openIntake } from '../../collector/intake.ts';
import { listen } from '../../collector/listen.ts';
import type { Log } from '../../collector/log.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import type { Surroundings } from '../../collector/surroundings.ts';
import { tagFor } from '../../collector/welcome.ts';
import { createAccounts } from '../api/sign-in/accounts.ts';
import { installMachine } from '../reports/funnel/engine-host.ts';
import { keepSettling } from '../reports/settled/keep-settling.ts';
import { type FirstUse, prepareFirstUse } from './first-start.ts';
import { createRoutes } from './routes.ts';

/** How to close what is open, in the order in which it was opened. Nothing depends on it: it spares the next start work. */
export type Undo = (() => Promise<void> | void)[];

const REQUESTS_PATIENCE_MS = 5_000;
const LOOK_FOR_DATABASE_MS = 3_000;

/** Throws an error with a sentence for the operator. Whatever was opened until then stands in `undo`. */
export async function startFootfall(around: Surroundings, undo: Undo): Promise<void> {
  const { config, now, log } = around;
  const directory = await openDataDirectory(config.dataDirectory);
  undo.push(() => directory.lock.release());
  const listener = await listen(config.host, config.port);
  const stopListening = () => listener.close(REQUESTS_PATIENCE_MS);
  undo.push(stopListening);
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
  const accounts = createAccounts({ storage, now });
  const isDemoOn = config.demo ?? isThisMachine(publicUrl);

  const prepare = async (): Promise<FirstUse> => {
    await database.prepare();
    return prepareFirstUse(storage, accounts, config.ownerEmail, isDemoOn);
  };
  const firstUse = await unlessAway(prepare, hasRunBefore(directory.path), log);
  const intake = await openIntake({ config, directory, storage, publicUrl, now, log });
  undo.push(() => intake.close());

  async function begin({ owner, siteId }: FirstUse): Promise<void> {
    await intake.startInserting();
    const settling = keepSettling({ storage, now, log: (message) => log('warn', message) });
    undo.push(() => settling.close());
    around.onReady({
      version: around.version,
      publicUrl,
      listensOn: listener.url,
      signInUrl: `${publicUrl}/sign-in/${await accounts.createLink(owner.userId, 'start')}`,
      tag: tagFor(publicUrl, siteId),
      demoUrl: isDemoOn ? `${publicUrl}/demo/` : undefined,
    });
    // Takes the engine half a second, and nobody waits for it: until then, and where it is refused, Node decides.
    undo.push(offerMachine(storage, log));
  }

  const routes = createRoutes({ ...around, publicUrl, accounts, database, intake, isDemoOn });
  listener.use(createDoors(intake.world, getRequestListener(routes.fetch)));
  undo.push(stopListening); // First of all: what is acknowledged then is on disk.
  if (firstUse) await begin(firstUse);
  else undo.push(keepTrying(async () => begin(await prepare()), log));
}

/** Returns what waits until the offer is answered. */
function offerMachine(storage: Storage, log: Log): () => Promise<void> {
  const offer = installMachine(storage).then(
    (isIn) => {
      if (!isIn)
        log('info', 'The database runs no WebAssembly: funnels are decided outside of it, more slowly.');
    },
    (error: unknown) => log('warn', 'The funnels’ machine could not be given to the database', error),
  );
  return () => offer;
}

function isThisMachine(publicUrl: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(publicUrl).hostname);
}

/** The sites are known from then on, so that events can be taken without the database. */
function hasRunBefore(path: string): boolean {
  return existsSync(join(path, 'sites.json'));
}

/** undefined: the database server is away, and we go on without it because we have what taking events needs. */
async function unlessAway<T>(work: () => Promise<T>, mayWait: boolean, log: Log): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!mayWait || !(error instanceof DatabaseAwayError)) throw error;
    log('warn', `${error.message} Until it answers, events are taken and kept in the spool.`);
    return undefined;
  }
}

/** Repeats `work` until it succeeds; returns what stops it. */
function keepTrying(work: () => Promise<void>, log: Log): () => void {
  let timer: NodeJS.Timeout;
  let lastMessage = '';
  const attempt = () =>
    work().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lastMessage && !(error instanceof DatabaseAwayError))
        log('error', 'Still without a database', error);
      lastMessage = message;
      timer = setTimeout(attempt, LOOK_FOR_DATABASE_MS);
    });
  timer = setTimeout(attempt, LOOK_FOR_DATABASE_MS);
  return () => clearTimeout(timer);
}
