/** Footfall cannot start; the message is one sentence that tells the operator what to do. Nothing was damaged. */
export class StopError extends Error {
  override name = 'StopError';
}
