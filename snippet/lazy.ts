import type { cleanUrl } from './clean-url.ts';
import type { deliver, identity, unsent } from './delivery.ts';
import type { flush, leaving, record } from './pages.ts';
import type { Settings } from './settings.ts';

/** A click or submit that waits for `later`; its path is only known while it happens. */
export type Act = { event: Event; path: EventTarget[] };

/**
 * What every lazy file exports as `start`. Parameters instead of one object: names would not minify, and the order may
 * only grow at its end, for a lazy file may be newer than the tag that loads it.
 */
export type Start = (
  recordEvent: typeof record,
  flushEvents: typeof flush,
  toCleanUrl: typeof cleanUrl,
  settings: Partial<Settings>,
  identityNow: typeof identity,
  leavingListeners: typeof leaving,
  deliverBatch: typeof deliver,
  unsentBatches: typeof unsent,
  acts: Act[],
) => void;
