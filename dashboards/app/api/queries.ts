import { keepPreviousData, QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import type { Role } from '../../api/sign-in/accounts.ts';
import type { Condition } from '../../reports/conditions.ts';
import { useSpeech } from '../../words/words.tsx';
import { type LoadState, toLoadState } from '../parts/load-state.ts';
import { ApiError, request } from './request.ts';

export type Me = { userId: string; email: string; name: string; role: Role; hasPassword: boolean };

/** What every page must know about a site. */
export type Site = {
  site_id: string;
  name: string;
  time_zone: string;
  currency: string;
  is_sample: boolean;
  /** The first local day with an event; '' before any has arrived. */
  first_day: string;
};

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // A refusal stays a refusal; only silence and server trouble are worth a second try.
        retry: (count, error) =>
          count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        refetchOnWindowFocus: true,
      },
    },
  });
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => request<Me>('/api/me', { signal }),
});

export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }) =>
    request<{ sites: Site[] }>('/api/sites', { signal }).then((answer) => answer.sites),
});

export type { ReportAnswer } from '../../reports/run.ts';

/** Asks a report. While new parameters are on their way the old answer stays, marked as loading. */
export function useReport<Answer>(
  site: string,
  report: string,
  parameters: unknown,
  { everyMs, isOn = true }: { everyMs?: number; isOn?: boolean } = {},
): LoadState<Answer> {
  const { words } = useSpeech();
  const query = useQuery({
    queryKey: ['report', site, report, parameters],
    queryFn: ({ signal }) => request<Answer>(reportPath(site, report), { body: parameters, signal }),
    placeholderData: keepPreviousData,
    enabled: isOn,
    ...(everyMs ? { refetchInterval: everyMs } : {}),
  });
  return toLoadState(query, words.failed.offline);
}

export function reportPath(site: string, report: string): string {
  return `/api/sites/${encodeURIComponent(site)}/reports/${report}`;
}

export type Goal = { goal_id: string; name: string; condition: Condition };

export const goalsKey = (site: string) => ['goals', site];

export function useGoals(site: string): LoadState<Goal[]> {
  const { words } = useSpeech();
  const query = useQuery({
    queryKey: goalsKey(site),
    queryFn: ({ signal }) =>
      request<{ rows: Goal[] }>(`/api/sites/${encodeURIComponent(site)}/goals`, { signal }).then(
        ({ rows }) => rows,
      ),
  });
  return toLoadState(query, words.failed.offline);
}
