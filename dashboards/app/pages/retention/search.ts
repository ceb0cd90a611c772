export const RETENTION_INTERVALS = ['day', 'week', 'month'] as const;
export type RetentionInterval = (typeof RETENTION_INTERVALS)[number];

export const RETENTION_MODES = ['exact', 'rolling'] as const;
export type RetentionMode = (typeof RETENTION_MODES)[number];

export type RetentionSearch = { interval?: RetentionInterval | undefined; mode?: RetentionMode | undefined };

export function parseRetentionSearch(search: Record<string, unknown>): RetentionSearch {
  const interval = RETENTION_INTERVALS.find((one) => one === search.interval);
  const mode = RETENTION_MODES.find((one) => one === search.mode);
  return { ...(interval ? { interval } : {}), ...(mode ? { mode } : {}) };
}
