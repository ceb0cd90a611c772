/** Loaded right after the first page view: measures on where briefly.ts stood in, tries again, loads the other lazy files. */
import { watchEngagement } from './engagement.ts';
import { isExcluded } from './excluded.ts';
import type { Start, StartLater } from './lazy.ts';
import { keepUnsent } from './unsent.ts';

export const start: StartLater = (...all) => {
  const [record, flush, , settings, identity, leaving, deliver, unsent, near, since] = all;
  leaving.shift();
  watchEngagement(record, leaving, since);
  keepUnsent(identity, leaving, deliver, unsent, () => near('events'));

  const load = async (name: string) => {
    try {
      const lazy: { start: Start } = await import(near(`footfall-${name}.js`).href);
      const [, , cleanUrl] = all;
      lazy.start(record, flush, cleanUrl, settings, identity, leaving);
    } catch {
      // Blocked, or not deployed: the page is counted without it.
    }
  };
  const loadFeatures = () => (settings.with ?? 'vitals').match(/\w+/g)?.forEach(load);
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in window) requestIdleCallback(loadFeatures, { timeout: 3_000 });
  else setTimeout(loadFeatures, 1_000);

  // What leaves is held back until the console can tell of it: see consent.ts.
  if (settings.debug != null)
    load('debug').then(() => {
      settings.isOpen = !isExcluded();
      flush();
    });
};
