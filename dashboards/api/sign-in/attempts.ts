import { LRUCache } from 'lru-cache';

/** Counts attempts per key; a key that made too many must wait for its period to end. */
export interface AttemptLimit {
  /** Counts one attempt against each key. Returns seconds to wait: 0 if the attempt may go ahead. */
  take(keys: readonly string[]): number;
}

const ATTEMPTS = 10;
const PERIOD_MS = 15 * 60_000;

/** In memory: a restart forgets, and each guess still costs what scrypt costs. Bounded by the number of keys. */
export function limitAttempts(now: () => number): AttemptLimit {
  const periods = new LRUCache<string, { endsAt: number; count: number }>({ max: 10_000 });

  function take(key: string): number {
    const known = periods.get(key);
    const period = known && known.endsAt > now() ? known : { endsAt: now() + PERIOD_MS, count: 0 };
    period.count += 1;
    periods.set(key, period);
    return period.count > ATTEMPTS ? Math.ceil((period.endsAt - now()) / 1_000) : 0;
  }

  return { take: (keys) => Math.max(0, ...keys.map(take)) };
}
