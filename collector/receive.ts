/**
 * Takes one request body from the socket, byte by byte counted.
 *
 * It reads Node's own stream: hono/body-limit forces web streams, which makes each request four times dearer.
 */
import type { IncomingMessage } from 'node:http';
import { RefusalError } from './refusal.ts';

const CONTENT_TYPES = ['text/plain', 'application/json'];

/** The whole body as bytes, at most `maxBytes`. Rejects with RefusalError (408, 413, 415), never buffers more. */
export function receive(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refusal = refuseByHeaders(incoming, maxBytes);
    if (refusal !== undefined) {
      reject(refusal);
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // A chunked body names no length, and a named one may lie.
      if (bytes > maxBytes) reject(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    incoming.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    // No listener for 'error': without one Node does not raise it, and 'close' tells the same.
    incoming.on('close', () => {
      if (!incoming.complete)
        reject(new RefusalError(408, 'incomplete', 'The body ended before its announced length'));
    });
  });
}

function refuseByHeaders({ headers }: IncomingMessage, maxBytes: number): RefusalError | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    const message = 'Expected a body without "content-encoding"';
    return new RefusalError(415, 'unsupported_encoding', message, { expected: 'identity' });
  }
  const type = headers['content-type'];
  if (type !== undefined && type !== 'text/plain;charset=UTF-8' && !isAccepted(type)) {
    const message = 'Expected "content-type" to be text/plain or application/json';
    return new RefusalError(415, 'unsupported_type', message, { expected: CONTENT_TYPES.join(' or ') });
  }
  return Number(headers['content-length']) > maxBytes ? tooLarge(maxBytes) : undefined;
}

function isAccepted(type: string): boolean {
  return CONTENT_TYPES.includes((type.split(';', 1)[0] ?? '').trim().toLowerCase());
}

function tooLarge(maxBytes: number): RefusalError {
  const message = `Expected a body of at most ${maxBytes} bytes; send fewer events at a time`;
  return new RefusalError(413, 'too_large', message, { expected: `at most ${maxBytes} bytes` });
}
