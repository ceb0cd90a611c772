import type { Consent } from '../collector/protocol.ts';
import { identity, sendEvents } from './delivery.ts';
import { guard, later } from './guard.ts';
import { createId, flush, type LooseProperties, record } from './pages.ts';
import { settings } from './settings.ts';

/** Read through `guard`, for sandboxed frames and blocked storage throw at the mere mention. */
const readStored = guard(() => localStorage.footfall);

/** False if the owner has excluded this browser (`localStorage.footfall = 'off'`). */
export const decideConsent = () => {
  identity.consent ||
    setConsent(
      readStored()
        ? 'granted'
        : settings.signals && (navigator.globalPrivacyControl || navigator.doNotTrack === '1')
          ? 'denied'
          : undefined,
    );
  return readStored() !== 'off';
};
export const setConsent = (consent?: Consent, anonymousId?: string) => {
  // What waits belongs to the visitor as known so far.
  sendEvents();
  identity.consent = consent;
  identity.anonymousId = anonymousId = consent === 'granted' ? readStored() || createId() : undefined;
  later(flush);
  if (anonymousId) localStorage.footfall = anonymousId;
  else delete localStorage.footfall;
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
  const { consent } = identity;
  record('reset');
  setConsent();
  identity.userId = identity.accountId = undefined;
  setConsent(consent);
};
