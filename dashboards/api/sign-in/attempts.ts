import { LRUCache } from 'lru-cache';

/** Counts failures per key; a key with too many must wait for its period to end. */
export interface AttemptLimit {
  /** Counts one attempt against both. Returns seconds to wait: 0 if the attempt may go ahead. */
  take(email: string, address: string): number;
  /** The attempt succeeded: it was none of the failures that count. */
  forgive(email: string, address: string): void;
}

const PERIOD_MS = 15 * 60_000;
// What is longer is nobody's address, and would be kept all the same.
const LONGEST_EMAIL = 320;

/** Many people may share one address, nobody an account. */
const MOST = { email: 10, address: 50 };

/** In memory: a restart forgets, and each guess still costs what scrypt costs. Bounded by the number of keys. */
export function limitAttempts(now: () => number): AttemptLimit {
  const periods = new LRUCache<string, { endsAt: number; count: number }>({ max: 10_000 });

  function take(key: string, most: number): number {
    const known = periods.get(key);
    const period = known && known.endsAt > now() ? known : { endsAt: now() + PERIOD_MS, count: 0 };
    period.count += 1;
    periods.set(key, period);
    return period.count > most ? Math.ceil((period.endsAt - now()) / 1_000) : 0;
  }

  function forgive(key: string): void {
    const period = periods.get(key);
    if (period) period.count -= 1;
  }

  return {
    take: (email, address) =>
      Math.max(
        take(`email ${email.slice(0, LONGEST_EMAIL)}`, MOST.email),
        take(`address ${address}`, MOST.address),
      ),
    forgive(email, address) {
      forgive(`email ${email.slice(0, LONGEST_EMAIL)}`);
      forgive(`address ${address}`);
    },
  };
}
