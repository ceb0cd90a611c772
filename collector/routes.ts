/** Every path but the doors for events: health, the snippet's files, the demo shop, sign-in, the dashboard. */
import { join } from 'node:path';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Accounts } from '../dashboards/api/sign-in/accounts.ts';
import { limitAttempts } from '../dashboards/api/sign-in/attempts.ts';
import { requireUser } from '../dashboards/api/sign-in/guard.ts';
import { signInRoutes } from '../dashboards/api/sign-in/routes.ts';
import { webAppRoutes } from '../dashboards/api/web-app.ts';
import { createDemoShop } from '../snippet/demo/shop.ts';
import type { Alerts } from './alerts.ts';
import { toConnection } from './connection.ts';
import type { Database } from './database.ts';
import { answersSoon, healthRoutes } from './health.ts';
import type { MetricsWorld } from './metrics.ts';
import { metricsRoutes } from './metrics-route.ts';
import { snippetRoutes } from './snippet-files.ts';
import type { Spool } from './spool/spool.ts';

export type RoutesWorld = {
  version: string;
  publicUrl: string;
  /** Where scripts/build.mjs put the snippet and the web app. */
  built: string;
  accounts: Accounts;
  database: Database;
  spool: Pick<Spool, 'status'>;
  isTrustedProxy: (address: string) => boolean;
  metrics: Pick<MetricsWorld, 'counts' | 'inserter' | 'residentBytes' | 'cpuSeconds'>;
  metricsToken: string | undefined;
  alerts: Pick<Alerts, 'current'>;
  /** The tag in the demo shop's pages; undefined: no demo shop. */
  demoTag: string | undefined;
  now: () => number;
  log: (message: string, error: unknown) => void;
};

type Served = { Bindings: HttpBindings };

export function createRoutes(world: RoutesWorld): Hono<Served> {
  const { accounts, publicUrl, database, demoTag } = world;
  const app = new Hono<Served>();
  const notReady = () =>
    world.spool.status().isReady ? undefined : 'The spool takes no events at the moment';
  app.route('/', healthRoutes({ version: world.version, notReady, database: database.storage }));
  app.route('/', metricsOf(world));
  app.route('/', snippetRoutes(join(world.built, 'snippet')));
  if (demoTag) app.route('/', createDemoShop({ tag: demoTag, dashboardUrl: `${publicUrl}/` }));
  app.route(
    '/',
    signInRoutes({
      accounts,
      publicUrl: () => publicUrl,
      addressOf: (c: Context<Served>) => toConnection(c.env.incoming, world.isTrustedProxy).address,
      attempts: limitAttempts(world.now),
    }),
  );
  app.get('/api/alerts', requireUser(accounts), (c) => c.json({ alerts: world.alerts.current() }));
  app.route('/', webAppRoutes(join(world.built, 'app'), accounts));
  app.onError((error, c) => {
    world.log(`${c.req.method} ${c.req.routePath} failed`, error);
    return c.json(
      { error: { code: 'internal', message: 'Something went wrong here; the log says what.' } },
      500,
    );
  });
  return app;
}

function metricsOf({ metrics, metricsToken, version, spool, database, now }: RoutesWorld): Hono {
  const isDatabaseUp = () => answersSoon(database.storage);
  const isLocal = (c: Context<Served>) =>
    /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(c.env.incoming.socket.remoteAddress ?? '') &&
    c.req.header('x-forwarded-for') === undefined;
  return metricsRoutes(
    { ...metrics, version, spool: spool.status, isDatabaseUp, now },
    { token: metricsToken, isLocal },
  );
}
