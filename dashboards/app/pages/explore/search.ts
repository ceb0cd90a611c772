/** What the explore page has in its URL besides: the question itself, as one parameter. */
export type ExploreSearch = { explore?: string | undefined };

export function parseExploreSearch(search: Record<string, unknown>): ExploreSearch {
  return typeof search.explore === 'string' ? { explore: search.explore } : {};
}
