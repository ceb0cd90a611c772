/** Loaded right after the first page view: what the tag gathers until then (acts, failed batches) waits in its lists. */
import { watchActs } from './acts.ts';
import type { Start } from './lazy.ts';
import { keepUnsent } from './unsent.ts';

export const start: Start = (record, _, cleanUrl, settings, identity, leaving, deliver, unsent, acts) => {
  watchActs(record, cleanUrl, settings, acts);
  keepUnsent(identity, leaving, deliver, unsent);
};
