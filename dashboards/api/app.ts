/** The report API: `/api/sites/{site}/reports`, and the keys with which programs ask. */
import { Hono } from 'hono';
import type { Storage } from '../../collector/storage/storage.ts';
import { createApiKeys } from './api-keys.ts';
import { apiKeyRoutes } from './key-routes.ts';
import { requirePrincipal, requireScope } from './principal.ts';
import { reportRoutes } from './reports.ts';
import type { Accounts } from './sign-in/accounts.ts';
import { type SiteScoped, withSite } from './site-scope.ts';
import { createReportSites } from './sites.ts';

export type ApiWorld = {
  accounts: Accounts;
  /** May write: API keys. */
  storage: Storage;
  /** What reports use: read-only and limited. */
  reader: Storage;
  publicUrl: () => string;
  now: () => number;
};

/** Mounted at the root. */
export function apiRoutes(world: ApiWorld): Hono {
  const { storage, reader, now } = world;
  const apiKeys = createApiKeys({ storage, now });
  const sites = createReportSites({ storage: reader });
  const guards = [requirePrincipal({ ...world, apiKeys }), withSite(sites), requireScope('read')] as const;

  const ofSite = new Hono<SiteScoped>();
  // Only what is ours: the site's configuration has routes, and guards, of its own.
  for (const path of ['/reports/*', '/keys', '/keys/*']) ofSite.use(path, ...guards);
  ofSite.route('/', reportRoutes({ reader, now }));
  ofSite.route('/', apiKeyRoutes(apiKeys));

  const app = new Hono();
  app.route('/api/sites/:site', ofSite);
  return app;
}
