/** What a door says, written straight to Node's response. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Receipt } from './protocol.ts';
import { RefusalError, toRefusal } from './refusal.ts';

// Any page may send events and read the receipt: the door holds no secret and knows no cookie.
const ANY_ORIGIN = '*';
export const JSON_HEADERS = {
  'content-type': 'application/json',
  'access-control-allow-origin': ANY_ORIGIN,
  'cache-control': 'no-store',
};
const RETRY_AFTER_SECONDS = 5;
// What a refused sender may still push into a connection that is about to close.
const DRAIN_BYTES = 1024 * 1024;
const DRAIN_MS = 2_000;

export function answerReceipt(response: ServerResponse, receipt: Receipt): void {
  writeJson(response, 202, JSON.stringify(receipt));
}

/** As Segment's API says it, with our receipt besides. */
export function answerSuccess(response: ServerResponse, receipt: Receipt): void {
  writeJson(response, 200, JSON.stringify({ success: true, ...receipt }));
}

/** Our own snippet never asks; a page that sends JSON as JSON does, and its browser then asks no more for a day. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-origin': ANY_ORIGIN,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'content-type, authorization, x-retry-count',
    'access-control-max-age': '86400',
  });
  response.end();
}

/** Every refusal is a sentence in JSON. */
export function answerError(
  incoming: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  log: (message: string, error: unknown) => void,
): void {
  if (response.headersSent || response.destroyed) return;
  const refusal = toRefusalError(error, log);
  const retryAfter = refusal.detail.retryAfterSeconds;
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  if (!incoming.complete) closeAfterwards(incoming, response);
  writeJson(response, refusal.status, JSON.stringify(toRefusal(refusal)));
}

/** The refusal that an error means. What is none tells the client nothing and the log everything. */
export function toRefusalError(error: unknown, log: (message: string, error: unknown) => void): RefusalError {
  if (error instanceof RefusalError) return error;
  if (isSpoolError(error)) {
    const retryAfterSeconds = error.retryAfterSeconds ?? RETRY_AFTER_SECONDS;
    return new RefusalError(
      503,
      'unavailable',
      'The collector cannot store events right now; send them again later',
      {
        retryAfterSeconds,
      },
    );
  }
  log('A door failed', error);
  return new RefusalError(500, 'internal', 'Something went wrong here; the log says what');
}

/** SpoolFull, SpoolUnavailable: errors that bear the status they mean. */
function isSpoolError(error: unknown): error is Error & { status: 503; retryAfterSeconds?: number } {
  return error instanceof Error && 'status' in error && error.status === 503;
}

/** Node would otherwise read a refused body to its end, however long it is. */
function closeAfterwards(incoming: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  let drained = 0;
  const end = () => incoming.socket.destroy();
  const timer = setTimeout(end, DRAIN_MS);
  timer.unref();
  incoming.socket.once('close', () => clearTimeout(timer));
  incoming.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > DRAIN_BYTES) end();
  });
  incoming.resume();
}

export function writeJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { ...JSON_HEADERS, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
