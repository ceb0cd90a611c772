/** Lets one sleeper wait for the next commit without missing the one that comes while it looks. */
export interface CommitBell {
  ring(): void;
  /** Called before looking for rows: from here on a ring counts. */
  listen(): void;
  /** Resolves at the next ring, or at once if there was one since `listen`. */
  rung(): Promise<void>;
}

export function createCommitBell(): CommitBell {
  let hasRung = false;
  let wake: (() => void) | undefined;

  return {
    ring() {
      hasRung = true;
      wake?.();
      wake = undefined;
    },
    listen() {
      hasRung = false;
    },
    rung: () =>
      new Promise((resolve) => {
        if (hasRung) resolve();
        else wake = resolve;
      }),
  };
}

/** Waits for a ring; false if none came in time, or if the wait was given up. */
export async function isRungWithin(
  bell: CommitBell,
  ms: number,
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const patience = new AbortController();
  const silence = wait(ms, patience.signal).then(
    () => false,
    () => false,
  );
  const isRung = await Promise.race([bell.rung().then(() => true), silence]);
  patience.abort();
  return isRung;
}
