/** What is taken without Node's parser must be what Node's parser would have taken, and read as it reads it. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWholeRequest } from '../../collector/whole-request.ts';
import { exchange } from './fuzz/raw.ts';

const RUNS = Number(process.env.FC_RUNS ?? 2_000);
const REQUEST_LINE = 'POST /events HTTP/1.1';
const BODY = '{"version":1}';

type Read = { requestLine: string; headers: IncomingHttpHeaders; body: string };

let latest: Read | undefined;
const server = createServer({ requireHostHeader: false }, (incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const requestLine = `${incoming.method} ${incoming.url} HTTP/${incoming.httpVersion}`;
    latest = { requestLine, headers: incoming.headers, body: Buffer.concat(chunks).toString('latin1') };
    response.writeHead(204).end();
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

/** What Node makes of the bytes; undefined if they are no single request to it. */
async function readByNode(bytes: Buffer): Promise<Read | undefined> {
  latest = undefined;
  // Listening on a port, so it is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const { answers } = await exchange(port, [bytes], { end: true });
  return answers.length === 1 && answers[0]?.status === 204 ? latest : undefined;
}

function toBytes(lines: readonly string[], body = BODY, requestLine = REQUEST_LINE): Buffer {
  return Buffer.from([requestLine, ...lines, '', body].join('\r\n'), 'latin1');
}

const PLAIN = ['Host: shop.example', `Content-Length: ${BODY.length}`];

test('a plain request is read: the headers that doors ask for, and the body', () => {
  const lines = [...PLAIN, 'User-Agent:  Mozilla/5.0 \t', 'COOKIE: a=b', 'x-forwarded-for: 81.2.69.142, ::1'];

  const read = readWholeRequest(toBytes(lines), REQUEST_LINE);

  expect(read?.headers).toEqual({
    host: 'shop.example',
    'content-length': '13',
    'user-agent': 'Mozilla/5.0',
    'x-forwarded-for': '81.2.69.142, ::1',
  });
  expect(read?.body.toString()).toBe(BODY);
});

describe('left to Node', () => {
  test.each<[string, Buffer]>([
    ['another path', toBytes(PLAIN, BODY, 'POST /events/ HTTP/1.1')],
    ['a query', toBytes(PLAIN, BODY, 'POST /events?a HTTP/1.1')],
    ['another method', toBytes(PLAIN, BODY, 'PUT /events HTTP/1.1')],
    ['an older version', toBytes(PLAIN, BODY, 'POST /events HTTP/1.0')],
    ['no host', toBytes(PLAIN.slice(1))],
    ['no length', toBytes(PLAIN.slice(0, 1))],
    ['an empty body', toBytes(['host: a', 'content-length: 0'], '')],
    ['a body in pieces', toBytes(PLAIN, BODY.slice(1))],
    ['more than the body', toBytes(PLAIN, `${BODY}P`)],
    ['two requests', Buffer.concat([toBytes(PLAIN), toBytes(PLAIN)])],
    ['a head in pieces', Buffer.from(`${REQUEST_LINE}\r\nHost: sho`)],
    ['a body in chunks', toBytes(['Host: a', 'Transfer-Encoding: chunked'], '0\r\n\r\n')],
    ['a length and chunks', toBytes([...PLAIN, 'transfer-encoding: chunked'])],
    ['two lengths', toBytes([...PLAIN, PLAIN[1] ?? ''])],
    ['two addresses', toBytes([...PLAIN, 'x-forwarded-for: 1.1.1.1', 'X-Forwarded-For: 2.2.2.2'])],
    ['a signed length', toBytes(['Host: a', 'Content-Length: +13'])],
    ['a length in two parts', toBytes(['Host: a', 'Content-Length: 13, 13'])],
    ['a length of hexadecimal digits', toBytes(['Host: a', 'Content-Length: 0xd'])],
    ['an encoded body', toBytes([...PLAIN, 'Content-Encoding: gzip'])],
    ['an expectation', toBytes([...PLAIN, 'Expect: 100-continue'])],
    ['an upgrade', toBytes([...PLAIN, 'Connection: upgrade', 'Upgrade: websocket'])],
    ['the last request', toBytes([...PLAIN, 'Connection: close'])],
    ['a folded header', toBytes([...PLAIN, 'x: a', ' b'])],
    ['a blank before the colon', toBytes([...PLAIN, 'x : a'])],
    ['a header without a name', toBytes([...PLAIN, ': a'])],
    ['a header without a colon', toBytes([...PLAIN, 'x'])],
    ['a bare line feed', toBytes([...PLAIN, 'x: a\nContent-Length: 3'])],
    ['a bare carriage return', toBytes([...PLAIN, 'x: a\rb'])],
    ['a NUL', toBytes([...PLAIN, 'x: a\0b'])],
    ['letters beyond ASCII', toBytes([...PLAIN, 'x: caf\xe9'])],
    ['a head of 9 kB', toBytes([...PLAIN, `x: ${'y'.repeat(9_000)}`])],
  ])('%s', (_, bytes) => {
    expect(readWholeRequest(bytes, REQUEST_LINE)).toBeUndefined();
  });
});

const name = fc.constantFrom(
  ...['host', 'content-length', 'connection', 'user-agent', 'x-forwarded-for', 'transfer-encoding', 'dnt'],
  ...['accept', 'cookie', 'te', 'expect', 'origin', 'x'],
);
const spelt = fc.tuple(name, fc.boolean()).map(([text, isLoud]) => (isLoud ? text.toUpperCase() : text));
const value = fc.constantFrom('', 'a', ' a b ', '\t', '13', '12', 'keep-alive', 'Keep-Alive', 'chunked', 'é');
const header = fc
  .tuple(spelt, fc.constantFrom(':', ': ', ':\t ', ' :'), value)
  .map(([said, colon, text]) => `${said}${colon}${text}`);
const OCTETS = [0, 9, 10, 13, 32, 34, 44, 48, 49, 58, 65, 127, 128, 255];

test('whatever is taken, Node takes too, and reads the same', async () => {
  let taken = 0;
  const request = fc.record({
    more: fc.array(header, { maxLength: 4 }),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    octet: fc.option(fc.constantFrom(...OCTETS), { nil: undefined, freq: 2 }),
    isInserted: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ more, at, octet, isInserted }) => {
      const whole = toBytes([...PLAIN, ...more]);
      const place = Math.floor(at * whole.length);
      const bytes =
        octet === undefined
          ? whole
          : Buffer.concat([
              whole.subarray(0, place),
              Buffer.from([octet]),
              whole.subarray(isInserted ? place : place + 1),
            ]);
      const read = readWholeRequest(bytes, REQUEST_LINE);
      if (read === undefined) return;
      taken += 1;
      const byNode = await readByNode(bytes);
      expect(byNode?.requestLine).toBe(REQUEST_LINE);
      expect(byNode?.body).toBe(read.body.toString('latin1'));
      expect(byNode?.headers).toMatchObject(read.headers);
    }),
    { numRuns: RUNS },
  );
  expect(taken).toBeGreaterThan(RUNS / 20);
});
