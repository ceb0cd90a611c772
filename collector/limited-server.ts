/** The HTTP server with its bounds: how many connections, how long each may take, and what is said beyond them. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerError } from './answer.ts';
import { createFastLane, type FastLane, type WholeDoor } from './fast-lane.ts';
import { leastWanted, type Stage } from './least-wanted.ts';
import { describe, RefusalError } from './refusal.ts';
import { SERVER_LIMITS } from './server-limits.ts';
import { type LatestRequest, NO_TUNNELS, refuseUnreadable, tell } from './unreadable-request.ts';

/** Requests that arrive whole and plain go to `door`, where there is one, all others to `listener`. */
export function createLimitedServer(
  listener: RequestListener,
  limits = SERVER_LIMITS,
  door: () => WholeDoor | undefined = () => undefined,
): Server {
  const open = new Map<Duplex, () => Stage>();
  const latest = new WeakMap<Duplex, LatestRequest>();
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
      latest.set(incoming.socket, { incoming, response, isLast: false });
      const isHostless = incoming.headers.host === undefined && incoming.httpVersion !== '1.0';
      if (isHostless) refuse(incoming, response, refuseHostless());
      else listener(incoming, response);
    },
  );
  server.timeout = limits.silentMs;
  const stageInNode = (socket: Socket) => () => stageOf(latest.get(socket));
  // Node's own, which reads the requests of a connection.
  const readers = server.listeners('connection');
  server.removeAllListeners('connection');
  const read = (socket: Socket) => {
    open.set(socket, stageInNode(socket));
    for (const reader of readers) reader.call(server, socket);
  };
  const lane = createFastLane({ door, limits, isClosing: () => !server.listening, leave: read });
  server.on('connection', (socket) => {
    open.set(socket, lane.enter(socket));
    socket.once('close', () => open.delete(socket));
    if (open.size > limits.connections) leastWanted(open, socket).destroy();
  });
  tend(lane, server, limits.checkEveryMs);
  server.on('checkExpectation', (incoming, response) =>
    refuse(incoming, response, refuseExpectation(incoming)),
  );
  server.on('clientError', (error, socket) => refuseUnreadable(error, socket, latest.get(socket)));
  server.on('connect', (_, socket) => tell(socket, NO_TUNNELS));
  return server;
}

function stageOf(last: LatestRequest | undefined): Stage {
  if (last === undefined) return 'new';
  if (last.response.writableFinished) return 'idle';
  return !last.incoming.complete || last.response.writableEnded ? 'unfinished' : 'answering';
}

/** What Node does for its connections, whoever ends the server's, is done for those in the lane. */
function tend(lane: FastLane, server: Server, everyMs: number): void {
  const sweeping = setInterval(lane.sweep, everyMs);
  sweeping.unref();
  server.once('close', () => clearInterval(sweeping));
  const closeIdle = server.closeIdleConnections.bind(server);
  const closeAll = server.closeAllConnections.bind(server);
  server.closeIdleConnections = () => {
    lane.closeIdle();
    closeIdle();
  };
  server.closeAllConnections = () => {
    lane.closeAll();
    closeAll();
  };
}

/** https://www.rfc-editor.org/rfc/rfc9112#section-3.2 asks for 400. */
function refuseHostless(): RefusalError {
  const expected = 'a "host" header';
  return new RefusalError(400, 'no_host', `Expected ${expected}, got none`, { expected, found: 'none' });
}

function refuseExpectation({ headers }: IncomingMessage): RefusalError {
  const expected = '"expect" to be 100-continue or absent';
  const found = describe(headers.expect);
  return new RefusalError(417, 'expectation', `Expected ${expected}, got ${found}`, { expected, found });
}

function refuse(incoming: IncomingMessage, response: ServerResponse, refusal: RefusalError): void {
  answerError(incoming, response, refusal, () => undefined);
}
