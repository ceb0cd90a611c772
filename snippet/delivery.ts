import type { Batch, Consent, TrackedEvent } from '../collector/protocol.ts';
import { near, settings } from './settings.ts';

/** An event as it leaves: each kind's own fields stand beside the shared ones. */
export type LeavingEvent = { kind: TrackedEvent['kind']; id: string } & Record<string, unknown>;

/** Whose events these are: holds for a whole batch, so what waits is sent before any of it changes. */
export const identity: {
  anonymousId?: Batch['anonymousId'] | undefined;
  userId?: Batch['userId'] | undefined;
  accountId?: Batch['accountId'] | undefined;
  consent?: Consent | undefined;
} = {};

/** What could not be delivered: `later` tries it again. */
export const unsent: object[] = [];

export const events: LeavingEvent[] = [];
let isOpen = false;

/** Nothing leaves before the page is really shown (prerendering) and the settings are known. */
export const openDelivery = () => {
  isOpen = true;
};

/** Sends what waits, unless consent is still awaited; what was denied is forgotten. */
export const sendEvents = () => {
  while (isOpen && (identity.consent || !settings.consent) && events[0]) {
    const batch = {
      version: 1,
      site: settings.site,
      ...identity,
      screenWidth: innerWidth,
      test:
        /^(test|true|127.+|)$|localhost$/.test(
          // The test reads true, as an automated browser has it, as the text `true`.
          settings.environment || (navigator.webdriver as unknown as string) || location.hostname,
        ) || undefined,
      // Few enough for the 64 KiB that a page's keepalive requests share, even if each event is of full size.
      events: events.splice(0, 7),
    };
    if (identity.consent !== 'denied' || whenDenied() === 'cookieless') deliver(batch);
  }
};

/** Who must be asked first is not counted after a refusal, unless the site says so. */
const whenDenied = () => settings.onDenied ?? settings.consent ?? 'cookieless';

/**
 * Hands a batch to the browser, which delivers it even while the page unloads. What fails waits in `unsent`; a repeat
 * bears the same event ids and counts once.
 */
export const deliver = async (batch: object) => {
  try {
    const { status } = await fetch(near('events'), {
      method: 'POST',
      // A string goes as text/plain: no preflight. `sentAt` is the try's own, for the collector corrects clocks by it.
      body: JSON.stringify({ ...batch, sentAt: Date.now() }, (_, value) =>
        value?.trim ? value.slice(0, 1_000) : (value ?? undefined),
      ),
      keepalive: true,
    });
    // What the collector refuses it would refuse again; but 429 and 5xx pass.
    if (status < 429) return;
  } catch {
    // Offline, blocked, or no answer.
  }
  unsent.push(batch);
};
