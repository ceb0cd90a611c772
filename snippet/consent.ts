import type { Consent } from '../collector/protocol.ts';
import { identity, sendEvents } from './delivery.ts';
import { guard } from './guard.ts';
import { createId, type LooseProperties, record } from './pages.ts';
import { settings } from './settings.ts';

/** The device's, once the page has started; where that is blocked, as in sandboxed frames, the page's own. */
let storage: Record<string, string> = {};

/**
 * Takes up what the visitor, or the browser on their behalf, has decided; then events may leave, unless the owner excludes
 * this browser (`localStorage.footfall_off = 1`).
 */
export const decideConsent = () => {
  storage = guard(() => localStorage)() || storage;
  setConsent(
    identity.consent ||
      (storage.footfall
        ? 'granted'
        : settings.signals && (navigator.globalPrivacyControl || navigator.doNotTrack === '1')
          ? 'denied'
          : undefined),
  );
  // Else later.ts opens, once the console can tell of what leaves.
  settings.isOpen = settings.debug == null && !storage.footfall_off;
};

/** Undefined: never asked. What the visitor is from now on holds for what comes; an id stays on the device only if granted. */
export const setConsent = (consent?: Consent) => {
  // What waits belongs to the visitor as known so far.
  sendEvents();
  identity.consent = consent;
  if (consent) {
    // Who must be asked first is not counted after a refusal, unless the site says so.
    settings.onDenied ??= settings.consent;
    settings.consent = consent === 'denied' && /nothing|required/.test(`${settings.onDenied}`);
  }
  if (consent === 'granted') storage.footfall ||= createId();
  else delete storage.footfall;
  identity.anonymousId = storage.footfall;
  sendEvents();
};

export const identify = (userId: string, properties?: LooseProperties) => {
  sendEvents();
  identity.userId = `${userId}`;
  record('identify', { properties });
};

export const group = (accountId: string, properties?: LooseProperties) => {
  sendEvents();
  identity.accountId = `${accountId}`;
  record('group', { properties });
};

export const reset = () => {
  record('reset');
  sendEvents();
  identity.userId = identity.accountId = undefined;
  delete storage.footfall;
  setConsent(identity.consent);
};
