import type { Batch, Consent, TrackedEvent } from '../collector/protocol.ts';
import { toBody } from './body.ts';
import { door, settings } from './settings.ts';

/** An event as it leaves: each kind's own fields stand beside the shared ones. */
export type LeavingEvent = { kind: TrackedEvent['kind']; id: string } & Record<string, unknown>;

/** Whose events these are: holds for a whole batch, so what waits is sent before any of it changes. */
export const identity: {
  anonymousId?: Batch['anonymousId'] | undefined;
  userId?: Batch['userId'] | undefined;
  accountId?: Batch['accountId'] | undefined;
  consent?: Consent | undefined;
} = {};

/** What could not be delivered: unsent.ts tries it again. */
export const unsent: object[] = [];

export const events: LeavingEvent[] = [];

/** Sends what waits, unless consent is still awaited; what was denied is forgotten. */
export const sendEvents = () => {
  while (settings.isOpen && settings.consent !== 'required' && events[0]) {
    const batch = {
      version: 1,
      sentAt: Date.now(),
      site: settings.site,
      ...identity,
      screenWidth: innerWidth,
      // An automated browser says `true`, which the test reads as a text.
      test:
        /^(test|true|127.+)$|localhost$/.test(
          settings.environment || (navigator.webdriver as unknown as string) || location.hostname,
        ) || undefined,
      // Few enough for the 64 KiB that a page's keepalive requests share, even if each event is of full size.
      events: events.splice(0, 7),
    };
    // True once the visitor has refused, and the site counts nobody who did: see consent.ts.
    if (!settings.consent) deliver(batch);
  }
};

/**
 * Hands a batch to the browser, which delivers it even while the page unloads. What fails waits in `unsent`; a repeat
 * bears the same event ids and counts once.
 */
export const deliver = async (batch: object) => {
  try {
    // `fetch` before `sendBeacon`: hardened browsers block beacons, and still answer true.
    const { status } = await fetch(door(), {
      method: 'POST',
      // A string goes as text/plain: no preflight.
      body: toBody(batch),
      keepalive: true,
    });
    // What the collector refuses it would refuse again; but 429 and 5xx pass.
    if (status > 428) unsent.push(batch);
  } catch {
    // Offline, blocked, or no answer.
    unsent.push(batch);
  }
};
