import { RefusalError } from './refusal.ts';

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A body's bytes as a JSON value whose texts are all well-formed Unicode: a truncated emoji arrives as half a
 * surrogate pair, which neither UTF-8 nor ClickHouse can hold. Throws RefusalError 400.
 */
export function parseJson(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    // Halves can only come in as \uD… escapes: decoding UTF-8 has already replaced any other.
    const mayHaveHalves = text.includes('\\ud') || text.includes('\\uD');
    const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    return JSON.parse(start === 0 ? text : text.slice(start), mayHaveHalves ? mendText : undefined);
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'it is not JSON' : 'it is nested too deeply';
    const found = body.length === 0 ? 'an empty body' : `${body.length} bytes`;
    throw new RefusalError(400, 'malformed', `Expected the body to be a JSON object, but ${reason}`, {
      expected: 'a JSON object',
      found,
    });
  }
}

function mendText(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return mend(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  return entries.some(([name]) => mend(name) !== name)
    ? Object.fromEntries(entries.map(([name, inner]) => [mend(name), inner]))
    : value;
}

function mend(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd');
}
