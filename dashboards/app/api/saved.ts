import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSpeech } from '../../words/words.tsx';
import { type LoadState, toLoadState } from '../parts/load-state.ts';
import { request } from './request.ts';

/** What an analyst keeps: funnels, segments, boards, page groups, annotations. */
export type SavedKind = 'funnel' | 'segment' | 'board' | 'page_group' | 'annotation';
export type SavedItem<Body> = { item_id: string; name: string; body: Body };

const pathOf = (site: string, kind: SavedKind) => `/api/sites/${encodeURIComponent(site)}/saved/${kind}`;

export function useSaved<Body>(site: string, kind: SavedKind): LoadState<SavedItem<Body>[]> {
  const { words } = useSpeech();
  const query = useQuery({
    queryKey: ['saved', site, kind],
    queryFn: ({ signal }) =>
      request<{ rows: SavedItem<Body>[] }>(pathOf(site, kind), { signal }).then(({ rows }) => rows),
  });
  return toLoadState(query, words.failed.offline);
}

/**
 * Saves a new item, or an old one under its id; the lists on screen follow. One after the other: of two that are on
 * their way at once, the earlier might arrive last and stay.
 */
export function useSave<Body>(site: string, kind: SavedKind) {
  const queries = useQueryClient();
  return useMutation({
    scope: { id: pathOf(site, kind) },
    mutationFn: ({ item_id, ...item }: { item_id?: string | undefined; name: string; body: Body }) =>
      request<SavedItem<Body>>(item_id ? `${pathOf(site, kind)}/${item_id}` : pathOf(site, kind), {
        method: item_id ? 'PUT' : 'POST',
        body: item,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['saved', site, kind] }),
  });
}

export function useRemove(site: string, kind: SavedKind) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<void>(`${pathOf(site, kind)}/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['saved', site, kind] }),
  });
}
