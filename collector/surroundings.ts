import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Welcome } from './welcome.ts';

/** What Footfall needs from the world; main.ts passes the real one. */
export type Surroundings = {
  config: Config;
  version: string;
  /** Where scripts/build.mjs put the snippet and the web app. */
  built: string;
  now: () => number;
  log: Log;
  residentBytes: () => number;
  cpuSeconds: () => number;
  /** Told once everything works: before the start resolves, or when a database that was away is back. */
  onReady: (welcome: Welcome) => void;
};
