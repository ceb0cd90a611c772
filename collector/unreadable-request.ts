/** What a client is told whose bytes are no whole HTTP request: there is no request to answer, only a socket. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { hangUp } from './hang-up.ts';
import type { Refusal } from './protocol.ts';

type Told = { status: string } & Pick<Required<Refusal['error']>, 'code' | 'message' | 'expected' | 'found'>;

/** The latest request on a connection whose headers Node has read. */
export type LatestRequest = {
  incoming: IncomingMessage;
  response: ServerResponse;
  /** What followed it was no HTTP: after its answer the connection closes. */
  isLast: boolean;
};

export const TOO_SLOW: Told = {
  status: '408 Request Timeout',
  code: 'too_slow',
  message: 'Expected the whole request in time, got a part of it: send it again',
  expected: 'the whole request in time',
  found: 'a part of it',
};

/** What Node's parser gives up on, by its error codes; anything else is no HTTP. */
const TOLD: Record<string, Told> = {
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'headers_too_large',
    message: 'Expected headers of at most 16384 bytes altogether, got more',
    expected: 'at most 16384 bytes',
    found: 'more',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Payload Too Large',
    code: 'too_large',
    message: 'Expected chunks without long extensions, got more than 16384 bytes of them',
    expected: 'chunks without long extensions',
    found: 'more than 16384 bytes of them',
  },
};

/** For `CONNECT`. */
export const NO_TUNNELS: Told = {
  status: '405 Method Not Allowed',
  code: 'method',
  message: 'Expected a request to this server, got CONNECT: it is no proxy',
  expected: 'a request to this server',
  found: 'CONNECT',
};

/** For Node's `clientError`. */
export function refuseUnreadable(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  last: LatestRequest | undefined,
): void {
  // Has been told already and goes on sending, or is gone.
  if (!socket.writable) return;
  const isUnanswered = last !== undefined && !last.response.writableFinished;
  if (isUnanswered && last.incoming.complete) {
    // What follows a whole request is none: that one is answered all the same.
    if (!last.isLast) last.response.once('finish', () => hangUp(socket));
    last.isLast = true;
  } else if (isUnanswered && last.response.headersSent) {
    // Another answer would be taken for a part of the one on its way.
    socket.destroy();
  } else {
    tell(socket, TOLD[error.code ?? ''] ?? notHttp(error));
  }
}

function notHttp(error: NodeJS.ErrnoException): Told {
  const found = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  const message = `Expected an HTTP/1.1 request, got something else (${found})`;
  return { status: '400 Bad Request', code: 'not_http', message, expected: 'an HTTP/1.1 request', found };
}

/** Answers on the bare socket and hangs up. */
export function tell(socket: Duplex, { status, ...error }: Told): void {
  const body = JSON.stringify({ error } satisfies Refusal);
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'access-control-allow-origin: *',
    'connection: close',
  ];
  hangUp(socket, `${head.join('\r\n')}\r\n\r\n${body}`);
}
