/** How many events one address and one site may send: token buckets in bounded memory. */
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { toNumber } from './enrich/address.ts';

export interface RateLimit {
  /** Takes `events` from both buckets, `address` being canonical. 0 if there was room, else the seconds after which to try again. */
  take(site: string, address: string, events: number): number;
}

export type RateLimitOptions = {
  now: () => number;
  /** Events per second, on average; ten times as many at once. 0: no limit. */
  perAddress: number;
  perSite: number;
};

type Bucket = { tokens: number; filledAt: number };

const BURST_SECONDS = 10;
const MAX_ADDRESSES = 20_000;
const MAX_SITES = 1_000;
// What comes from here came through a proxy that is not listed as trusted, or from the machine itself: one bucket
// would then hold back everybody.
const LOCAL = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd]|$)/;

export const NO_RATE_LIMIT: RateLimit = { take: () => 0 };

export function createRateLimit({ now, perAddress, perSite }: RateLimitOptions): RateLimit {
  const addresses = new LRUCache<string | number, Bucket>({ max: MAX_ADDRESSES });
  const sites = new LRUCache<string | number, Bucket>({ max: MAX_SITES });
  return {
    take(site, address, events) {
      const isLimited = perAddress > 0 && !LOCAL.test(address);
      const waitForAddress = isLimited ? take(addresses, toKey(address), perAddress, events, now()) : 0;
      if (waitForAddress > 0) return waitForAddress;
      return perSite > 0 ? take(sites, site, perSite, events, now()) : 0;
    },
  };
}

/** Who has one IPv6 address has its whole /64. A key is never a part of the header that the address stood in. */
function toKey(address: string): string | number {
  const number = toNumber(address);
  if (number !== undefined || !ipaddr.IPv6.isValid(address)) return number ?? '';
  return ipaddr.IPv6.parse(address).parts.slice(0, 4).join(':');
}

function take(
  buckets: LRUCache<string | number, Bucket>,
  key: string | number,
  rate: number,
  events: number,
  now: number,
): number {
  const capacity = rate * BURST_SECONDS;
  const bucket = buckets.get(key) ?? { tokens: capacity, filledAt: now };
  const refilled = Math.min(capacity, bucket.tokens + (Math.max(0, now - bucket.filledAt) * rate) / 1_000);
  // A batch larger than the whole bucket passes when the bucket is full: else it could never pass.
  const needed = Math.min(events, capacity);
  const isEnough = refilled >= needed;
  buckets.set(key, { tokens: isEnough ? refilled - needed : refilled, filledAt: now });
  return isEnough ? 0 : Math.max(1, Math.ceil((needed - refilled) / rate));
}
