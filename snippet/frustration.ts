/** Rage clicks (three within a second at one spot) and dead clicks (nothing comes of them). Opt-in. */
import { clickable, elementPath } from './element-path.ts';
import type { Start } from './lazy.ts';

const RAGE_CLICKS = 3;
const RAGE_MS = 1_000;
const RAGE_PIXELS = 30;
const DEAD_MS = 2_000;

export const start: Start = (record) => {
  let recent: MouseEvent[] = [];

  const watchRage = (event: MouseEvent) => {
    const isNear = (other: MouseEvent) =>
      event.timeStamp - other.timeStamp < RAGE_MS &&
      Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY) < RAGE_PIXELS;
    recent = [...recent.filter(isNear), event];
    // Once for a burst, however long.
    if (recent.length === RAGE_CLICKS) recordAt('rage_click', event);
  };

  const watchDead = (event: MouseEvent) => {
    const element = clickable(event);
    // Links and labels act outside the page's script: on the browser, on their input.
    if (!element || element.matches('a[href],label')) return;
    const signs = [
      'scroll',
      'focusin',
      'selectionchange',
      'popstate',
      'submit',
      'visibilitychange',
      'pagehide',
    ];
    const observer = new MutationObserver(() => stop());
    const stop = () => {
      clearTimeout(timer);
      observer.disconnect();
      for (const sign of signs) removeEventListener(sign, stop, true);
    };
    const address = location.href;
    const timer = setTimeout(() => {
      stop();
      if (location.href === address) record('dead_click', { target: elementPath(element) });
    }, DEAD_MS);
    observer.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
    for (const sign of signs) addEventListener(sign, stop, { capture: true, passive: true });
  };

  const recordAt = (kind: 'rage_click', event: MouseEvent) => {
    const [target] = event.composedPath();
    if (target instanceof Element) record(kind, { target: elementPath(target) });
  };

  addEventListener(
    'click',
    (event) => {
      // Keyboards and scripts click at no place.
      if (!event.isTrusted || !event.detail) return;
      watchRage(event);
      watchDead(event);
    },
    { capture: true, passive: true },
  );
};
