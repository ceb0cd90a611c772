import type { cleanUrl } from './clean-url.ts';
import type { deliver, identity, unsent } from './delivery.ts';
import type { flush, leaving, record } from './pages.ts';
import type { near, Settings } from './settings.ts';

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
) => void;

/** The first lazy file gets what the others do not need: see later.ts. `engagedSince`: see briefly.ts. */
export type StartLater = (
  ...all: [
    ...Parameters<Start>,
    deliverBatch: typeof deliver,
    unsentBatches: typeof unsent,
    nearScript: typeof near,
    engagedSince: number | false | undefined,
  ]
) => void;
