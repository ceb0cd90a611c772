/**
 * An answer that the engine breaks off after it has said 200: it writes the reason behind the rows and drops the
 * connection. Whoever reads the rows is to see neither those words nor an answer that only looks whole.
 */
import { extractErrorAtTheEndOfChunk, parseError } from '@clickhouse/client';

/** The engine's words and what frames them: 16 KiB at most (`MAX_EXCEPTION_SIZE`), and some bytes. */
const LONGEST_REASON = 17 * 1024;

/**
 * The bytes of the answer without the reason, which is thrown as the client's ClickHouseError; where the connection just
 * ends, its own error is. `tag` is the header `x-clickhouse-exception-tag`; servers before 25.11 send none.
 */
export async function* withoutReason(
  chunks: AsyncIterable<Uint8Array>,
  tag: string | undefined,
): AsyncGenerator<Uint8Array> {
  // Chunks are held back until so many bytes have come behind them that none of theirs can be of a reason.
  let held: Uint8Array[] = [];
  let size = 0;
  let end: { error: unknown } | undefined;
  try {
    for await (const chunk of chunks) {
      held.push(chunk);
      size += chunk.length;
      for (let first = held[0]; first && size - first.length > LONGEST_REASON; first = held[0]) {
        yield first;
        held.shift();
        size -= first.length;
      }
    }
  } catch (error) {
    end = { error };
  }
  const rest = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
  held = [];
  const found = tag === undefined ? untaggedReason(rest) : taggedReason(rest, tag);
  if (found) {
    if (found.begins > 0) yield rest.subarray(0, found.begins);
    throw found.error;
  }
  if (rest.length > 0) yield rest;
  if (end) throw end.error;
}

type Found = { begins: number; error: Error };

/** The tag is the engine's secret for this answer: no stored text can look like it. */
function taggedReason(rest: Uint8Array, tag: string): Found | undefined {
  const begins = Buffer.from(rest).lastIndexOf(`__exception__\r\n${tag}\r\n`);
  if (begins < 0) return undefined;
  const hasLineBefore = rest[begins - 2] === 0x0d && rest[begins - 1] === 0x0a;
  return {
    begins: hasLineBefore ? begins - 2 : begins,
    error: extractErrorAtTheEndOfChunk(Buffer.from(rest), tag),
  };
}

/** A stored text cannot end like this where texts stand in quotes. */
function untaggedReason(rest: Uint8Array): Found | undefined {
  const text = Buffer.from(rest).toString('latin1');
  const begins = text.lastIndexOf('Code: ');
  const reason = begins < 0 ? '' : text.slice(begins);
  if (!/^Code: \d+\. DB::Exception: .*\(version \d+\.[^)]*\)\)?\s*$/s.test(reason)) return undefined;
  return { begins, error: parseError(Buffer.from(reason, 'latin1').toString('utf8')) };
}
