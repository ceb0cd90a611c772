/** A question of 90 days for every report, as the dashboard asks them. */
const period = { from: '2026-01-01', to: '2026-03-31' };
const goal = { event: 'purchase' };

export const QUESTIONS: Record<string, object> = {
  overview: { period, comparison: { mode: 'previous_period' } },
  breakdown: { period, dimension: 'source', goal },
  conversion: { period, goal, dimension: 'source' },
  attribution: { period, goal },
  retention: { period, interval: 'week' },
  stickiness: { period },
  lifecycle: { period, interval: 'week' },
  paths: { period },
  engagement: { period },
  clicks: { period },
  'web-vitals': { period },
  explore: { period, series: [{ event: goal }], interval: 'day', breakdown: ['country'] },
  'data-quality': { period },
  people: { period },
  catalogue: { period },
  live: {},
  funnel: {
    period,
    steps: ['view_product', 'add_to_cart', 'checkout', 'purchase'].map((event) => ({ event })),
  },
};
