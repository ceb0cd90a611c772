/** Since when and why nothing could be stored. `since` in milliseconds since the epoch. */
export type Failing = { since: number; attempts: number; message: string };

export type InsistOptions = {
  now: () => number;
  /** Rejects when aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
  log: (message: string) => void;
};

/** Calls again and again, with growing pauses, until it works. */
export interface Insistence {
  /** Resolves with what the call gives in the end; undefined if it was stopped before. Never rejects. */
  insist<T>(call: (attempt: number, lastError: unknown) => Promise<T>): Promise<T | undefined>;
  /** undefined while all is well. */
  failing(): Failing | undefined;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export function createInsistence({ now, wait, signal, log }: InsistOptions): Insistence {
  let failing: Failing | undefined;

  function note(error: unknown, attempt: number): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== failing?.message && !signal.aborted) log(`Cannot insert, will try again: ${message}`);
    failing = { since: failing?.since ?? now(), attempts: attempt, message };
  }

  return {
    async insist(call) {
      let lastError: unknown;
      for (let attempt = 1; !signal.aborted; attempt += 1) {
        try {
          const result = await call(attempt, lastError);
          if (failing) log(`Inserting again after ${failing.attempts} failed attempts`);
          failing = undefined;
          return result;
        } catch (error) {
          lastError = error;
          note(error, attempt);
          const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
          // Rejects when stopped, which the loop's condition tells as well.
          await wait(pauseMs, signal).catch(() => undefined);
        }
      }
      return undefined;
    },
    failing: () => failing,
  };
}
