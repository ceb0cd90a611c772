import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SiteSettings } from '../../../../collector/site-settings.ts';
import { sitesQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';

/** What `GET` and `PUT /api/sites/{site}` carry. */
export type SiteDetails = {
  site_id: string;
  name: string;
  time_zone: string;
  currency: string;
  settings: SiteSettings;
};

const pathOf = (siteId: string) => `/api/sites/${encodeURIComponent(siteId)}`;

/** A site with all its settings. */
export function useSiteDetails(siteId: string) {
  return useQuery({
    queryKey: ['site', siteId],
    queryFn: ({ signal }) => request<SiteDetails>(pathOf(siteId), { signal }),
  });
}

/** Writes them all back; what is on screen follows. */
export function useSaveSite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ site_id, name, time_zone, currency, settings }: SiteDetails) =>
      request<unknown>(pathOf(site_id), { method: 'PUT', body: { name, time_zone, currency, settings } }),
    onSuccess: async (_, { site_id }) => {
      await queries.invalidateQueries({ queryKey: ['site', site_id] });
      await queries.invalidateQueries(sitesQuery);
    },
  });
}
