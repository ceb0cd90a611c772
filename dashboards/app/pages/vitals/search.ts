export const VITALS_BY = ['page', 'device', 'country', 'browser'] as const;
export type VitalsBy = (typeof VITALS_BY)[number];

export type VitalsSearch = { by?: VitalsBy | undefined };

export function parseVitalsSearch(search: Record<string, unknown>): VitalsSearch {
  const by = VITALS_BY.find((one) => one === search.by);
  return by ? { by } : {};
}
