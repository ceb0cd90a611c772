/** What the segments page has in its URL besides: the segment being built, and the saved one that it comes from. */
export type SegmentsSearch = { draft?: string | undefined; saved?: string | undefined };

export function parseSegmentsSearch(search: Record<string, unknown>): SegmentsSearch {
  return {
    ...(typeof search.draft === 'string' ? { draft: search.draft } : {}),
    ...(typeof search.saved === 'string' ? { saved: search.saved } : {}),
  };
}
