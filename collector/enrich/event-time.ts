/**
 * When an event happened, by a clock that may run wrong. Transit time is never folded in: that would reorder the events
 * of one device and break ordered funnels.
 */

const TOLERATED_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

export type EventTime = { time: number; isCorrected: boolean };

/** What to add to a sender's times: 0, or whole minutes if its clock is off by five or more. */
export function clockCorrection(sentAt: number, receivedAt: number): number {
  const difference = receivedAt - sentAt;
  return Math.abs(difference) < TOLERATED_MS ? 0 : Math.round(difference / MINUTE_MS) * MINUTE_MS;
}

/** Milliseconds since the epoch. What names the future is taken to have happened when it was received. */
export function toEventTime(at: number, correctionMs: number, receivedAt: number): EventTime {
  const corrected = Math.floor(at) + correctionMs;
  // A clock trusted as it is may run ahead by what is tolerated; a corrected one may not run ahead at all.
  const latest = correctionMs === 0 ? receivedAt + TOLERATED_MS : receivedAt;
  if (corrected > latest) return { time: receivedAt, isCorrected: true };
  return { time: corrected, isCorrected: correctionMs !== 0 };
}
