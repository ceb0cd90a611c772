/** What the funnel page has in its URL besides: the funnel itself, the open tab, and whose list is open. */
export type FunnelSearch = {
  funnel?: string | undefined;
  /** The saved funnel that this one comes from. */
  saved?: string | undefined;
  tab?: FunnelTab | undefined;
  /** "2.dropped": the people of a bar; "2.reached.google" those of one row of the breakdown. */
  people?: string | undefined;
};

export const FUNNEL_TABS = ['steps', 'time', 'trend', 'next', 'separators'] as const;
export type FunnelTab = (typeof FUNNEL_TABS)[number];

export function parseFunnelSearch(search: Record<string, unknown>): FunnelSearch {
  const tab = FUNNEL_TABS.find((one) => one === search.tab);
  return {
    ...(typeof search.funnel === 'string' ? { funnel: search.funnel } : {}),
    ...(typeof search.saved === 'string' ? { saved: search.saved } : {}),
    ...(tab ? { tab } : {}),
    ...(typeof search.people === 'string' ? { people: search.people } : {}),
  };
}
