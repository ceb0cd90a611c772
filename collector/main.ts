/** Puts Footfall together and runs it. The only file that reaches out for the environment, the clock and the signals. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createAccounts } from '../dashboards/api/sign-in/accounts.ts';
import { limitAttempts } from '../dashboards/api/sign-in/attempts.ts';
import { signInRoutes } from '../dashboards/api/sign-in/routes.ts';
import { webAppRoutes } from '../dashboards/api/web-app.ts';
import { sayError } from './command.ts';
import { readConfig } from './config.ts';
import { openDataDirectory, writeAddress } from './data-directory.ts';
import { openDatabase } from './database.ts';
import { prepareFirstUse } from './first-start.ts';
import { healthRoutes } from './health.ts';
import { listen } from './listen.ts';
import { snippetRoutes } from './snippet-files.ts';
import { welcomeText } from './welcome.ts';

const ROOT = join(import.meta.dirname, '..');
const BUILT = join(ROOT, '.build');
const REQUESTS_PATIENCE_MS = 5_000;

/** Undone in the opposite order, however far the start got. */
const undo: (() => Promise<void> | void)[] = [];

async function start(): Promise<void> {
  const startedAt = performance.now();
  const config = readConfig(process.env);
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
    onRestart: (reason) => console.error(`The database is being restarted: ${reason}`),
  });
  undo.push(() => database.close());
  const accounts = createAccounts({ storage: database.storage, now: Date.now });
  const { owner, siteId } = await prepareFirstUse(database.storage, accounts, config.ownerEmail);

  const app = new Hono();
  app.route('/', healthRoutes({ version: VERSION, notReady: () => undefined, database: database.storage }));
  app.route('/', snippetRoutes(join(BUILT, 'snippet')));
  app.route(
    '/',
    signInRoutes({
      accounts,
      publicUrl: () => publicUrl,
      addressOf: () => '',
      attempts: limitAttempts(Date.now),
    }),
  );
  app.route('/', webAppRoutes(join(BUILT, 'app'), accounts));
  app.onError((error, c) => {
    console.error(error);
    return c.json(
      { error: { code: 'internal', message: 'Something went wrong here: the log says what.' } },
      500,
    );
  });
  listener.use(getRequestListener(app.fetch));

  process.stdout.write(
    welcomeText({
      version: VERSION,
      publicUrl,
      signInUrl: `${publicUrl}/sign-in/${await accounts.createLink(owner.userId, 'start')}`,
      tag: `<script defer src="${publicUrl}/footfall.js" data-site="${siteId}"></script>`,
      demoUrl: undefined,
      startedInMs: performance.now() - startedAt,
    }),
  );
}

const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** Order is a courtesy: whatever is cut off here, the next start finds its data whole. */
async function stop(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop().finally(() => process.exit(0));
    // Asked twice: at once.
    process.once(signal, () => process.exit(1));
  });
}

start().catch(async (error: unknown) => {
  sayError(error);
  await stop();
  process.exit(1);
});
