/** The site of the address, for whoever may see it: every route under `/api/sites/{site}` goes through here. */
import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ReportSite } from '../reports/run.ts';
import type { Authenticated } from './principal.ts';
import { refuse } from './refusal.ts';
import type { ReportSites } from './sites.ts';

export type SiteScoped = { Variables: Authenticated['Variables'] & { site: ReportSite } };

/** Answers 404 for a site that is not there and for one that is not theirs alike: the answer does not tell which. */
export function withSite(sites: ReportSites): MiddlewareHandler<SiteScoped> {
  return createMiddleware<SiteScoped>(async (c, next) => {
    const siteId = c.req.param('site') ?? '';
    const site = await sites.find(siteId, c.get('principal'));
    if (!site)
      return refuse(c, 404, {
        code: 'unknown_site',
        message: `There is no site "${siteId}" that you may see`,
      });
    c.set('site', site);
    return next();
  });
}
