import type { EventKind } from '../collector/protocol.ts';
import { cleanUrl } from './clean-url.ts';
import { events, type LeavingEvent, sendEvents } from './delivery.ts';
import { later, listen } from './guard.ts';
import { settings } from './settings.ts';

export type LooseProperties = Record<string, unknown>;
export type Hook = (event: LeavingEvent) => LeavingEvent | null | undefined | false;

/** Called when a page view ends (true) and when the page is hidden: whoever measures adds its event. */
export const leaving: ((isOver?: unknown) => void)[] = [];

let url: string;
let pageView: string | undefined;
let seq = 0;
/** The shown page's address without campaign parameters, which many sites strip from the address bar after the load. */
let shown: string | undefined;
/** Where the next page view comes from. */
let origin: object | undefined;
let globals: () => LooseProperties | undefined = () => ({});
let before: Hook = (event) => event;

export const setGlobals = (value: LooseProperties | (() => LooseProperties)) => {
  globals = typeof value === 'function' ? value : () => value;
};

export const setHook = (hook: Hook) => {
  before = hook;
};

/** 8 characters of time (the collector stores ids by time), then 12 random ones. */
export const createId = () => Date.now().toString(36) + (9e18 * Math.random()).toString(36);

/** Puts an event in the queue, with all that every event carries. Returns its id, unless the site's hook dropped it. */
export const record = (kind: EventKind, fields?: object, own?: LooseProperties): string | undefined => {
  settle();
  const properties = { ...globals(), ...own };
  const event = before({
    kind,
    id: createId(),
    at: Date.now(),
    url,
    pageView,
    seq: pageView && ++seq,
    ...(Object.keys(properties)[0] && { properties }),
    ...fields,
  });
  later(flush, 500);
  if (!event) return;
  events.push(event);
  return event.id;
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
  for (const leave of leaving) leave(true);
  url = cleanUrl(address);
  pageView = undefined;
  seq = 0;
  pageView = record('page_view', { title: document.title.slice(0, 300), ...origin }, own);
  origin = { previousUrl: url };
};

export const flush = () => {
  settle();
  sendEvents();
};

/** True of the load only: the outside page that led here, and what the server answered if not 200. */
export const enter = () => {
  const referrer = document.referrer;
  const status = performance.getEntriesByType('navigation')[0]?.responseStatus;
  origin = {
    referrer: referrer && new URL(referrer).host !== location.host ? cleanUrl(referrer) : undefined,
    status: status && status > 200 ? status : undefined,
  };
};

/** Counts the load, and from then on what a single-page application, the back-forward cache and the way out do. */
export const watchNavigation = () => {
  for (const method of ['pushState', 'replaceState'] as const) {
    const original = history[method];
    history[method] = (...change) => {
      original.apply(history, change);
      // Routers set the title after they changed the address, and often change that twice.
      later(flush, 50);
    };
  }
  // A new fragment comes as popstate too.
  listen<PageTransitionEvent>('popstate pageshow', (event) => {
    if (event.persisted) shown = origin = undefined;
    later(flush, 50);
  });
  listen('visibilitychange pagehide', () => {
    for (const leave of leaving) leave();
    flush();
  });
  flush();
};
