import { type Filter, parseFilter, writeFilter } from './filters.ts';
import { COMPARISONS, type Comparison, isDay, isPreset, type Period } from './period.ts';

/** What every report page of a site is about. It stands in the URL, whole; what is usual is left out. */
export type View = {
  period: Period;
  comparison: Comparison;
  filters: Filter[];
  /** Ids of saved segments: who is counted must be in all of them. */
  segments: string[];
  /** A goal's id: every breakdown becomes a conversion report. */
  goal: string | undefined;
};

/** The same as flat text: the search parameters that all pages of a site share. */
export type ViewSearch = {
  period?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  compare?: string | undefined;
  f?: string[] | undefined;
  segment?: string[] | undefined;
  goal?: string | undefined;
};

export const USUAL: View = {
  period: '30d',
  comparison: 'previous_period',
  filters: [],
  segments: [],
  goal: undefined,
};

/** Takes what is valid and leaves the rest: an old or mistyped link still opens the page. */
export function parseViewSearch(search: Record<string, unknown>): ViewSearch {
  const { period, compare, goal } = search;
  const [from, to] = [search.from, search.to].map((one) =>
    typeof one === 'string' && isDay(one) ? one : '',
  );
  const f = [search.f ?? []].flat().filter((one) => typeof one === 'string');
  const segment = [search.segment ?? []].flat().filter((one): one is string => typeof one === 'string');
  return {
    ...(isPreset(period) ? { period } : {}),
    ...(from && to && from <= to ? { from, to } : {}),
    ...(isComparison(compare) ? { compare } : {}),
    ...(f.length > 0 ? { f } : {}),
    ...(segment.length > 0 ? { segment } : {}),
    ...(typeof goal === 'string' ? { goal } : {}),
  };
}

export function toView(search: ViewSearch): View {
  const { period, from, to, compare, goal } = search;
  return {
    period: from && to ? { from, to } : isPreset(period) ? period : USUAL.period,
    comparison: isComparison(compare) ? compare : USUAL.comparison,
    filters: (search.f ?? []).flatMap((text) => parseFilter(text) ?? []),
    segments: search.segment ?? [],
    goal,
  };
}

/** The search parameters that say what `change` changes; undefined takes a parameter away. */
export function toSearch(change: Partial<View>): ViewSearch {
  return {
    ...('period' in change && change.period !== undefined ? periodSearch(change.period) : {}),
    ...('comparison' in change
      ? { compare: change.comparison === USUAL.comparison ? undefined : change.comparison }
      : {}),
    ...('filters' in change
      ? { f: change.filters?.length ? change.filters.map(writeFilter) : undefined }
      : {}),
    ...('segments' in change ? { segment: change.segments?.length ? change.segments : undefined } : {}),
    ...('goal' in change ? { goal: change.goal } : {}),
  };
}

function periodSearch(period: Period) {
  if (typeof period === 'object') return { period: undefined, from: period.from, to: period.to };
  return { period: period === USUAL.period ? undefined : period, from: undefined, to: undefined };
}

function isComparison(text: unknown): text is Comparison {
  return COMPARISONS.some((one) => one === text);
}

/** Only what all pages of a site share: a link to another page keeps the period, the comparison and the filters. */
export function sharedSearch({ period, from, to, compare, f, segment, goal }: ViewSearch): ViewSearch {
  return { period, from, to, compare, f, segment, goal };
}
