/** In the order of the columns, on the page and on boards. */
export const ATTRIBUTION_MODELS = [
  'first',
  'last',
  'last_non_direct',
  'linear',
  'time_decay',
  'position',
] as const;
