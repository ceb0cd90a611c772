/**
 * Reads the engine's rows (RowBinary) as they arrive, one subject after the other, into arrays that are used again: a
 * few nanoseconds an event, and no more memory than the largest subject needs.
 */
import type { Events } from './events.ts';
import type { RowShape } from './row-shape.ts';

/** Valid until the next subject is read. */
export type Subject = {
  /** 0 unless the shape asks for it: the subject as a number. */
  key: bigint;
  /** '' unless the shape asks for it. */
  id: string;
  events: Events;
  /** Per event, if the shape asks for it. */
  values: string[];
  money: Money[];
};

/** An event with revenue: `time` and `bits` are those of its event. `amount` is in ten-thousandths. */
export type Money = { time: number; bits: number; currency: string; amount: number };

/** Throws if the stream breaks off in the middle of a row. */
export async function readSubjects(
  stream: AsyncIterable<Uint8Array | string>,
  shape: RowShape,
  onSubject: (subject: Subject) => void,
): Promise<void> {
  const decoder = createDecoder(shape);
  let rest: Uint8Array[] = [];
  let size = 0;
  let needed = 0;
  for await (const chunk of stream) {
    if (typeof chunk === 'string') throw new Error('Expected bytes from the engine, got text');
    rest.push(chunk);
    size += chunk.length;
    if (size < needed) continue;
    const bytes = rest.length === 1 ? chunk : Buffer.concat(rest, size);
    const { read, missing } = decoder.read(bytes, onSubject);
    rest = read < bytes.length ? [bytes.subarray(read)] : [];
    size = bytes.length - read;
    needed = missing;
  }
  if (size > 0) throw new Error(`The engine's answer broke off: ${size} bytes of an unfinished row`);
}

/** `read` bytes were whole rows; the next needs at least `missing` bytes. */
type Progress = { read: number; missing: number };

function createDecoder(shape: RowShape) {
  const events: Events = { count: 0, times: new Float64Array(256), bits: new Int32Array(256) };
  const subject: Subject = { key: 0n, id: '', events, values: [], money: [] };
  let view: DataView = new DataView(new ArrayBuffer(0));
  let bytes: Uint8Array = new Uint8Array(0);
  let place = 0;
  /** How far the current row needs the bytes to reach, as far as it is known. */
  let needed = 0;

  return {
    read(chunk: Uint8Array, onSubject: (subject: Subject) => void): Progress {
      bytes = chunk;
      view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      place = 0;
      for (;;) {
        const rowStart = place;
        needed = place + 1;
        if (!readRow()) return { read: rowStart, missing: needed - rowStart };
        onSubject(subject);
      }
    },
  };

  function readRow(): boolean {
    if (shape.hasKey) {
      if (!hasBytes(8)) return false;
      subject.key = view.getBigUint64(place, true);
      place += 8;
    }
    if (shape.hasSubject) {
      const id = readText();
      if (id === undefined) return false;
      subject.id = id;
    }
    if (!(shape.values ? readEventsWithValues() : readEvents())) return false;
    return !shape.hasMoney || readMoney();
  }

  function readEvents(): boolean {
    const count = readLength();
    if (count === undefined || !hasBytes(count * 8)) return false;
    makeRoom(count);
    for (let event = 0; event < count; event++) readPacked(event);
    return true;
  }

  function readEventsWithValues(): boolean {
    const count = readLength();
    if (count === undefined || !hasBytes(count * 9)) return false;
    makeRoom(count);
    subject.values = [];
    for (let event = 0; event < count; event++) {
      if (!hasBytes(8)) return false;
      readPacked(event);
      const value = readText();
      if (value === undefined) return false;
      subject.values.push(value);
    }
    return true;
  }

  function readMoney(): boolean {
    const count = readLength();
    if (count === undefined || !hasBytes(count * 17)) return false;
    subject.money = [];
    for (let one = 0; one < count; one++) {
      if (!hasBytes(8)) return false;
      const [time, bits] = [timeHere(), bitsHere()];
      place += 8;
      const currency = readText();
      if (currency === undefined || !hasBytes(8)) return false;
      subject.money.push({ time, bits, currency, amount: Number(view.getBigInt64(place, true)) });
      place += 8;
    }
    return true;
  }

  function readPacked(event: number): void {
    events.times[event] = timeHere();
    events.bits[event] = bitsHere();
    place += 8;
  }

  /** The upper 40 of 64 bits. */
  function timeHere(): number {
    return view.getUint32(place + 4, true) * 256 + at8(bytes, place + 3);
  }

  function bitsHere(): number {
    return view.getUint32(place, true) & 0xffffff;
  }

  function readText(): string | undefined {
    const length = readLength();
    if (length === undefined || !hasBytes(length)) return undefined;
    const text =
      length === 0 ? '' : Buffer.from(bytes.buffer, bytes.byteOffset + place, length).toString('utf8');
    place += length;
    return text;
  }

  /** LEB128, as ClickHouse writes lengths. */
  function readLength(): number | undefined {
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
      if (!hasBytes(1)) return undefined;
      const byte = at8(bytes, place);
      place += 1;
      length += (byte & 127) * factor;
      if (byte < 128) return length;
    }
  }

  function hasBytes(count: number): boolean {
    needed = place + count;
    return needed <= bytes.length;
  }

  function makeRoom(count: number): void {
    events.count = count;
    if (count <= events.times.length) return;
    events.times = new Float64Array(count * 2);
    events.bits = new Int32Array(count * 2);
  }
}

function at8(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
