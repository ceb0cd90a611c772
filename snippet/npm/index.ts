/**
 * The npm module: the tag's own core, each feature an import, so that a bundler leaves out what is not used. Importing
 * does nothing, also on a server; `init` does nothing there either.
 */
import { watchActs } from '../acts.ts';
import { start as startAutocapture } from '../autocapture.ts';
import { cleanUrl } from '../clean-url.ts';
import * as who from '../consent.ts';
import { deliver, identity, unsent } from '../delivery.ts';
import { watchEngagement } from '../engagement.ts';
import { start as startErrors } from '../errors.ts';
import { start as startFrustration } from '../frustration.ts';
import { guard, listen } from '../guard.ts';
import type { Start } from '../lazy.ts';
import * as pages from '../pages.ts';
import { keepUnsent } from '../unsent.ts';
import { start as startVitals } from '../vitals.ts';
import { door, settings } from './settings.ts';

export type Options = typeof settings & { site: string; endpoint: string };
export type Feature = () => unknown;

/**
 * Starts counting page views, and whatever `features` measure. Once only: React calls effects twice in development. On a
 * server there is no `document`, and nothing happens.
 */
export const init = /* @__PURE__ */ guard((options: Options, features?: Feature[]) => {
  const start = guard(() => {
    features?.map((feature) => guard(feature)());
    // Unless `visitors` knows better.
    settings.isOpen ??= true;
    pages.watchNavigation();
    pages.flush();
  });
  if (settings.site) return;
  Object.assign(settings, options);
  if (document.prerendering) listen('prerenderingchange', start);
  else setTimeout(start);
});

export const track = /* @__PURE__ */ guard(pages.track);
export const page = /* @__PURE__ */ guard(pages.showPage);
export const setProperties = pages.setGlobals;
export const setBefore = pages.setHook;

export const engagement: Feature = () => watchEngagement(pages.record, pages.leaving);
export const clicks: Feature = watchActs;
/** Another try for what could not be delivered. */
export const retries: Feature = () => keepUnsent(identity, pages.leaving, deliver, unsent, door);
/** Keeps an id where consent was granted, and honours its refusal. Needed by `consent`, `identify`, `group`, `reset`. */
export const visitors: Feature = who.decideConsent;

const lazily =
  (start: Start): Feature =>
  () =>
    start(pages.record, pages.flush, cleanUrl, settings, identity, pages.leaving);
export const vitals: Feature = /* @__PURE__ */ lazily(startVitals);
export const errors: Feature = /* @__PURE__ */ lazily(startErrors);
export const frustration: Feature = /* @__PURE__ */ lazily(startFrustration);
export const autocapture: Feature = /* @__PURE__ */ lazily(startAutocapture);

export const consent = /* @__PURE__ */ guard(who.setConsent);
export const identify = /* @__PURE__ */ guard(who.identify);
export const group = /* @__PURE__ */ guard(who.group);
export const reset = /* @__PURE__ */ guard(who.reset);
