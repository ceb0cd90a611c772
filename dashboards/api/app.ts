/** Everything under `/api`: the sites with their reports, what is saved and set for them; the members; the audit log. */
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { Keys } from '../../collector/keys.ts';
import type { RecentDrops } from '../../collector/recent-drops.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { sqlRoutes } from './analyst-sql/routes.ts';
import { createApiKeys } from './api-keys.ts';
import { auditRoutes } from './audit-routes.ts';
import { boardLinkRoutes } from './boards/link-routes.ts';
import { createBoardLinks } from './boards/links.ts';
import { deletionRoutes } from './catalogue/deletion-routes.ts';
import { catalogueRoutes } from './catalogue/rule-routes.ts';
import { docsRoutes } from './docs.ts';
import { apiKeyRoutes } from './key-routes.ts';
import { liveStreamRoutes } from './live-stream.ts';
import { mcpRoutes } from './mcp/routes.ts';
import { memberRoutes } from './members.ts';
import { myAccountRoutes } from './my-account.ts';
import { pageCheckRoutes } from './page-check/routes.ts';
import { type Authenticated, requirePrincipal, requireScope } from './principal.ts';
import { reportRoutes } from './reports.ts';
import { savedRoutes } from './saved.ts';
import type { Accounts } from './sign-in/accounts.ts';
import type { AttemptLimit } from './sign-in/attempts.ts';
import { createUserCredentials } from './sign-in/user-credentials.ts';
import { newSiteRoute, siteSettingsRoutes } from './site-admin.ts';
import { type SiteScoped, withSite } from './site-scope.ts';
import { createReportSites } from './sites.ts';

export type ApiWorld = {
  accounts: Accounts;
  attempts: AttemptLimit;
  /** May write: sites, what people save, API keys. */
  storage: Storage;
  /** What reports use: read-only and limited. */
  reader: Storage;
  publicUrl: () => string;
  /** Footfall's, for the API document. */
  version?: string;
  now: () => number;
  /** Told after a site has changed, so that the doors act on it at once. */
  onSitesChanged: () => Promise<void>;
  recentDrops: Pick<RecentDrops, 'read'>;
  /** The doors' own. */
  keys?: Keys;
};

/** Mounted at the root. */
export function apiRoutes(world: ApiWorld): Hono {
  const { storage, reader, now, recentDrops } = world;
  const apiKeys = createApiKeys(world);
  const sites = createReportSites({ storage: reader });

  const ofSite = new Hono<SiteScoped>();
  ofSite.use(withSite(sites), requireScope('read'));
  // Rows repeat themselves, and each answer brings its definitions along: a fifth of the bytes.
  ofSite.use('/reports/*', compress({ contentTypeFilter: /^(application\/json|text\/csv)/ }));
  ofSite.route('/', reportRoutes({ reader, now }));
  ofSite.route('/', liveStreamRoutes({ reader, recentDrops, now }));
  ofSite.route('/', sqlRoutes({ reader, storage, now }));
  ofSite.route('/', apiKeyRoutes({ apiKeys, storage, now }));
  ofSite.route('/', savedRoutes({ storage, now }));
  ofSite.route('/', boardLinkRoutes({ ...world, links: createBoardLinks({ storage, now }) }));
  ofSite.route('/', catalogueRoutes({ storage, reader, now }));
  ofSite.route('/', deletionRoutes({ storage, reader, now }));
  ofSite.route('/', pageCheckRoutes(world));
  ofSite.route('/', siteSettingsRoutes(world));

  const guarded = new Hono<Authenticated>();
  guarded.use(requirePrincipal({ ...world, apiKeys }));
  guarded.get('/', requireScope('read'), async (c) =>
    c.json({ sites: await sites.list(c.get('principal')) }),
  );
  guarded.route('/', newSiteRoute(world));
  guarded.route('/:site', ofSite);

  const credentials = createUserCredentials(world);
  const ofAll = new Hono<Authenticated>();
  for (const path of ['/members/*', '/audit', '/me/*'])
    ofAll.use(path, requirePrincipal({ ...world, apiKeys }));
  ofAll.route('/members', memberRoutes({ ...world, credentials }));
  ofAll.route('/audit', auditRoutes(world));
  ofAll.route('/me', myAccountRoutes({ ...world, credentials }));

  const app = new Hono();
  app.route('/api/sites', guarded);
  app.route('/api', ofAll);
  app.route('/', mcpRoutes({ storage, reader, sites, apiKeys, now, version: world.version ?? '0' }));
  app.route('/', docsRoutes({ version: world.version ?? '0', publicUrl: world.publicUrl }));
  return app;
}
