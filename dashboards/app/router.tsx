import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { meQuery, sitesQuery } from './api/queries.ts';
import { parseBoardsSearch } from './pages/boards/search.ts';
import { parseCatalogueSearch } from './pages/catalogue/search.ts';
import { parseConversionsSearch } from './pages/conversions/search.ts';
import { parseExploreSearch } from './pages/explore/search.ts';
import { parseFunnelSearch } from './pages/funnels/search.ts';
import { parseLiveSearch } from './pages/live/search.ts';
import { OverviewPage } from './pages/overview/page.tsx';
import { parseOverviewSearch } from './pages/overview/search.ts';
import { parsePathsSearch } from './pages/paths/search.ts';
import { parsePeopleSearch } from './pages/people/search.ts';
import { parseRetentionSearch } from './pages/retention/search.ts';
import { parseSegmentsSearch } from './pages/segments/search.ts';
import { parseSettingsSearch } from './pages/settings/search.ts';
import { parseVitalsSearch } from './pages/vitals/search.ts';
import { Failed, NotFound } from './shell/failed.tsx';
import { Shell } from './shell/shell.tsx';
import { parseSearch, writeSearch } from './state/search.ts';
import { parseViewSearch } from './state/view.ts';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
});

/** The site that a printed link asks for (`/?site=sample`), else the first, or the page that makes one. */
const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: ({ site: wanted }: Record<string, unknown>): { site?: string } =>
    typeof wanted === 'string' ? { site: wanted } : {},
  beforeLoad: async ({ context, search }) => {
    const sites = await context.queries.ensureQueryData(sitesQuery);
    const first = sites.find((one) => one.site_id === search.site) ?? sites[0];
    if (!first) throw redirect({ to: '/sites/new' });
    throw redirect({ to: '/sites/$site/overview', params: { site: first.site_id } });
  },
});

const site = createRoute({
  getParentRoute: () => root,
  path: '/sites/$site',
  validateSearch: parseViewSearch,
  // Asked for while the page's script is still on its way; nothing waits for them here.
  loader: ({ context }) => {
    void context.queries.prefetchQuery(meQuery);
    void context.queries.prefetchQuery(sitesQuery);
  },
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => site,
  path: '/overview',
  validateSearch: parseOverviewSearch,
  // What people open: its script comes with the first one.
  component: OverviewPage,
});

const funnels = createRoute({
  getParentRoute: () => site,
  path: '/funnels',
  validateSearch: parseFunnelSearch,
  component: lazyRouteComponent(() => import('./pages/funnels/page.tsx'), 'FunnelsPage'),
});

const explore = createRoute({
  getParentRoute: () => site,
  path: '/explore',
  validateSearch: parseExploreSearch,
  component: lazyRouteComponent(() => import('./pages/explore/page.tsx'), 'ExplorePage'),
});

const conversions = createRoute({
  getParentRoute: () => site,
  path: '/conversions',
  validateSearch: parseConversionsSearch,
  component: lazyRouteComponent(() => import('./pages/conversions/page.tsx'), 'ConversionsPage'),
});

const live = createRoute({
  getParentRoute: () => site,
  path: '/live',
  validateSearch: parseLiveSearch,
  component: lazyRouteComponent(() => import('./pages/live/page.tsx'), 'LivePage'),
});

const retention = createRoute({
  getParentRoute: () => site,
  path: '/retention',
  validateSearch: parseRetentionSearch,
  component: lazyRouteComponent(() => import('./pages/retention/page.tsx'), 'RetentionPage'),
});

const paths = createRoute({
  getParentRoute: () => site,
  path: '/paths',
  validateSearch: parsePathsSearch,
  component: lazyRouteComponent(() => import('./pages/paths/page.tsx'), 'PathsPage'),
});

const engagement = createRoute({
  getParentRoute: () => site,
  path: '/engagement',
  component: lazyRouteComponent(() => import('./pages/engagement/page.tsx'), 'EngagementPage'),
});

const vitals = createRoute({
  getParentRoute: () => site,
  path: '/vitals',
  validateSearch: parseVitalsSearch,
  component: lazyRouteComponent(() => import('./pages/vitals/page.tsx'), 'VitalsPage'),
});

const people = createRoute({
  getParentRoute: () => site,
  path: '/people',
  validateSearch: parsePeopleSearch,
  component: lazyRouteComponent(() => import('./pages/people/page.tsx'), 'PeoplePage'),
});

const segments = createRoute({
  getParentRoute: () => site,
  path: '/segments',
  validateSearch: parseSegmentsSearch,
  component: lazyRouteComponent(() => import('./pages/segments/page.tsx'), 'SegmentsPage'),
});

const boards = createRoute({
  getParentRoute: () => site,
  path: '/boards',
  validateSearch: parseBoardsSearch,
  component: lazyRouteComponent(() => import('./pages/boards/page.tsx'), 'BoardsPage'),
});

const catalogue = createRoute({
  getParentRoute: () => site,
  path: '/catalogue',
  validateSearch: parseCatalogueSearch,
  component: lazyRouteComponent(() => import('./pages/catalogue/page.tsx'), 'CataloguePage'),
});

const settings = createRoute({
  getParentRoute: () => site,
  path: '/settings',
  validateSearch: parseSettingsSearch,
  component: lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
});

const newSite = createRoute({
  getParentRoute: () => root,
  path: '/sites/new',
  component: lazyRouteComponent(() => import('./pages/new-site/page.tsx'), 'NewSitePage'),
});

/** What a public link opens: nobody is signed in there, so it lies outside every site. */
const sharedBoard = createRoute({
  getParentRoute: () => root,
  path: '/shared/$secret',
  component: lazyRouteComponent(() => import('./pages/shared/page.tsx'), 'SharedPage'),
});

const routes = root.addChildren([
  index,
  newSite,
  sharedBoard,
  site.addChildren([
    overview,
    funnels,
    explore,
    conversions,
    live,
    retention,
    paths,
    engagement,
    vitals,
    people,
    segments,
    boards,
    catalogue,
    settings,
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: routes,
    context: { queries },
    parseSearch,
    stringifySearch: writeSearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
