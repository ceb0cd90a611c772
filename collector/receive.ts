/** Takes one request body from the socket, byte by byte counted. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { describe, RefusalError } from './refusal.ts';

const gunzipBytes = promisify(gunzip);

const NOTHING: Buffer = Buffer.alloc(0);
const CONTENT_TYPES = ['text/plain', 'application/json'];

/** The whole body as bytes, at most `maxBytes`. Rejects with RefusalError (408, 413, 415), never buffers more. */
export function receive(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = incoming.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return collect(incoming, maxBytes);
  const found = describe(encoding);
  const message = `Expected a body without "content-encoding", got ${found}`;
  return Promise.reject(
    new RefusalError(415, 'unsupported_encoding', message, { expected: 'identity', found }),
  );
}

/** Like `receive`, for doors that take gzip too: packed and unpacked, the body has at most `maxBytes`. */
export async function receiveGzip(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (incoming.headers['content-encoding'] !== 'gzip') return receive(incoming, maxBytes);
  const packed = await collect(incoming, maxBytes);
  try {
    return await gunzipBytes(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes, 'more, once unpacked');
    const expected = 'gzip, as "content-encoding" says';
    throw new RefusalError(400, 'malformed', `Expected the body to be ${expected}, got something else`, {
      expected,
      found: 'something else',
    });
  }
}

function collect(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refusal = refuseByHeaders(incoming.headers, maxBytes);
    if (refusal !== undefined) {
      reject(refusal);
      return;
    }
    let body = NOTHING;
    let bytes = 0;
    const take = (chunk: Buffer) => {
      // Nearly always there is one chunk. A chunked body names no length, and a named one may lie.
      if (bytes + chunk.length > maxBytes) {
        incoming.off('data', take);
        reject(tooLarge(maxBytes, 'more'));
      } else {
        body = bytes === 0 ? chunk : append(body, bytes, chunk, maxBytes);
        bytes += chunk.length;
      }
    };
    incoming.on('data', take);
    incoming.on('end', () => resolve(bytes === body.length ? body : body.subarray(0, bytes)));
    // No listener for 'error': without one Node does not raise it, and 'close' tells the same.
    incoming.on('close', () => {
      if (!incoming.complete)
        reject(new RefusalError(408, 'incomplete', 'The body ended before its announced length'));
    });
  });
}

/** Into one buffer that doubles: kept one by one, chunks of one byte would take 170 bytes each. */
function append(body: Buffer, bytes: number, chunk: Buffer, maxBytes: number): Buffer {
  const needed = bytes + chunk.length;
  const whole =
    needed <= body.length ? body : Buffer.allocUnsafe(Math.min(maxBytes, Math.max(2 * body.length, needed)));
  if (whole !== body) body.copy(whole, 0, 0, bytes);
  chunk.copy(whole, bytes);
  return whole;
}

/** What headers say of a body that is not taken, however it goes on. */
export function refuseByHeaders(
  headers: Pick<IncomingHttpHeaders, 'content-type' | 'content-length'>,
  maxBytes: number,
): RefusalError | undefined {
  const type = headers['content-type'];
  if (type !== undefined && type !== 'text/plain;charset=UTF-8' && !isAccepted(type)) {
    const expected = CONTENT_TYPES.join(' or ');
    const found = describe(type);
    const message = `Expected "content-type" to be ${expected}, got ${found}`;
    return new RefusalError(415, 'unsupported_type', message, { expected, found });
  }
  const bytes = Number(headers['content-length']);
  return bytes > maxBytes ? tooLarge(maxBytes, `${bytes} bytes`) : undefined;
}

function isAccepted(type: string): boolean {
  return CONTENT_TYPES.includes((type.split(';', 1)[0] ?? '').trim().toLowerCase());
}

function tooLarge(maxBytes: number, found: string): RefusalError {
  const expected = `at most ${maxBytes} bytes`;
  const message = `Expected a body of ${expected}, got ${found}; send fewer events at a time`;
  return new RefusalError(413, 'too_large', message, { expected, found });
}
