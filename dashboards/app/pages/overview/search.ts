import { METRICS, type Metric } from '../../../reports/overview/metrics.ts';
import { INTERVALS, type Interval } from '../../state/period.ts';

/** What the overview alone has in its URL: the graph's metric and interval, each panel's tab, the open details with their order and search. */
export type OverviewSearch = {
  metric?: Metric | undefined;
  interval?: Interval | undefined;
  tabs?: string | undefined;
  details?: string | undefined;
  /** How the open details are sorted: `visitors`, or `-visitors` upwards. */
  sort?: string | undefined;
  /** What is searched for in them. */
  find?: string | undefined;
  /** Whose values the property panel shows. */
  property?: string | undefined;
};

const TEXTS = ['tabs', 'details', 'sort', 'find', 'property'] as const;

export function parseOverviewSearch(search: Record<string, unknown>): OverviewSearch {
  const metric = METRICS.find((one) => one === search.metric);
  const interval = INTERVALS.find((one) => one === search.interval);
  return {
    ...(metric ? { metric } : {}),
    ...(interval ? { interval } : {}),
    ...Object.fromEntries(
      TEXTS.flatMap((name) => (typeof search[name] === 'string' ? [[name, search[name]]] : [])),
    ),
  };
}
