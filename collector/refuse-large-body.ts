/** What goes to no door for events is a form or a question: small, and its length is known. */
import type { IncomingMessage } from 'node:http';
import { RefusalError } from './refusal.ts';

const MAX_BYTES = 1024 * 1024;

/** A body without a length (in chunks) could go on for ever, and not everybody behind here counts. */
export function refuseLargeBody({ headers }: IncomingMessage): RefusalError | undefined {
  if (headers['transfer-encoding'] !== undefined) {
    const expected = 'a "content-length"';
    const found = 'a body in chunks';
    return new RefusalError(411, 'no_length', `Expected ${expected}, got ${found}`, { expected, found });
  }
  const bytes = Number(headers['content-length'] ?? 0);
  if (bytes <= MAX_BYTES) return undefined;
  const expected = `at most ${MAX_BYTES} bytes`;
  const found = `${bytes} bytes`;
  return new RefusalError(413, 'too_large', `Expected a body of ${expected}, got ${found}`, {
    expected,
    found,
  });
}
