import { rmSync } from 'node:fs';

/**
 * Removes the data directory of a server, an engine or a browser that has ended. Where the parent was killed, the
 * engine ends by itself some tenths of a second later, and may write a last file while its directory goes.
 */
export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 30, retryDelay: 20 });
}
