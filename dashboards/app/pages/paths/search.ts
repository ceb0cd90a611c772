export const PATHS_OF = ['pages', 'events', 'both'] as const;
export type PathsOf = (typeof PATHS_OF)[number];

export type PathsSearch = {
  of?: PathsOf | undefined;
  start?: string | undefined;
  end?: string | undefined;
  depth?: number | undefined;
};

/** What a path must be made of to hold its start and its end: a page's path begins with "/" or, as a regex, "~". */
export function kindsFor(of: PathsOf, ends: readonly string[]): PathsOf {
  const named = ends.filter((end) => end !== '');
  const isPage = (end: string) => end.startsWith('/') || end.startsWith('~');
  const isMissing = named.some((end) => (isPage(end) ? of === 'events' : of === 'pages'));
  return isMissing ? 'both' : of;
}

export function parsePathsSearch(search: Record<string, unknown>): PathsSearch {
  const of = PATHS_OF.find((one) => one === search.of);
  const depth = Number(search.depth);
  return {
    ...(of ? { of } : {}),
    ...(typeof search.start === 'string' ? { start: search.start } : {}),
    ...(typeof search.end === 'string' ? { end: search.end } : {}),
    ...(depth >= 2 && depth <= 20 ? { depth } : {}),
  };
}
