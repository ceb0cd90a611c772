import type { SiteView } from '../state/use-view.ts';

/** What every report is asked with: the days, what they are compared with, and the filters. */
export function shared({ range, comparison, compared, filters }: SiteView) {
  return {
    period: range,
    ...(compared ? { comparison: { mode: comparison } } : {}),
    filters: filters.map(({ field, operator, values }) => ({ field, operator, values })),
  };
}
