/** Which connection goes when there are too many. */
import type { Duplex } from 'node:stream';

/**
 * How far a connection is: no request came yet; one stopped within, or its answer is not taken; one is being answered;
 * between two.
 */
export type Stage = 'new' | 'unfinished' | 'answering' | 'idle';

/**
 * The oldest that has sent no request yet; else the oldest that stopped within one, or does not take its answer; else
 * the oldest between two requests; else `newest`, for all others are being answered.
 */
export function leastWanted(open: ReadonlyMap<Duplex, () => Stage>, newest: Duplex): Duplex {
  let unfinished: Duplex | undefined;
  let idle: Duplex | undefined;
  for (const [socket, stageOf] of open) {
    if (socket === newest) continue;
    const stage = stageOf();
    if (stage === 'new') return socket;
    if (stage === 'idle') idle ??= socket;
    else if (stage === 'unfinished') unfinished ??= socket;
  }
  return unfinished ?? idle ?? newest;
}
