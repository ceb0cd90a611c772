import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Site, sitesQuery } from '../api/queries.ts';
import { comparedRange, type Range, resolve, todayIn } from './period.ts';
import { toSearch, toView, type View } from './view.ts';

const route = getRouteApi('/sites/$site');

export type SiteView = View & {
  site: Site;
  today: string;
  range: Range;
  compared: Range | undefined;
  /** The first day with data, where `compared` lies wholly before it: then nothing is compared. */
  noDataBefore: string | undefined;
  /** Goes to the same page with something changed; the back button returns. */
  change: (change: Partial<View>) => void;
};

const NO_SITE: Site = {
  site_id: '',
  name: '',
  time_zone: 'UTC',
  currency: 'EUR',
  is_sample: false,
  first_day: '',
};

/** What the current URL says, with the period as days in the site's time zone. */
export function useView(): SiteView {
  const search = route.useSearch();
  const { site: siteId } = route.useParams();
  const { data: sites } = useQuery(sitesQuery);
  const navigate = useNavigate();
  const site = sites?.find((one) => one.site_id === siteId) ?? NO_SITE;
  const today = todayIn(site.time_zone, new Date());
  return useMemo(() => {
    const view = toView(search);
    const range = resolve(view.period, today, site.first_day || today);
    const asked = view.period === 'all' ? undefined : comparedRange(range, view.comparison);
    const isTooEarly = asked !== undefined && site.first_day !== '' && asked.to < site.first_day;
    return {
      ...view,
      site,
      today,
      range,
      compared: asked,
      noDataBefore: isTooEarly ? site.first_day : undefined,
      change: (change) =>
        void navigate({ to: '.', search: (before) => ({ ...before, ...toSearch(change) }) }),
    };
  }, [search, site, today, navigate]);
}
