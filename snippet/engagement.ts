import { listen } from './guard.ts';
import { leaving, record } from './pages.ts';

let engagedMs = 0;
let since = 0;
let isEngaged = false;
let height = Infinity;
let depth = 0;
let sentPercent = 0;

/**
 * Measures a page view's engaged time (visible and focused; `hasFocus` holds while a frame in the page has the focus) and
 * how deep it was scrolled, of a height that may still grow. Sent again only for 3 seconds more, or a deeper scroll.
 */
export const watchEngagement = () => {
  leaving.push(leave);
  tick();
  listen('focus blur', tick);
  // Scroll events come right before the frame's callbacks: what is read here has just been laid out.
  listen('scroll', measure);
  new ResizeObserver(measure).observe(document.documentElement);
};

const tick = () => {
  // Monotonic, so that a corrected system clock cannot yield negative time.
  const now = performance.now();
  if (isEngaged) engagedMs += now - since;
  since = now;
  isEngaged = document.hasFocus() && !document.hidden;
};

const measure = () => {
  height = document.documentElement.scrollHeight;
  depth = Math.max(depth, scrollY);
};

const leave = (isOver?: unknown) => {
  tick();
  const scrollPercent = Math.min((((depth + innerHeight) / height) * 100 + 0.5) | 0, 100);
  if (engagedMs >= 3_000 || scrollPercent > sentPercent) {
    record('engagement', { engagedMs: engagedMs | 0, scrollPercent });
    sentPercent = scrollPercent;
    engagedMs = 0;
  }
  if (isOver) engagedMs = depth = sentPercent = 0;
};
