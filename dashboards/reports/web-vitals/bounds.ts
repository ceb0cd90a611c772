/** Google's bounds of "good" and "needs improvement", https://web.dev/articles/vitals. In ms; of cls a score. */
export const VITALS = {
  lcp: [2_500, 4_000],
  inp: [200, 500],
  cls: [0.1, 0.25],
  fcp: [1_800, 3_000],
  ttfb: [800, 1_800],
} as const;
