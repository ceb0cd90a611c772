import type { Duplex } from 'node:stream';

// For so long the client may read the last words, before its connection is cut.
const LINGER_MS = 1_000;

/** Ends a connection, whatever the client does then: cut at once, it might lose what it has not read yet. */
export function hangUp(socket: Duplex, lastWords = ''): void {
  if (!socket.writable) return;
  socket.end(lastWords);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
