import type { EventKind } from '../collector/protocol.ts';
import { cleanUrl } from './clean-url.ts';
import { events, type LeavingEvent, sendEvents } from './delivery.ts';
import { guard, listen } from './guard.ts';
import { isOutside } from './is-outside.ts';
import { settings } from './settings.ts';

export type LooseProperties = Record<string, unknown>;
export type Hook = (event: LeavingEvent) => LeavingEvent | null | undefined | false;

/** Called when a page view ends (true) and when the page is hidden: whoever measures adds its event. */
export const leaving: ((isOver?: boolean) => void)[] = [];

let url: string;
let pageView: string | undefined;
let seq: number;
/** The shown page's address without campaign parameters, which many sites strip from the address bar after the load. */
let shown: string | undefined;
/** Where the next page view comes from; undefined before the first. */
let origin: object | '' | undefined;
let globals: LooseProperties | (() => LooseProperties | undefined) | undefined;
let before: Hook = (event) => event;

export const setGlobals = (value: LooseProperties | (() => LooseProperties)) => {
  globals = value;
};

export const setHook = (hook: Hook) => {
  before = hook;
};

/** 8 characters of time (the collector stores ids by time), then random ones: 12 at most, for 9e17 is less than 36 ** 12. */
export const createId = () => Date.now().toString(36) + (9e17 * Math.random()).toString(36);

/** Puts an event in the queue, with all that every event carries. Returns its id, unless the site's hook dropped it. */
export const record = (kind: EventKind, fields?: object, own?: LooseProperties): string | undefined => {
  settle();
  const event = before({
    kind,
    id: createId(),
    at: Date.now(),
    url,
    pageView,
    seq: pageView && ++seq,
    properties: (globals || own) && { ...(typeof globals === 'function' ? globals() : globals), ...own },
    ...fields,
  });
  setTimeout(flush, 500);
  if (event) {
    events.push(event);
    return event.id;
  }
};

/** Counts a custom event. `details`: `revenue` (`{ amount, currency }`), `orderId` (an order counts once). */
export const track = (name: string, properties?: LooseProperties, details?: object) => {
  record('custom', { name: name.slice(0, 100), ...details }, properties);
};

/** Counts a navigation that has happened meanwhile, so that what follows belongs to the new page. */
const settle = () => {
  const address = cleanUrl(location.href, '');
  if (settings.manual == null && address !== shown) {
    shown = address;
    showPage();
  }
};

/** Begins a page view; what the last one measured travels with it. */
export const showPage = (own?: LooseProperties, address = location.href) => {
  leaving.map((leave) => leave(true));
  url = cleanUrl(address);
  seq = 0;
  pageView = undefined;
  pageView = record('page_view', { title: document.title.slice(0, 300), ...(origin ?? readEntry()) }, own);
  origin = { previousUrl: url };
};

/** True of the load only: the outside page that led here, and what the server answered. */
const readEntry = () => {
  const { referrer } = document;
  const status = performance.getEntriesByType('navigation')[0]?.responseStatus as number;
  return {
    referrer: referrer && isOutside(new URL(referrer)) ? cleanUrl(referrer) : undefined,
    status: status > 200 ? status : undefined,
  };
};

export const flush = /* @__PURE__ */ guard(() => {
  settle();
  sendEvents();
});

/** Counts from now on what a single-page application, the back-forward cache and the way out do. */
export const watchNavigation = () => {
  (['replaceState', 'pushState'] as const).forEach((method) => {
    const original = history[method];
    history[method] = (...change) => {
      original.apply(history, change);
      // Routers set the title after they changed the address, and often change that twice.
      setTimeout(flush, 50);
    };
  });
  // A new fragment comes as popstate too.
  listen<PageTransitionEvent>('pageshow popstate', (event) => {
    if (event.persisted) shown = origin = '';
    setTimeout(flush, 50);
  });
  listen('pagehide visibilitychange', () => {
    leaving.map((leave) => leave());
    flush();
  });
};
