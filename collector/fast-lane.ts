/**
 * Connections on which whole requests arrive one after the other, as a proxy passes on the snippet's: they are answered
 * on the bare socket. At the first bytes that are anything else a connection becomes Node's server's, for good.
 */
import type { Socket } from 'node:net';
import { hangUp } from './hang-up.ts';
import { createToMessage, type ToMessage, type WholeAnswer } from './lane-message.ts';
import type { Stage } from './least-wanted.ts';
import type { ServerLimits } from './server-limits.ts';
import { TOO_SLOW, tell } from './unreadable-request.ts';
import { readWholeRequest, type WholeRequest } from './whole-request.ts';

/** Answers the requests of one line, like `POST /events HTTP/1.1`. */
export type WholeDoor = {
  requestLine: string;
  /** Never rejects. */
  answer: (request: WholeRequest, socket: Socket) => Promise<WholeAnswer>;
};

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
  const toMessage = createToMessage(options.limits.idleMs);
  return {
    enter(socket) {
      const rider = ride(socket, options, toMessage, () => riders.delete(rider));
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

function ride(socket: Socket, options: FastLaneOptions, toMessage: ToMessage, onLeft: () => void): Rider {
  const { limits, isClosing, leave } = options;
  let isNew = true;
  let isAnswering = false;
  let since = performance.now();
  /** More came while a request was being answered. */
  let hasMore = false;
  let hasEnded = false;

  function onData(bytes: Buffer): void {
    // After our last words nothing is taken: it could not be answered.
    if (!socket.writable) return;
    if (isAnswering) {
      hasMore = true;
      socket.pause();
      // At once: 'end' waits for what lies before it.
      socket.unshift(bytes);
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

  function answer(whole: WholeAnswer): void {
    isAnswering = false;
    since = performance.now();
    if (socket.destroyed) return;
    const isLast = !hasMore && (hasEnded || isClosing());
    const { text, encoding } = toMessage(whole, isLast);
    if (isLast) hangUp(socket, text);
    else socket.write(text, encoding);
    if (hasMore) handOver();
  }

  function onEnd(): void {
    hasEnded = true;
    if (!isAnswering) socket.end();
  }

  function handOver(unread?: Buffer): void {
    socket.off('data', onData).off('end', onEnd).off('error', ignore).off('close', onLeft);
    onLeft();
    if (unread !== undefined) socket.unshift(unread);
    leave(socket);
    if (hasMore) socket.resume();
  }

  socket.on('data', onData).on('end', onEnd).on('close', onLeft);
  // 'close' follows, and there is nobody to tell.
  socket.on('error', ignore);

  return {
    socket,
    stage() {
      if (isNew) return 'new';
      if (isAnswering) return 'answering';
      return socket.writableLength > 0 ? 'unfinished' : 'idle';
    },
    closeIfLate(now) {
      const waited = now - since;
      if (isNew && waited >= limits.headersMs) tell(socket, TOO_SLOW);
      else if (waited >= (isAnswering ? limits.silentMs : limits.idleMs)) socket.destroy();
    },
  };
}

function ignore(): void {}
