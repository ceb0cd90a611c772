/** Medians, means and intervals. Null where there is nothing to tell. */

/** Of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, one) => total + one, 0) / values.length;
}

export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** z of a two-sided 95 % interval. */
const Z = 1.959963984540054;

/** Wilson's score interval of `part` successes in `whole` trials, 95 %. */
export function wilson(part: number, whole: number): { low: number; high: number } | null {
  if (whole === 0) return null;
  const rate = part / whole;
  const centre = rate + (Z * Z) / (2 * whole);
  const spread = Z * Math.sqrt((rate * (1 - rate)) / whole + (Z * Z) / (4 * whole * whole));
  const scale = 1 + (Z * Z) / whole;
  // Rounding may leave the edges a hair outside.
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/**
 * The odds ratio of bearing something among two groups, with its 95 % interval (Woolf's logit). Half a person is added to
 * each of the four counts (Haldane and Anscombe), so that a zero does not make it infinite.
 */
export function oddsRatio(withIn: number, totalIn: number, withOut: number, totalOut: number) {
  const [a, b, c, d] = [withIn + 0.5, totalIn - withIn + 0.5, withOut + 0.5, totalOut - withOut + 0.5];
  const ratio = (a * d) / (b * c);
  const spread = Z * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d);
  return { ratio, low: ratio * Math.exp(-spread), high: ratio * Math.exp(spread) };
}
