import { listen } from './guard.ts';
import type { Tracker } from './tracker.ts';

/** Engaged time sent again only for this much more of it. */
const RESEND_MS = 3_000;

/**
 * Measures a page view's engaged time (visible and focused; `hasFocus` holds while an iframe in the page has it) and
 * how deep it was scrolled, of a height that may still grow.
 */
export function watchEngagement(tracker: Tracker): void {
  const root = document.documentElement;
  let engagedMs = 0;
  let since = 0;
  let isEngaged = false;
  let height = 1;
  let bottom = 0;
  let sentPercent = 0;

  const tick = () => {
    // Monotonic, so that a corrected system clock cannot yield negative time.
    const now = performance.now();
    if (isEngaged) engagedMs += now - since;
    since = now;
    isEngaged = document.visibilityState === 'visible' && document.hasFocus();
  };

  const measure = () => {
    height = root.scrollHeight;
    bottom = Math.max(bottom, scrollY + innerHeight);
  };
  // In a frame callback the layout is done anyway: reading it elsewhere would force one.
  const measureInFrame = () => requestAnimationFrame(measure);

  tracker.leaveListeners.push((isOver) => {
    tick();
    const scrollPercent = Math.min(100, Math.round((bottom / height) * 100));
    if (engagedMs >= RESEND_MS || scrollPercent > sentPercent) {
      sentPercent = scrollPercent;
      tracker.recordEvent('engagement', { engagedMs: Math.round(engagedMs), scrollPercent });
      engagedMs = 0;
    }
    if (isOver) {
      engagedMs = bottom = sentPercent = 0;
      measureInFrame();
    }
  });

  listen(window, 'focus blur', tick);
  listen(window, 'scroll', measureInFrame);
  new ResizeObserver(measure).observe(root);
}
