import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutReason } from '../../collector/storage/broken-answer.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

/** All that came, and what was thrown behind it. */
async function readAll(chunks: AsyncIterable<Uint8Array | string>) {
  const came: Buffer[] = [];
  try {
    for await (const chunk of chunks) came.push(Buffer.from(chunk));
  } catch (error) {
    return { text: Buffer.concat(came).toString(), error };
  }
  return { text: Buffer.concat(came).toString(), error: undefined };
}

test('where the engine breaks off in the middle, rows came, the reason is thrown, and none of its words were read', async () => {
  const sql = "SELECT number, throwIf(number = 3000000, 'a reason') AS x FROM numbers(5000000)";

  const { text, error } = await readAll(await engine.reader.stream(sql, { format: 'CSVWithNames' }));

  expect(error).toMatchObject({
    name: 'StorageError',
    code: 395,
    message: expect.stringContaining('a reason'),
  });
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(text.slice(-20_000)).toMatch(/^[\d,\n]*$/);
});

test('what is whole comes as it is, to the last byte', async () => {
  const sql = 'SELECT number FROM numbers(1000000)';

  const { text, error } = await readAll(await engine.reader.stream(sql, { format: 'TSV' }));

  expect(error).toBeUndefined();
  expect(text.split('\n')).toHaveLength(1_000_001);
  expect(text.endsWith('\n999999\n')).toBe(true);
});

test('what breaks off because its time is over says so, as a query does that answers nothing', async () => {
  const sql = 'SELECT sum(sipHash64(number)) FROM numbers(10000000000) SETTINGS max_execution_time = 1';

  const { error } = await readAll(await engine.storage.stream(sql, { format: 'TSV' }).catch(thrower));

  expect(error).toMatchObject({ name: 'StorageError', code: 159 });
});

// biome-ignore lint/correctness/useYield: it throws where the stream would have.
async function* thrower(error: unknown): AsyncGenerator<Uint8Array> {
  throw error;
}

const REASON = 'Code: 241. DB::Exception: Too much memory. (MEMORY_LIMIT_EXCEEDED) (version 26.7.2.1)\n';
const framed = (tag: string) =>
  `\r\n__exception__\r\n${tag}\r\n${REASON}${Buffer.byteLength(REASON)} ${tag}\r\n__exception__\r\n`;

async function* inChunks(text: string, bytesEach: number, error?: Error): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += bytesEach) yield bytes.subarray(from, from + bytesEach);
  if (error) throw error;
}

test.each([1, 7, 1_000, 100_000])(
  'a reason is found wherever chunks of %i bytes cut it',
  async (bytesEach) => {
    const rows = '"a","b"\n'.repeat(3_000);
    const dropped = new Error('aborted');

    const tagged = await readAll(withoutReason(inChunks(rows + framed('abc'), bytesEach, dropped), 'abc'));
    const untagged = await readAll(withoutReason(inChunks(rows + REASON, bytesEach), undefined));

    for (const { text, error } of [tagged, untagged]) {
      expect(text).toBe(rows);
      expect(error).toMatchObject({ code: '241', message: 'Too much memory. ' });
    }
  },
);

test('a stored text that looks like a reason is a text', async () => {
  const forged = `"${REASON.trim()}"\n${framed('xyz')}`;
  const quoted = `"x","${REASON.trim()}"\n`;

  expect(await readAll(withoutReason(inChunks(forged, 50), 'abc'))).toEqual({
    text: forged,
    error: undefined,
  });
  expect(await readAll(withoutReason(inChunks(quoted, 50), undefined))).toEqual({
    text: quoted,
    error: undefined,
  });
});

test('a connection that just ends is no whole answer', async () => {
  const dropped = new Error('aborted');

  const { text, error } = await readAll(withoutReason(inChunks('1\n2\n', 2, dropped), 'abc'));

  expect(text).toBe('1\n2\n');
  expect(error).toBe(dropped);
});
