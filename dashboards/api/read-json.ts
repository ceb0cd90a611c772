/** The body of a request as JSON, bounded, or the refusal to answer with. */
import type { Context } from 'hono';
import { refuse } from './refusal.ts';

const MOST_BYTES = 256 * 1024;

export async function readJson(c: Context): Promise<{ value: unknown } | { refused: Response }> {
  const announced = Number(c.req.header('content-length') ?? 0);
  if (announced > MOST_BYTES) return { refused: tooLarge(c) };
  const text = await c.req.text();
  if (text.length > MOST_BYTES) return { refused: tooLarge(c) };
  try {
    return { value: JSON.parse(text === '' ? '{}' : text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { refused: refuse(c, 400, { code: 'invalid_json', message: `The body is not JSON: ${reason}` }) };
  }
}

function tooLarge(c: Context): Response {
  return refuse(c, 413, { code: 'too_large', message: `Expected a body of at most ${MOST_BYTES} bytes` });
}
