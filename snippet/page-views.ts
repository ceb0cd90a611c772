import { guard, listen } from './guard.ts';
import type { Tracker } from './tracker.ts';

/**
 * Counts page views: the load, navigations of a single-page application, restores from the back-forward cache.
 * Never two for one address in a row, for routers call history twice. Returns what counts the load.
 */
export function watchPages(tracker: Tracker) {
  let shown: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  // Campaign parameters are no part of a page's identity: many sites strip them from the address after the load.
  const addressChanged = () => shown !== (shown = tracker.cleanAddress(location.href, false));

  tracker.settleNavigation = () => {
    if (timer) {
      clearTimeout(timer);
      timer = undefined;
      if (addressChanged()) {
        tracker.showPage(location.href, {});
        tracker.flushEvents();
      }
    }
  };

  // Routers set the title after they changed the address, and often change it again at once.
  const navigated = () => {
    timer ||= setTimeout(guard(tracker.settleNavigation), 50);
  };

  return () => {
    for (const method of ['pushState', 'replaceState'] as const) {
      const original = history[method];
      history[method] = function (...change) {
        original.apply(this, change);
        navigated();
      };
    }
    // Navigation by fragment comes as popstate too.
    listen(window, 'popstate', navigated);
    listen<PageTransitionEvent>(window, 'pageshow', (event) => {
      if (event.persisted) {
        tracker.showPage(location.href, { previousUrl: undefined });
        tracker.flushEvents();
      }
    });
    addressChanged();
    tracker.showPage(location.href, entryFacts(tracker));
  };
}

/** Where the visitor came from and what the server answered: true of the load only. */
function entryFacts(tracker: Tracker): object {
  const referrer = document.referrer && tracker.cleanAddress(document.referrer, false);
  const [navigation] = performance.getEntriesByType('navigation');
  // responseStatus: Chrome 109, Firefox 144; TypeScript's DOM does not know it on every entry.
  const { responseStatus: status } = (navigation || {}) as { responseStatus?: number };
  return {
    [new URL(referrer || 'about:').host === location.host ? 'previousUrl' : 'referrer']:
      referrer || undefined,
    status: status !== 200 && status ? status : undefined,
  };
}
