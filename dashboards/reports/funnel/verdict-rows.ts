/** Reads what the machine tells of each person inside the engine (machine/verdicts.ts), as it arrives: lists of words (RowBinary). */
import type { Attempt } from './tally.ts';

/** Valid until the next is read. */
export type ToldVerdict = {
  attempt: Attempt;
  /** Per place or step, what its event bears: a code as text, '' for none. */
  codeAt: (step: number) => string;
};

type Readers = { onAttempt: (verdict: ToldVerdict) => void; onExcluded: () => void };

/** `base`: what times count from. Throws if the stream breaks off within a list. */
export async function readVerdicts(
  stream: AsyncIterable<Uint8Array | string>,
  steps: number,
  base: number,
  readers: Readers,
): Promise<void> {
  const read = createListReader(steps, base, readers);
  let rest: Uint8Array[] = [];
  let size = 0;
  let needed = 1;
  for await (const chunk of stream) {
    if (typeof chunk === 'string') throw new Error('Expected bytes from the engine, got text');
    rest.push(chunk);
    size += chunk.length;
    while (size >= needed) {
      const bytes: Uint8Array = rest.length === 1 && rest[0] ? rest[0] : Buffer.concat(rest, size);
      const list = listAt(bytes);
      needed = list?.end ?? size + 1;
      rest = [bytes];
      if (!list || list.end > size) break;
      read(new DataView(bytes.buffer, bytes.byteOffset + list.first, list.end - list.first));
      rest = [bytes.subarray(list.end)];
      size -= list.end;
      needed = 1;
    }
  }
  if (size > 0) throw new Error(`The engine's answer broke off: ${size} bytes of an unfinished list`);
}

/** Where the words of the first list begin and end; undefined as long as its length is not there. LEB128, as ClickHouse writes it. */
function listAt(bytes: Uint8Array): { first: number; end: number } | undefined {
  let length = 0;
  let factor = 1;
  for (const [index, byte] of bytes.subarray(0, 10).entries()) {
    length += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) return { first: index + 1, end: index + 1 + length * 8 };
  }
  return undefined;
}

const OPEN = 32;
const EXCLUDED = 64;

function createListReader(steps: number, base: number, { onAttempt, onExcluded }: Readers) {
  const attempt: Attempt = { furthest: 0, times: new Float64Array(steps), isOpen: false, revenue: [] };
  let list: DataView = new DataView(new ArrayBuffer(0));
  let place = 0;
  const verdict: ToldVerdict = {
    attempt,
    codeAt(step) {
      const at = place + 16 + step * 16;
      if (list.getUint32(at, true) === 0) return '';
      return String(list.getBigUint64(at, true));
    },
  };

  return (words: DataView): void => {
    list = words;
    for (place = 0; place < list.byteLength; ) {
      const head = list.getUint32(place, true);
      if ((head & EXCLUDED) !== 0) {
        onExcluded();
        place += 8;
        continue;
      }
      const sales = place + 8 + steps * 16;
      const saleCount = head >>> 24;
      attempt.furthest = head & 31;
      attempt.isOpen = (head & OPEN) !== 0;
      for (let step = 0; step < steps; step++) {
        const at = place + 8 + step * 16;
        const high = list.getInt32(at + 4, true);
        attempt.times[step] = high < 0 ? -1 : high * 0x100000000 + list.getUint32(at, true) + base;
      }
      attempt.revenue = saleCount === 0 ? NOTHING : readSales(list, sales, saleCount);
      onAttempt(verdict);
      place = sales + saleCount * 24;
    }
  };
}

const NOTHING: Attempt['revenue'] = [];

function readSales(list: DataView, first: number, count: number): Attempt['revenue'] {
  return Array.from({ length: count }, (_, sale) => {
    const at = first + sale * 24;
    return {
      step: list.getUint32(at, true),
      currency: currencyAt(list, at + 8),
      amount: Number(list.getBigInt64(at + 16, true)),
    };
  });
}

/** Up to eight letters, and nothing after them. */
function currencyAt(list: DataView, at: number): string {
  const letters = Buffer.from(list.buffer, list.byteOffset + at, 8);
  const end = letters.indexOf(0);
  return letters.toString('utf8', 0, end < 0 ? 8 : end);
}
