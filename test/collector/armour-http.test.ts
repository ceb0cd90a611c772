/** Requests that are wrong as HTTP: each is answered with a sentence, on every door, and the next one is served. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOORS, type FuzzDoors, openFuzzDoors } from './fuzz/doors.ts';
import { faultsOf } from './fuzz/expect-answer.ts';
import { FC_RUNS, hostileText, hostileUrl } from './fuzz/hostile.ts';
import { exchange } from './fuzz/raw.ts';
import { expectSentence, onlyAnswer } from './fuzz/sentence.ts';

let doors: FuzzDoors;
beforeAll(async () => {
  doors = await openFuzzDoors();
});
afterAll(() => doors.close());

const CASES: Record<string, { status: number; head?: string; lines?: string[]; body?: string | Buffer }> = {
  'no HTTP at all': { status: 400, head: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' },
  'HTTP/2 without asking': { status: 400, head: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  'HTTP/0.9': { status: 400, head: 'GET /events\r\n\r\n' },
  'a version that does not exist': { status: 400, head: 'POST {path} HTTP/9.9\r\nhost: shop\r\n\r\n' },
  'a method that does not exist': { status: 400, head: 'BREW {path} HTTP/1.1\r\nhost: shop\r\n\r\n' },
  'a request for a tunnel': { status: 405, head: 'CONNECT shop:443 HTTP/1.1\r\nhost: shop\r\n\r\n' },
  'no host': { status: 400, head: 'POST {path} HTTP/1.1\r\ncontent-length: 0\r\n\r\n' },
  'a path of 20 kB': { status: 431, head: `POST /${'e'.repeat(20_000)} HTTP/1.1\r\nhost: shop\r\n\r\n` },
  GET: { status: 405, head: 'GET {path} HTTP/1.1\r\nhost: shop\r\n\r\n' },
  DELETE: { status: 405, head: 'DELETE {path} HTTP/1.1\r\nhost: shop\r\n\r\n' },
  'an upgrade': {
    status: 405,
    head: 'GET {path} HTTP/1.1\r\nhost: shop\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  },
  'a header of 20 kB': { status: 431, lines: [`user-agent: ${'x'.repeat(20_000)}`] },
  'two thousand long headers': {
    status: 431,
    lines: Array.from({ length: 2_000 }, (_, at) => `x-${at}: ${'y'.repeat(99)}`),
  },
  'a carriage return in a header': { status: 400, lines: ['user-agent: a\rset-cookie: b'] },
  'a NUL in a header': { status: 400, lines: ['user-agent: a\0b'] },
  'a header without a name': { status: 400, lines: [': b'] },
  'a header name with a space': { status: 400, lines: ['user agent: b'] },
  'a folded header': { status: 400, lines: ['x: a', ' b'] },
  'a negative length': { status: 400, lines: ['content-length: -1'] },
  'a length that is no number': { status: 400, lines: ['content-length: many'] },
  'a length beyond 64 bits': { status: 400, lines: [`content-length: 1${'0'.repeat(30)}`] },
  'a huge length': { status: 413, lines: ['content-length: 9007199254740993'] },
  'two lengths': { status: 400, lines: ['content-length: 2', 'content-length: 3'] },
  'a length and chunks': { status: 400, lines: ['content-length: 2', 'transfer-encoding: chunked'] },
  'an unknown transfer encoding': { status: 400, lines: ['transfer-encoding: cow'], body: '{}' },
  'a chunk of negative size': { status: 400, lines: ['transfer-encoding: chunked'], body: '-1\r\n{\r\n' },
  'a chunk size beyond 64 bits': {
    status: 400,
    lines: ['transfer-encoding: chunked'],
    body: `${'f'.repeat(17)}\r\n`,
  },
  'a chunk extension of 20 kB': {
    status: 413,
    lines: ['transfer-encoding: chunked'],
    body: `1;${'x'.repeat(20_000)}\r\n`,
  },
  'a foreign expectation': {
    status: 417,
    lines: ['expect: the-spanish-inquisition', 'content-length: 2'],
    body: '{}',
  },
  'an empty content type': { status: 415, lines: ['content-type: ', 'content-length: 2'], body: '{}' },
  'a form': {
    status: 415,
    lines: ['content-type: multipart/form-data; boundary=x', 'content-length: 2'],
    body: '{}',
  },
  'a content type of 8 kB': {
    status: 415,
    lines: [`content-type: ${'a'.repeat(8_000)}`, 'content-length: 2'],
    body: '{}',
  },
  'an unknown content encoding': {
    status: 415,
    lines: ['content-encoding: br', 'content-length: 2'],
    body: '{}',
  },
  'two content encodings': {
    status: 415,
    lines: ['content-encoding: gzip, gzip', 'content-length: 2'],
    body: '{}',
  },
};

describe.each(DOORS)('$path', (door) => {
  const authorization = Object.entries(door.headers).map(([name, value]) => `${name}: ${value}`);

  function toBytes({ head, lines = [], body = '' }: (typeof CASES)[string]): Buffer {
    const whole =
      head ?? ['POST {path} HTTP/1.1', 'host: shop', ...authorization, ...lines, '', ''].join('\r\n');
    return Buffer.concat([Buffer.from(whole.replace('{path}', door.path), 'latin1'), Buffer.from(body)]);
  }

  test.each(Object.entries(CASES))('%s', async (_, request) => {
    const answer = onlyAnswer(await exchange(doors.port, [toBytes(request)]));

    expect(answer.status).toBe(request.status);
    expectSentence(answer);
  });

  test('three hundred headers, odd characters in them, and repeated ones are no reason to refuse', async () => {
    const lines = [
      ...Array.from({ length: 300 }, (_, at) => `x-${at}: y`),
      ...[
        'user-agent: \xff\xfe\x80',
        'user-agent: other',
        'accept-language: ;;;,,,q=',
        'sec-ch-ua: "',
        'origin: null',
      ],
      ...['sec-ch-ua-platform: "', 'sec-ch-ua-mobile: ????', 'dnt: 2', 'cookie: a', 'referer: \x80'],
    ];
    const body = JSON.stringify(door.valid[0]);

    const answer = onlyAnswer(
      await exchange(doors.port, [
        toBytes({ status: 202, lines: [...lines, `content-length: ${Buffer.byteLength(body)}`], body }),
      ]),
    );

    expect(answer.status, answer.body).toBe(door.taken);
  });

  test('a body sent byte by byte, in chunks of one byte, and on demand is taken', async () => {
    const body = JSON.stringify(door.valid[0]);
    const length = `content-length: ${Buffer.byteLength(body)}`;
    const chunks = [...Buffer.from(body)].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10]));

    const dripped = toBytes({ status: 202, lines: [length], body });
    const answers = await Promise.all([
      exchange(
        doors.port,
        [...dripped].map((byte) => Uint8Array.of(byte)),
      ),
      exchange(doors.port, [
        toBytes({ status: 202, lines: ['transfer-encoding: chunked'] }),
        ...chunks,
        '0\r\n\r\n',
      ]),
      exchange(doors.port, [
        toBytes({ status: 202, lines: [length, 'expect: 100-continue'] }),
        Buffer.from(body),
      ]),
      exchange(doors.port, [toBytes({ status: 202, lines: [length], body })], { end: true }),
    ]);

    expect(answers.map((each) => onlyAnswer(each).status)).toEqual(Array(4).fill(door.taken));
  });

  test('a body longer than its length: the length counts, the rest is no request', async () => {
    const body = JSON.stringify(door.valid[0]);
    const lines = [`content-length: ${Buffer.byteLength(body)}`];

    const { answers } = await exchange(
      doors.port,
      [toBytes({ status: 202, lines, body: `${body}{"and":"more"}` })],
      { answers: 2, patienceMs: 3_000 },
    );

    expect(answers[0]?.status).toBe(door.taken);
    for (const answer of answers.slice(1)) expect(expectSentence(answer).code).toBe('not_http');
  });

  test('a body shorter than its length, and then nothing more: a sentence, or silence if nobody reads', async () => {
    const lines = ['content-length: 5000'];

    const answer = onlyAnswer(
      await exchange(doors.port, [toBytes({ status: 400, lines, body: '{"version":1' })], { end: true }),
    );

    expect(expectSentence(answer).code).toBe('not_http');
  });

  test.each([
    ['a body that is announced too long', (bytes: number) => [`content-length: ${bytes + 1}`]],
    ['a body whose chunks never end', () => ['transfer-encoding: chunked']],
  ])('%s is refused before it is all there, and cut off soon', async (_, lines) => {
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 32), Buffer.from('\r\n')]);
    const pieces = [toBytes({ status: 413, lines: lines(door.maxBytes) }), ...Array(200).fill(chunk)];

    const sent = await exchange(doors.port, pieces, { answers: 2 });

    expect(sent.isClosed).toBe(true);
    expect(sent.answers.map(({ status }) => status)).toEqual([413]);
    for (const answer of sent.answers) expect(expectSentence(answer).code).toBe('too_large');
  });
});

test.each(['/', '/sign-in', '/api/reports', '/v1/projects/shop/settings', '/nowhere'])(
  '%s, which is no door, takes neither a large body nor an endless one',
  async (path) => {
    const large = `POST ${path} HTTP/1.1\r\nhost: shop\r\ncontent-length: 2000000\r\n\r\n`;
    const endless = `POST ${path} HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n`;

    const answers = [await exchange(doors.port, [large]), await exchange(doors.port, [endless])].map(
      onlyAnswer,
    );

    expect(answers.map(({ status }) => status)).toEqual([413, 411]);
    for (const answer of answers) expectSentence(answer);
  },
);

test('a picture is answered whatever stands behind the question mark, and what is counted can be stored', async () => {
  let counted = 0;
  const query = fc.oneof(
    hostileText(400),
    fc
      .record({ url: fc.oneof(hostileUrl, hostileText(300)), referrer: hostileUrl, title: hostileText(400) })
      .map((parameters) => toQuery({ site: 'shop', ...parameters })),
    fc.dictionary(hostileText(20), hostileText(300)).map(toQuery),
  );
  await fc.assert(
    fc.asyncProperty(query, async (text) => {
      const target = `/pixel.gif?${text.replace(/[^\x21-\xff]/g, '+')}`;
      const answer = onlyAnswer(await exchange(doors.port, [`GET ${target} HTTP/1.1\r\nhost: shop\r\n\r\n`]));

      expect([200, 400]).toContain(answer.status);
      const rows = doors.rows.splice(0);
      counted += rows.length;
      expect(rows.flatMap(faultsOf)).toEqual([]);
    }),
    { numRuns: FC_RUNS },
  );
  expect(counted).toBeGreaterThan(FC_RUNS / 20);
});

function toQuery(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map((pair) => pair.map((text) => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '😀'))).join('='))
    .join('&');
}

test('nothing of all this was an error of ours', () => {
  expect(doors.failures).toEqual([]);
});
