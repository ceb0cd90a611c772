/** ClickHouse's CSV made safe to open in a spreadsheet, as it streams by (OWASP, "CSV Injection"; csv.ts does the same). */

const [QUOTE, COMMA, NEWLINE, APOSTROPHE] = [0x22, 0x2c, 0x0a, 0x27];
/** = + - @, tab and carriage return: a spreadsheet runs a text that begins with one of them. */
const ARMED = new Set([0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d]);

/**
 * Puts an apostrophe before such texts. Texts are those in quotes, which ClickHouse puts around all of them; numbers
 * stay numbers. Chunks may be cut anywhere, also between a quote and what it opens.
 */
export async function* disarmCsv(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  let isInside = false;
  let isAtStart = true;
  let hasJustOpened = false;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    const safe: number[] = [];
    for (const byte of bytes) {
      if (hasJustOpened && ARMED.has(byte)) safe.push(APOSTROPHE);
      hasJustOpened = byte === QUOTE && !isInside && isAtStart;
      if (byte === QUOTE) isInside = !isInside;
      isAtStart = !isInside && (byte === COMMA || byte === NEWLINE);
      safe.push(byte);
    }
    yield Uint8Array.from(safe);
  }
}
