export const CATALOGUE_TABS = ['events', 'groups', 'exclusions'] as const;
export type CatalogueTab = (typeof CATALOGUE_TABS)[number];

/** Which list is open, what it is searched for, and whether hidden events stand in it. */
export type CatalogueSearch = {
  tab?: CatalogueTab | undefined;
  find?: string | undefined;
  hidden?: 'yes' | undefined;
};

export function parseCatalogueSearch(search: Record<string, unknown>): CatalogueSearch {
  const tab = CATALOGUE_TABS.find((one) => one === search.tab);
  return {
    ...(tab ? { tab } : {}),
    ...(typeof search.find === 'string' && search.find !== '' ? { find: search.find } : {}),
    ...(search.hidden === 'yes' ? { hidden: 'yes' } : {}),
  };
}
