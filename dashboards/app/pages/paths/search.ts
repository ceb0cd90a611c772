export const PATHS_OF = ['pages', 'events', 'both'] as const;
export type PathsOf = (typeof PATHS_OF)[number];

export type PathsSearch = {
  of?: PathsOf | undefined;
  start?: string | undefined;
  end?: string | undefined;
  depth?: number | undefined;
};

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
