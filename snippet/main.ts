/** The script tag: installs the global at once, measures from the next task on, so that the page is never held up. */
import { cleanUrl } from './clean-url.ts';
import { decideConsent, group, identify, reset, setConsent } from './consent.ts';
import { deliver, identity, openDelivery, unsent } from './delivery.ts';
import { watchEngagement } from './engagement.ts';
import { guard, later, listen } from './guard.ts';
import type { Act, Start } from './lazy.ts';
import {
  enter,
  flush,
  leaving,
  record,
  setGlobals,
  setHook,
  showPage,
  track,
  watchNavigation,
} from './pages.ts';
import { near, settings } from './settings.ts';

const { site, global = 'footfall' } = settings;
// The page's own names: whatever lies there, if not ours, is the stub's queue.
const page = window as unknown as Record<string, (((api: object) => unknown)[] & { site?: string }) | object>;
const queue = page[global] as ((api: object) => unknown)[] & { site?: string };
const acts: Act[] = [];

/** Carries on without what does not load. `import` takes along the nonce that let this script run. */
const load = async (name: string) => {
  try {
    const { start } = (await import(near(`footfall-${name}.js`) as unknown as string)) as {
      start: Start;
    };
    start(record, flush, cleanUrl, settings, identity, leaving, deliver, unsent, acts);
  } catch {
    // Blocked, or not deployed.
  }
};

const start = () => {
  if (!decideConsent()) return;
  openDelivery();
  listen('click auxclick submit', (event) => acts.push({ event, path: event.composedPath() }));
  watchNavigation();
  load('later');
  later(() => (settings.with ?? 'vitals').match(/\w+/g)?.map(load), 1_000);
  watchEngagement();
};

// The tag may stand in a page twice: the site counts once.
if (queue?.site !== site) {
  const api: Record<string, unknown> = {
    track,
    page: showPage,
    identify,
    group,
    reset,
    consent: setConsent,
    properties: setGlobals,
    before: setHook,
  };
  for (const name in api) api[name] = guard(api[name] as () => unknown);
  api.site = site;
  page[global] = api;
  enter();
  for (const call of queue || []) guard(call)(api);
  if (settings.debug != null) load('debug').then(start);
  else if (document.prerendering) listen('prerenderingchange', start);
  else later(start);
}
