import type { Consent, EventKind, Properties } from '../collector/protocol.ts';
import { cleanUrl } from './clean-url.ts';
import { createDelivery } from './delivery.ts';

import type { ReadSetting } from './settings.ts';

/** What a page may pass as properties; the snippet turns it into what the wire allows. */
export type LooseProperties = Record<string, unknown>;

/** An event on its way out, as the `before` hook sees it. */
export type DraftEvent = {
  kind: EventKind;
  id: string;
  at: number;
  url: string;
  properties?: Properties;
} & Record<string, unknown>;

/** 8 characters of time (ids near in time lie near each other in the collector's table), then 12 random ones. */
export function createId(): string {
  return Date.now().toString(36) + randomDigits() + randomDigits();
}

function randomDigits(): string {
  return Math.random().toString(36).slice(2, 8);
}

/** Cuts properties to the wire's types and limits; undefined if none are left. */
export function cutProperties(properties: LooseProperties): Properties | undefined {
  const kept = Object.entries(properties)
    .filter(([, value]) => value != null)
    .slice(0, 64)
    .map(([name, value]) => [
      name.slice(0, 100),
      value === !!value || Number.isFinite(value) ? value : `${value}`.slice(0, 1_000),
    ]);
  return kept[0] && Object.fromEntries(kept);
}

export type Tracker = ReturnType<typeof createTracker>;

/** The heart of the snippet: whose events these are, whether they may leave, and what every one of them carries. */
export function createTracker(readSetting: ReadSetting, endpoint: string) {
  const site = readSetting('site');
  const storageKey = `footfall-${site}`;
  const unsentKey = `${storageKey}-unsent`;
  const environment = readSetting('environment');
  const isTest =
    environment === 'test' ||
    (!environment &&
      (navigator.webdriver ||
        /^(localhost|127\.|\[::1|)$|^127\.|\.(local|localhost|test)$/.test(location.hostname)));
  let consent: Consent | undefined;
  let anonymousId: string | undefined;
  let userId: string | undefined;
  let accountId: string | undefined;
  let globals: LooseProperties | (() => LooseProperties) | undefined;
  let before: ((event: DraftEvent) => DraftEvent | null | undefined) | undefined;
  let url = '';
  let pageView: string | undefined;
  let seq = 0;

  const store = (key: string, value?: string) => {
    try {
      // Sandboxed frames and blocked storage throw at the mere mention.
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch {
      // Then this visit stays without.
    }
  };

  const mayLeave = () =>
    consent === 'granted' ||
    (consent ? readSetting('on-denied') === 'cookieless' : readSetting('consent') !== 'required');

  const delivery = createDelivery(
    endpoint,
    () =>
      mayLeave() && {
        version: 1,
        site,
        anonymousId,
        userId,
        accountId,
        consent,
        screenWidth: innerWidth,
        test: isTest || undefined,
      },
    (unsent) => anonymousId && store(unsentKey, unsent[0] && JSON.stringify(unsent)),
  );

  const clean = (href: string, keepsCampaign?: boolean) =>
    cleanUrl(href, readSetting('query'), readSetting('hash') != null, keepsCampaign);

  const tracker = {
    readSetting,
    cleanAddress: clean,
    /** Called before a page view ends (true) and whenever the page may be leaving: features add what they measured. */
    leaveListeners: [] as ((isOver?: boolean) => void)[],
    /** Counts a navigation that is still waiting for its title, so that what follows belongs to the new page. */
    settleNavigation() {},
    recordEvent(kind: EventKind, fields?: object, own?: LooseProperties) {
      tracker.settleNavigation();
      const properties =
        own && cutProperties({ ...(typeof globals === 'function' ? globals() : globals), ...own });
      const draft: DraftEvent = {
        kind,
        id: createId(),
        at: Date.now(),
        url,
        pageView,
        seq: pageView && ++seq,
        ...fields,
        ...(properties && { properties }),
      };
      const event = before ? before(draft) : draft;
      if (event) delivery.pushEvent(event);
      return draft;
    },
    leavePage(isOver?: boolean) {
      for (const listener of tracker.leaveListeners) listener(isOver);
    },
    flushEvents: delivery.flushEvents,
    showPage(address: string, fields: object, own: LooseProperties = {}) {
      const previousUrl = url || undefined;
      tracker.leavePage(true);
      pageView = undefined;
      seq = 0;
      url = clean(address);
      pageView = tracker.recordEvent(
        'page_view',
        { title: document.title.slice(0, 300), previousUrl, ...fields },
        own,
      ).id;
    },
    setConsent(next: Consent) {
      delivery.flushEvents();
      consent = next;
      anonymousId = next === 'granted' ? anonymousId || createId() : undefined;
      store(storageKey, anonymousId);
      if (!mayLeave()) delivery.dropEvents();
      delivery.flushEvents();
    },
    identify(id: string, traits: LooseProperties = {}) {
      if (userId !== id) delivery.flushEvents();
      userId = `${id}`.slice(0, 100);
      tracker.recordEvent('identify', { properties: cutProperties(traits) });
    },
    group(id: string, traits: LooseProperties = {}) {
      if (accountId !== id) delivery.flushEvents();
      accountId = `${id}`.slice(0, 100);
      tracker.recordEvent('group', { properties: cutProperties(traits) });
    },
    reset() {
      tracker.recordEvent('reset');
      delivery.flushEvents();
      userId = accountId = undefined;
      if (anonymousId) store(storageKey, (anonymousId = createId()));
    },
  };
  return tracker;
}
