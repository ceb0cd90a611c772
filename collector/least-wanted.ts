/** Which connection goes when there are too many. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The latest request on a connection; undefined before the first one's headers are complete. */
export type OpenConnection =
  | {
      incoming: IncomingMessage;
      response: ServerResponse;
      /** What followed it was no HTTP: after its answer the connection closes. */
      isLast: boolean;
    }
  | undefined;

/**
 * The oldest that has sent no request yet; else the oldest that stopped within one, or does not take its answer; else
 * the oldest between two requests; else `newest`, for all others are being answered.
 */
export function leastWanted(open: ReadonlyMap<Duplex, OpenConnection>, newest: Duplex): Duplex {
  let unfinished: Duplex | undefined;
  let idle: Duplex | undefined;
  for (const [socket, last] of open) {
    if (socket === newest) continue;
    if (last === undefined) return socket;
    if (last.response.writableFinished) idle ??= socket;
    else if (!last.incoming.complete || last.response.writableEnded) unfinished ??= socket;
  }
  return unfinished ?? idle ?? newest;
}
