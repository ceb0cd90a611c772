/** The script tag: installs the global at once, measures from the next task on, so that the page is never held up. */
import { watchActs } from './acts.ts';
import { engageBriefly, engagedSince } from './briefly.ts';
import { cleanUrl } from './clean-url.ts';
import { decideConsent, group, identify, reset, setConsent } from './consent.ts';
import { deliver, identity, unsent } from './delivery.ts';
import { guard, listen } from './guard.ts';
import type { StartLater } from './lazy.ts';
import { flush, leaving, record, setGlobals, setHook, showPage, track, watchNavigation } from './pages.ts';
import { near, settings } from './settings.ts';

const { site, global = 'footfall' } = settings;
/** The page's own names: whatever lies under ours, if not ours, is the stub's queue. */
type Named = Record<string, unknown>;
const queue = (window as unknown as Named)[global] as ((api: object) => unknown)[] & { site?: string };

const start = guard(() => {
  decideConsent();
  watchNavigation();
  // Tasks of their own, so that none is long.
  setTimeout(flush);
  setTimeout(
    guard(() => {
      watchActs();
      // Carries on without what does not load. `import` takes along the nonce that let this script run.
      (import(near('footfall-later.js') as unknown as string) as Promise<{ start: StartLater }>)
        .then((later) =>
          later.start(
            record,
            flush,
            cleanUrl,
            settings,
            identity,
            leaving,
            deliver,
            unsent,
            near,
            engagedSince(),
          ),
        )
        .catch(() => {});
    }),
  );
});

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
  (window as unknown as Named)[global] = api;
  engageBriefly();
  queue?.map((call) => guard(call)(api));
  if (document.prerendering) listen('prerenderingchange', start);
  else setTimeout(start);
}
