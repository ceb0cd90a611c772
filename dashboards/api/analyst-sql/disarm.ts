/** ClickHouse's CSV made safe to open in a spreadsheet, as it streams by (OWASP, "CSV Injection"; csv.ts does the same). */

const [QUOTE, COMMA, NEWLINE, APOSTROPHE] = [0x22, 0x2c, 0x0a, 0x27];
/** = + - @, tab and carriage return: a spreadsheet runs a text that begins with one of them. */
const ARMED = new Set([0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d]);

/**
 * Puts an apostrophe before such texts. Texts are those in quotes, which ClickHouse puts around all of them; numbers
 * stay numbers. Chunks may be cut anywhere, also between a quote and what it opens.
 */
export async function* disarmCsv(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  const armedPlaces = createReader();
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    let from = 0;
    for (const place of armedPlaces(bytes)) {
      if (place > from) yield bytes.subarray(from, place);
      yield SAFE;
      from = place;
    }
    if (from < bytes.length) yield bytes.subarray(from);
  }
}

const SAFE = Uint8Array.of(APOSTROPHE);

/** Tells of each chunk where texts begin that a spreadsheet would run. */
function createReader(): (bytes: Uint8Array) => number[] {
  let isInside = false;
  let isAtStart = true;
  let hasJustOpened = false;
  return (bytes) => {
    const armed: number[] = [];
    for (let place = 0; place < bytes.length; place += 1) {
      const byte = bytes[place] ?? 0;
      if (hasJustOpened && ARMED.has(byte)) armed.push(place);
      hasJustOpened = byte === QUOTE && !isInside && isAtStart;
      if (byte === QUOTE) isInside = !isInside;
      isAtStart = !isInside && (byte === COMMA || byte === NEWLINE);
    }
    return armed;
  };
}
