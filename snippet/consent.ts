import type { Consent } from '../collector/protocol.ts';
import { identity, sendEvents } from './delivery.ts';
import { guard, later } from './guard.ts';
import { createId, flush, type LooseProperties, record } from './pages.ts';
import { settings } from './settings.ts';

/** Read through `guard`, for sandboxed frames and blocked storage throw at the mere mention. */
const readStored = /* @__PURE__ */ guard(() => localStorage.footfall);

/** False if the owner has excluded this browser (`localStorage.footfall = 'off'`). */
export const decideConsent = () => {
  identity.consent ||
    setConsent(
      readStored()
        ? 'granted'
        : settings.signals && (navigator.globalPrivacyControl || navigator.doNotTrack === '1')
          ? 'denied'
          : identity.consent,
    );
  return readStored() !== 'off';
};

/** Undefined: never asked. What the visitor is from now on holds for what comes; an id stays on the device only if granted. */
export const setConsent = (consent?: Consent, anonymousId?: string) => {
  // What waits belongs to the visitor as known so far.
  sendEvents();
  identity.consent = consent;
  identity.anonymousId = anonymousId = consent === 'granted' ? readStored() || createId() : undefined;
  later(flush);
  store(anonymousId);
};

/** Keeps the id, or forgets it; an owner's exclusion outlives both. */
const store = /* @__PURE__ */ guard((anonymousId?: string) => {
  if (anonymousId) localStorage.footfall = anonymousId;
  else if (readStored() !== 'off') delete localStorage.footfall;
});

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
  const { consent } = identity;
  record('reset');
  setConsent();
  identity.userId = identity.accountId = undefined;
  setConsent(consent);
};
