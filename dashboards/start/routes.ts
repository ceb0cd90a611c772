/** Every path but the doors for events: health, the snippet's files, the demo shop, sign-in, the dashboard. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { toConnection } from '../../collector/connection.ts';
import type { Database } from '../../collector/database.ts';
import { answersSoon, healthRoutes } from '../../collector/health.ts';
import type { Intake } from '../../collector/intake.ts';
import type { MetricsWorld } from '../../collector/metrics.ts';
import { metricsRoutes } from '../../collector/metrics-route.ts';
import { keepVersions, snippetRoutes } from '../../collector/snippet-files.ts';
import type { Surroundings } from '../../collector/surroundings.ts';
import { tagFor } from '../../collector/welcome.ts';
import { createDemoShop, DEMO_SITE } from '../../snippet/demo/shop.ts';
import { apiRoutes } from '../api/app.ts';
import { createBoardLinks } from '../api/boards/links.ts';
import { publicBoardRoutes } from '../api/boards/public-routes.ts';
import type { Accounts } from '../api/sign-in/accounts.ts';
import { limitAttempts } from '../api/sign-in/attempts.ts';
import { requireUser } from '../api/sign-in/guard.ts';
import { signInRoutes } from '../api/sign-in/routes.ts';
import { createReportSites } from '../api/sites.ts';
import { webAppRoutes } from '../api/web-app.ts';
import { createSharedReader } from '../reports/shared-reader.ts';

export type RoutesWorld = Pick<
  Surroundings,
  'config' | 'version' | 'built' | 'now' | 'log' | 'residentBytes' | 'cpuSeconds'
> & {
  publicUrl: string;
  accounts: Accounts;
  database: Database;
  intake: Intake;
  isDemoOn: boolean;
};

type Served = { Bindings: HttpBindings };

export function createRoutes(world: RoutesWorld): Hono<Served> {
  const { accounts, publicUrl, database, intake } = world;
  const reader = createSharedReader(database.reader, 2 * availableParallelism());
  const app = new Hono<Served>();
  const notReady = () =>
    intake.spool.status().isReady ? undefined : 'The spool takes no events at the moment';
  app.route('/', healthRoutes({ version: world.version, notReady, database: database.storage }));
  app.route('/', metricsOf(world));
  app.route('/', snippetOf(world));
  if (world.isDemoOn) {
    const tag = tagFor(publicUrl, DEMO_SITE.site_id);
    app.route('/', createDemoShop({ tag, dashboardUrl: `${publicUrl}/` }));
  }
  const addressOf = (c: Context<Served>) => toConnection(c.env.incoming, intake.world.isTrustedProxy).address;
  const attempts = limitAttempts(world.now);
  app.route(
    '/',
    signInRoutes({
      accounts,
      publicUrl: () => publicUrl,
      addressOf,
      attempts,
      storage: database.storage,
      now: world.now,
    }),
  );
  app.route(
    '/api/shared',
    publicBoardRoutes({
      links: createBoardLinks({ storage: database.storage, now: world.now }),
      sites: createReportSites({ storage: reader }),
      reader,
      publicUrl: () => publicUrl,
      addressOf,
      attempts,
      now: world.now,
    }),
  );
  app.route(
    '/',
    apiRoutes({
      accounts,
      attempts,
      version: world.version,
      storage: database.storage,
      reader,
      publicUrl: () => publicUrl,
      now: world.now,
      onSitesChanged: intake.refreshSites,
      recentDrops: intake.recentDrops,
      keys: intake.keys,
    }),
  );
  app.get('/api/alerts', requireUser(accounts), (c) => c.json({ alerts: intake.alerts.current() }));
  app.route('/', webAppRoutes(join(world.built, 'app'), accounts));
  app.onError((error, c) => {
    world.log('error', `${c.req.method} ${c.req.routePath} failed`, error);
    return c.json(
      { error: { code: 'internal', message: 'Something went wrong here; the log says what.' } },
      500,
    );
  });
  return app;
}

function snippetOf({ built, config, log }: RoutesWorld): Hono {
  const [directory, kept] = [join(built, 'snippet'), join(config.dataDirectory, 'snippet')];
  try {
    keepVersions(directory, kept);
  } catch (error) {
    // A full disk is no reason not to start: this release's file is served all the same.
    log('warn', `Cannot keep the snippet's versioned file for pages that pin it: ${String(error)}`);
  }
  return snippetRoutes(directory, kept);
}

function metricsOf({ config, version, intake, database, now, residentBytes, cpuSeconds }: RoutesWorld): Hono {
  const isLocal = (c: Context<Served>) =>
    /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(c.env.incoming.socket.remoteAddress ?? '') &&
    c.req.header('x-forwarded-for') === undefined;
  const world: MetricsWorld = {
    version,
    counts: intake.counters.read,
    spool: intake.spool.status,
    inserter: intake.inserter,
    isDatabaseUp: () => answersSoon(database.storage),
    now,
    residentBytes,
    cpuSeconds,
  };
  return metricsRoutes(world, { token: config.metricsToken, isLocal });
}
