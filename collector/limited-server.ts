/** The HTTP server with its bounds: how many connections, how long each may take, and what is said beyond them. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { leastWanted, type OpenConnection } from './least-wanted.ts';
import type { Refusal } from './protocol.ts';

export type ServerLimits = {
  /** Over this, the connection that is least wanted goes; one whose request is being answered stays. */
  connections: number;
  headerBytes: number;
  /** For the request line and the headers. */
  headersMs: number;
  /** For the whole request, body included. */
  requestMs: number;
  /** Between two requests. Longer than proxies keep theirs (60 s), or they would send into a closed one. */
  idleMs: number;
  /** Without a byte in either direction, as of a client that does not take its answer. */
  silentMs: number;
  /** How late a time-out may come. */
  checkEveryMs: number;
};

export const SERVER_LIMITS: ServerLimits = {
  connections: 4_000,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 65_000,
  silentMs: 150_000,
  checkEveryMs: 1_000,
};

// What a client may still push before its connection is cut, so that it gets to read why.
const LINGER_MS = 1_000;

export function createLimitedServer(listener: RequestListener, limits = SERVER_LIMITS): Server {
  const open = new Map<Duplex, OpenConnection>();
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      // Node would refuse without a sentence; see below.
      requireHostHeader: false,
    },
    (incoming, response) => {
      open.set(incoming.socket, { incoming, response });
      if (incoming.headers.host === undefined && incoming.httpVersion !== '1.0') refuseHostless(response);
      else listener(incoming, response);
    },
  );
  server.timeout = limits.silentMs;
  server.on('connection', (socket) => {
    open.set(socket, undefined);
    socket.once('close', () => open.delete(socket));
    if (open.size > limits.connections) leastWanted(open, socket).destroy();
  });
  server.on('checkExpectation', (incoming, response) => refuseExpectation(incoming, response));
  server.on('clientError', (error, socket) => refuseUnreadable(error, socket, open.get(socket)));
  server.on('connect', (_, socket) => tell(socket, '405 Method Not Allowed', NO_TUNNELS));
  return server;
}

type Sentence = Refusal['error'];

const NO_TUNNELS: Sentence = {
  code: 'method',
  message: 'Expected a request to this server, got CONNECT: it is no proxy',
  expected: 'a request to this server',
  found: 'CONNECT',
};

/** https://www.rfc-editor.org/rfc/rfc9112#section-3.2 asks for 400. */
function refuseHostless(response: ServerResponse): void {
  const message = 'Expected a "host" header, got none';
  const error: Sentence = { code: 'no_host', message, field: 'host', expected: 'a host', found: 'nothing' };
  response.writeHead(400, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error }));
}

function refuseExpectation({ headers }: IncomingMessage, response: ServerResponse): void {
  const found = (headers.expect ?? '').slice(0, 60);
  const message = `Expected "expect" to be 100-continue or absent, got ${JSON.stringify(found)}`;
  const error: Sentence = { code: 'expectation', message, field: 'expect', expected: '100-continue', found };
  response.writeHead(417, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error }));
}

/** What Node's parser gives up on, by its error codes; anything else is no HTTP. */
const UNREADABLE: Record<string, readonly [status: string, sentence: Sentence]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    {
      code: 'too_slow',
      message: 'Expected the whole request in time, got a part of it: send it again',
      expected: 'the whole request in time',
      found: 'a part of it',
    },
  ],
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    {
      code: 'headers_too_large',
      message: 'Expected headers of at most 16384 bytes altogether, got more',
      expected: 'at most 16384 bytes',
      found: 'more',
    },
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    '413 Payload Too Large',
    {
      code: 'too_large',
      message: 'Expected chunks without long extensions, got more than 16384 bytes of them',
      expected: 'chunks without long extensions',
      found: 'more than 16384 bytes of them',
    },
  ],
};

function refuseUnreadable(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  last: OpenConnection | undefined,
): void {
  // Has been told already and is still sending, or is gone.
  if (!socket.writable) return;
  // The request before is still being answered, or has been in part: another answer would be taken for its.
  const isBetween = last === undefined || last.response.writableFinished;
  const isAnswered = !isBetween && (last.incoming.complete || last.response.headersSent);
  if (isAnswered || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  const [status, sentence] = UNREADABLE[error.code ?? ''] ?? [
    '400 Bad Request',
    {
      code: 'not_http',
      message: `Expected an HTTP/1.1 request, got something else (${reason})`,
      expected: 'an HTTP/1.1 request',
      found: reason,
    },
  ];
  tell(socket, status, sentence);
}

/** Answers on the bare socket and hangs up, after the client had a moment to read it. */
function tell(socket: Duplex, status: string, error: Sentence): void {
  const body = JSON.stringify({ error } satisfies Refusal);
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\naccess-control-allow-origin: *\r\nconnection: close\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
