import { METRICS, type Metric } from '../../../reports/overview/metrics.ts';
import { INTERVALS, type Interval } from '../../state/period.ts';

/** What the overview alone has in its URL: the graph's metric and interval, each panel's tab, the open details. */
export type OverviewSearch = {
  metric?: Metric | undefined;
  interval?: Interval | undefined;
  tabs?: string | undefined;
  details?: string | undefined;
};

export function parseOverviewSearch(search: Record<string, unknown>): OverviewSearch {
  const metric = METRICS.find((one) => one === search.metric);
  const interval = INTERVALS.find((one) => one === search.interval);
  return {
    ...(metric ? { metric } : {}),
    ...(interval ? { interval } : {}),
    ...(typeof search.tabs === 'string' ? { tabs: search.tabs } : {}),
    ...(typeof search.details === 'string' ? { details: search.details } : {}),
  };
}
