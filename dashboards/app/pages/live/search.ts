/** What the live page has in its URL: what the events must contain. */
export type LiveSearch = { find?: string | undefined };

export function parseLiveSearch(search: Record<string, unknown>): LiveSearch {
  return typeof search.find === 'string' && search.find !== '' ? { find: search.find } : {};
}
