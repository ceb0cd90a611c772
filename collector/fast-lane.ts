/**
 * Connections on which whole requests arrive one after the other, as a proxy passes on the snippet's: they are answered
 * on the bare socket. At the first bytes that are anything else a connection becomes Node's server's, for good.
 */
import type { Socket } from 'node:net';
import type { Stage } from './least-wanted.ts';
import type { ServerLimits } from './limited-server.ts';
import { TOO_SLOW, tell } from './unreadable-request.ts';
import { readWholeRequest, type WholeRequest } from './whole-request.ts';

/** Answers the requests of one line, like `POST /events HTTP/1.1`. */
export type WholeDoor = {
  requestLine: string;
  /** Never rejects. */
  answer: (request: WholeRequest, socket: Socket) => Promise<WholeAnswer>;
};

/** `head`: status line and header lines, each with its line break; those of length, date and connection are added. */
export type WholeAnswer = { head: string; body: string };

export type FastLaneOptions = {
  /** Undefined while there is none: then all requests are Node's. */
  door: () => WholeDoor | undefined;
  limits: ServerLimits;
  /** Whether each answer is to be the last on its connection. */
  isClosing: () => boolean;
  /** Takes over a connection whose latest bytes were put back. */
  leave: (socket: Socket) => void;
};

export interface FastLane {
  /** Takes a new connection, and tells how far it is while it stays here. */
  enter(socket: Socket): () => Stage;
  /** Ends the connections that wait for a request. */
  closeIdle(): void;
  closeAll(): void;
  /** Ends what has waited for too long. */
  sweep(): void;
}

type Rider = { socket: Socket; stage(): Stage; closeIfLate(now: number): void };

export function createFastLane(options: FastLaneOptions): FastLane {
  const riders = new Set<Rider>();
  const seconds = Math.floor(options.limits.idleMs / 1_000);
  const keepAlive = `connection: keep-alive\r\nkeep-alive: timeout=${seconds}\r\n`;
  return {
    enter(socket) {
      const rider = ride(socket, options, keepAlive, () => riders.delete(rider));
      riders.add(rider);
      return rider.stage;
    },
    closeIdle() {
      for (const rider of riders) if (rider.stage() !== 'answering') rider.socket.destroy();
    },
    closeAll() {
      for (const { socket } of riders) socket.destroy();
    },
    sweep() {
      const now = performance.now();
      for (const rider of riders) rider.closeIfLate(now);
    },
  };
}

function ride(socket: Socket, options: FastLaneOptions, keepAlive: string, onLeft: () => void): Rider {
  const { limits, isClosing, leave } = options;
  let isNew = true;
  let isAnswering = false;
  let since = performance.now();
  /** What came while a request was being answered. */
  let early: Buffer | undefined;
  let hasEnded = false;

  function onData(bytes: Buffer): void {
    if (isAnswering) {
      early = bytes;
      socket.pause();
      return;
    }
    // Who does not take the answers is not given more of them here.
    const door = socket.writableLength === 0 ? options.door() : undefined;
    const request = door && readWholeRequest(bytes, door.requestLine);
    if (door === undefined || request === undefined) handOver(bytes);
    else {
      isNew = false;
      isAnswering = true;
      since = performance.now();
      door.answer(request, socket).then(answer);
    }
  }

  function answer({ head, body }: WholeAnswer): void {
    isAnswering = false;
    since = performance.now();
    if (socket.destroyed) return;
    const isLast = hasEnded || (isClosing() && early === undefined);
    const { text, encoding } = toMessage(head, body, isLast ? CLOSE : keepAlive);
    socket.write(text, encoding);
    if (isLast) socket.end();
    else if (early !== undefined) handOver(early);
  }

  function onEnd(): void {
    hasEnded = true;
    if (!isAnswering) socket.end();
  }

  function handOver(bytes: Buffer): void {
    socket.off('data', onData).off('end', onEnd).off('error', ignore).off('close', onLeft);
    onLeft();
    socket.unshift(bytes);
    leave(socket);
    if (early !== undefined) socket.resume();
  }

  socket.on('data', onData).on('end', onEnd).on('close', onLeft);
  // 'close' follows, and there is nobody to tell.
  socket.on('error', ignore);

  function stage(): Stage {
    if (isNew) return 'new';
    if (isAnswering) return 'answering';
    return socket.writableLength > 0 ? 'unfinished' : 'idle';
  }

  return {
    socket,
    stage,
    closeIfLate(now) {
      const waited = now - since;
      if (isNew && waited >= limits.headersMs) tell(socket, TOO_SLOW);
      else if (waited >= (isAnswering ? limits.silentMs : limits.idleMs)) socket.destroy();
    },
  };
}

function ignore(): void {}

const CLOSE = 'connection: close\r\n';

type Message = { text: string; encoding: 'latin1' | 'utf8' };

/** The latest message: most that are written within a second are the same. */
const latest = {
  second: 0,
  head: '',
  body: '',
  connection: '',
  message: { text: '', encoding: 'utf8' } as Message,
};

function toMessage(head: string, body: string, connection: string): Message {
  const now = Date.now();
  const second = Math.floor(now / 1_000);
  if (
    second !== latest.second ||
    head !== latest.head ||
    body !== latest.body ||
    connection !== latest.connection
  ) {
    const bytes = Buffer.byteLength(body);
    const lines = `content-length: ${bytes}\r\ndate: ${new Date(now).toUTCString()}\r\n${connection}`;
    // Latin-1 is written at less cost, and of ASCII the bytes are the same.
    const encoding = bytes === body.length ? 'latin1' : 'utf8';
    const message: Message = { text: `${head}${lines}\r\n${body}`, encoding };
    Object.assign(latest, { second, head, body, connection, message });
  }
  return latest.message;
}
