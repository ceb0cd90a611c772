/** Bodies that are too long to be held: written as they are made, and never silently short. */
import type { HttpBindings } from '@hono/node-server';
import type { Context, Env } from 'hono';

const BYTES_AT_ONCE = 64 * 1024;

/**
 * An answer of these pieces. If they throw, the connection is reset before its end, so that nobody takes what came for
 * whole; if the reader goes, they are ended.
 */
export function streamed<Any extends Env>(
  c: Context<Any>,
  pieces: AsyncIterable<string | Uint8Array>,
): Response {
  return c.body(bodyOf(pieces, () => resetConnection(c)));
}

/**
 * An error in the stream alone would do where the reader is quick: while one is waited for, the adaptor ends the body
 * with a chunk that says "Error", and some clients take a connection that was merely closed for the end of a body.
 */
function resetConnection<Any extends Env>(c: Context<Any>): void {
  // Absent where the app is called without a port.
  const { outgoing }: Partial<HttpBindings> = { ...c.env };
  const socket = outgoing?.socket;
  if (socket?.remoteAddress === undefined) outgoing?.destroy();
  else socket.resetAndDestroy();
}

function bodyOf(pieces: AsyncIterable<string | Uint8Array>, onError: () => void): ReadableStream<Uint8Array> {
  const iterator = coalesced(pieces)[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        onError();
        throw error;
      }
    },
    async cancel() {
      await iterator.return(undefined);
    },
  });
}

/** Rows are short: each by itself would cost more to hand on than to make. */
async function* coalesced(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for await (const piece of pieces) {
    if (typeof piece !== 'string') {
      yield piece;
      continue;
    }
    text += piece;
    if (text.length < BYTES_AT_ONCE) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}
