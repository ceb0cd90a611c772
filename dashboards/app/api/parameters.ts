import type { SiteView } from '../state/use-view.ts';

type Asked = Pick<SiteView, 'range' | 'comparison' | 'compared' | 'noDataBefore' | 'filters' | 'segments'>;

/** What every report is asked with: the days, what they are compared with if there is anything, and the filters. */
export function shared({ range, comparison, compared, noDataBefore, filters, segments }: Asked) {
  return {
    period: range,
    ...(compared && noDataBefore === undefined ? { comparison: { mode: comparison } } : {}),
    filters: [
      ...filters.map(({ field, operator, values }) => ({ field, operator, values })),
      ...segments.map((segment) => ({ segment })),
    ],
  };
}

/** The same days with everybody in them: what exists, for suggestions and for shares. */
export function unfiltered(view: SiteView): SiteView {
  return { ...view, compared: undefined, filters: [], segments: [] };
}
