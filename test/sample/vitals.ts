/** How fast one page of the shop was for one visit, from nothing but the two: the same visit, the same figures. */
import { createRandom } from './random.ts';
import type { Device, Vital } from './shop-world.ts';

export type Vitals = Partial<Record<Vital, number>>;

/** What makes a kind of page slow: pictures (LCP), much to click (INP), what shifts when it comes (CLS). */
const PAGES: readonly { begins: string; lcp: number; inp: number; cls: number }[] = [
  { begins: '/product/', lcp: 1.3, inp: 1, cls: 0.07 },
  { begins: '/category/', lcp: 1.5, inp: 0.9, cls: 0.13 },
  { begins: '/checkout', lcp: 0.8, inp: 2.1, cls: 0.02 },
  { begins: '/blog/', lcp: 0.9, inp: 0.6, cls: 0.04 },
  { begins: '/', lcp: 1.1, inp: 0.8, cls: 0.05 },
];
const TTFB_MS = 260;
const PAINT_MS = 650;
const REACTION_MS = 95;

/** Whole milliseconds; CLS in thousandths. `seed` tells this page view from all others. */
export function vitalsOf({ slowness, vitals }: Device, path: string, seed: number): Vitals {
  const random = createRandom(seed);
  const page = PAGES.find(({ begins }) => path.startsWith(begins));
  // Skewed to the right, as times are: a tenth of the views takes twice as long as the median, or longer.
  const about = (middle: number) => middle * Math.exp(random.next() + random.next() + random.next() - 1.5);
  const ttfb = Math.round(about(TTFB_MS * Math.sqrt(slowness)));
  const fcp = ttfb + Math.round(about(PAINT_MS * slowness));
  const all: Record<Vital, number> = {
    ttfb,
    fcp,
    lcp: fcp + Math.round(about(PAINT_MS * slowness * (page?.lcp ?? 1))),
    inp: Math.round(about(REACTION_MS * slowness * (page?.inp ?? 1))),
    cls: Math.round(about(page?.cls ?? 0) * 1_000) / 1_000,
  };
  return Object.fromEntries(vitals.map((vital) => [vital, all[vital]]));
}
