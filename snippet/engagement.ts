import type { Start } from './lazy.ts';

const MORE_MS = 3_000;

/**
 * Measures a page view's engaged time (visible and focused; `hasFocus` holds while a frame in the page has the focus) and
 * how deep it was scrolled, of a height that may still grow. Sent again only for 3 seconds more, or a deeper scroll.
 * `since`: since when the page has been engaged already, by `performance.now()`.
 */
export function watchEngagement(
  record: Parameters<Start>[0],
  leaving: Parameters<Start>[5],
  since?: number | false | undefined,
): void {
  let engagedSince = since;
  let engagedMs = 0;
  let height = Number.POSITIVE_INFINITY;
  let depth = 0;
  let sentPercent = 0;
  /** Where the page view is. Elsewhere, what is drawn is the next page of a single-page application already. */
  let path = location.pathname;

  const tick = () => {
    // Monotonic, so that a corrected system clock cannot yield negative time.
    const now = performance.now();
    if (engagedSince) engagedMs += now - engagedSince;
    engagedSince = document.hasFocus() && !document.hidden && now;
  };
  const measure = () => {
    if (path !== location.pathname) return;
    height = document.documentElement.scrollHeight;
    depth = Math.max(depth, scrollY);
  };
  const leave = (isOver?: boolean) => {
    tick();
    const scrollPercent = Math.min(Math.round(((depth + innerHeight) / height) * 100), 100);
    if (engagedMs >= MORE_MS || scrollPercent > sentPercent) {
      record('engagement', { engagedMs: Math.round(engagedMs), scrollPercent });
      sentPercent = scrollPercent;
      engagedMs = 0;
    }
    if (isOver) {
      engagedMs = depth = sentPercent = 0;
      path = location.pathname;
      requestAnimationFrame(measure);
    }
  };

  leaving.push(leave);
  tick();
  // Scroll events come right before the frame's callbacks: what is read here has just been laid out.
  for (const [type, heard] of [
    ['focus', tick],
    ['blur', tick],
    ['scroll', measure],
  ] as const) {
    addEventListener(type, heard, { capture: true, passive: true });
  }
  if (window.ResizeObserver) new ResizeObserver(measure).observe(document.documentElement);
}
