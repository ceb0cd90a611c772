/**
 * The npm module: the tag's own core, each feature an import, so that a bundler leaves out what is not used. Importing
 * does nothing, also on a server; `init` does nothing there either.
 */
import { start as startAutocapture } from '../autocapture.ts';
import { cleanUrl } from '../clean-url.ts';
import * as who from '../consent.ts';
import { deliver, identity, openDelivery, unsent } from '../delivery.ts';
import { watchEngagement } from '../engagement.ts';
import { start as startErrors } from '../errors.ts';
import { start as startFrustration } from '../frustration.ts';
import { guard, later, listen } from '../guard.ts';
import { start as startLater } from '../later.ts';
import type { Act, Start } from '../lazy.ts';
import * as pages from '../pages.ts';
import { start as startVitals } from '../vitals.ts';
import { settings } from './settings.ts';

export type Options = typeof settings & { site: string; endpoint: string };
export type Feature = () => unknown;

let isStarted = false;

/** Starts counting page views, and whatever `features` measure. Once only: React calls effects twice in development. */
export function init(options: Options, features: Feature[] = []): void {
  if (isStarted || typeof document === 'undefined') return;
  isStarted = true;
  Object.assign(settings, options);
  const start = () => {
    if (features.map((feature) => guard(feature)()).includes(false)) return;
    openDelivery();
    pages.watchNavigation();
  };
  guard(pages.enter)();
  if (document.prerendering) listen('prerenderingchange', start);
  else later(start);
}

const whenStarted =
  <Args extends unknown[]>(action: (...args: Args) => unknown) =>
  (...args: Args): void => {
    if (isStarted) guard(action)(...args);
  };

export const track = /* @__PURE__ */ whenStarted(pages.track);
export const page = /* @__PURE__ */ whenStarted(pages.showPage);
export const setProperties = pages.setGlobals;
export const setBefore = pages.setHook;

export const engagement: Feature = watchEngagement;
/** Keeps an id where consent was granted, and honours its refusal. Needed by `consent`, `identify`, `group`, `reset`. */
export const visitors: Feature = who.decideConsent;

const lazily =
  (start: Start): Feature =>
  () =>
    start(pages.record, pages.flush, cleanUrl, settings, identity, pages.leaving, deliver, unsent, acts);
const acts: Act[] = [];

export const clicks: Feature = () => {
  listen('click auxclick submit', (event) => acts.push({ event, path: event.composedPath() }));
  lazily(startLater)();
};
export const vitals: Feature = /* @__PURE__ */ lazily(startVitals);
export const errors: Feature = /* @__PURE__ */ lazily(startErrors);
export const frustration: Feature = /* @__PURE__ */ lazily(startFrustration);
export const autocapture: Feature = /* @__PURE__ */ lazily(startAutocapture);

export const consent = /* @__PURE__ */ whenStarted(who.setConsent);
export const identify = /* @__PURE__ */ whenStarted(who.identify);
export const group = /* @__PURE__ */ whenStarted(who.group);
export const reset = /* @__PURE__ */ whenStarted(who.reset);
