import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const ATTEMPTS = 100;
const PAUSE_MS = 100;

/**
 * Removes the data directory of a server, an engine or a browser that has ended. Where the parent was killed, the
 * engine ends by itself a little later, and may write a last file while its directory goes. (`maxRetries` of `rm` is of no
 * use there: it tries to remove the directory again, but not what came into it meanwhile.)
 */
export async function removeDirectory(directory: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(directory, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await pause(PAUSE_MS);
    }
  }
}
