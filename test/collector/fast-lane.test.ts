/** Requests that arrive whole are answered without Node's server; nobody who sends them can tell. Real sockets. */
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { WholeDoor } from '../../collector/fast-lane.ts';
import type { WholeAnswer } from '../../collector/lane-message.ts';
import { createLimitedServer } from '../../collector/limited-server.ts';
import { SERVER_LIMITS, type ServerLimits } from '../../collector/server-limits.ts';
import { batch, openDoors } from './doors.ts';
import { exchange } from './fuzz/raw.ts';

const ACCEPTED = 'HTTP/1.1 202 Accepted\r\n';

let server: Server;
const opened: Socket[] = [];
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

/** Answers `body` to what came whole, where it is held once `release` was called, and `node` to everything else. */
async function start(limits: Partial<ServerLimits> = {}, { isHeld = false, body = 'lane' } = {}) {
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const door: WholeDoor = {
    requestLine: 'POST /events HTTP/1.1',
    answer: (request) => {
      asked.push(request.body.toString());
      server.emit('asked');
      const answer: WholeAnswer = { head: ACCEPTED, body };
      return new Promise((resolve) => (isHeld ? waiting.push(() => resolve(answer)) : resolve(answer)));
    },
  };
  const listener: RequestListener = (incoming, response) => {
    incoming.resume().on('end', () => response.writeHead(202, { 'content-length': 4 }).end('node'));
  };
  server = createLimitedServer(listener, { ...SERVER_LIMITS, checkEveryMs: 20, ...limits }, () => door);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on a port, so it is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const release = () => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { port, asked, release };
}

function toRequest(body: string, lines: readonly string[] = []): string {
  const head = ['POST /events HTTP/1.1', 'Host: shop', `Content-Length: ${body.length}`, ...lines];
  return [...head, '', body].join('\r\n');
}

/** `allowHalfOpen`: does not hang up because the server does. */
async function open(port: number, { allowHalfOpen = false } = {}): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
  opened.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function turnsOfTheLoop(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('one request after the other on one connection', async () => {
  const { port, asked } = await start();
  const socket = await open(port);

  for (const body of ['first', 'second', 'third']) {
    socket.write(toRequest(body));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 202 Accepted\r\n.*\r\n\r\nlane$/s);
  }

  expect(asked).toEqual(['first', 'second', 'third']);
});

test('the same bytes are said, whichever way a request was taken', async () => {
  const doors = await openDoors();
  for (const body of [JSON.stringify(batch()), '{"version":1}', 'no JSON', '{"é":1}']) {
    const bytes = Buffer.byteLength(body);
    const head = `POST /events HTTP/1.1\r\nhost: shop\r\ncontent-length: ${bytes}\r\n\r\n`;

    const [whole] = (await exchange(doors.port, [Buffer.from(head + body)])).answers;
    const [inPieces] = (await exchange(doors.port, [head, Buffer.from(body)])).answers;

    expect(whole?.status).toBe(inPieces?.status);
    expect(whole?.body).toBe(inPieces?.body);
    const named = (headers = new Map<string, string>()) =>
      [...headers].filter(([name]) => name !== 'date').sort();
    expect(named(whole?.headers)).toEqual(named(inPieces?.headers));
    expect(Date.parse(whole?.headers.get('date') ?? '')).toBeGreaterThan(Date.now() - 5_000);
  }
  await doors.close();
});

test('a connection that sends anything else is Node’s from then on, and loses nothing', async () => {
  const { port, asked } = await start();
  const socket = await open(port);
  const said: string[] = [];

  for (const pieces of [
    [toRequest('whole')],
    ['POST /ev', 'ents HTTP/1.1\r\nhost: shop\r\n', '\r\n'],
    [toRequest('late')],
  ]) {
    for (const piece of pieces) await new Promise((sent) => socket.write(piece, sent));
    said.push(String((await once(socket, 'data'))[0]).slice(-4));
  }

  expect(said).toEqual(['lane', 'node', 'node']);
  expect(asked).toEqual(['whole']);
});

test('requests sent without waiting for the answers are answered in their order', async () => {
  const { port } = await start();

  const together = await exchange(port, [toRequest('a') + toRequest('b') + toRequest('c')], { answers: 3 });

  expect(together.answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([202, 'node']));
});

test('what comes while a request is being answered waits for its turn', async () => {
  const { port, asked, release } = await start({}, { isHeld: true });
  const socket = await open(port);
  let said = '';
  socket.on('data', (bytes) => {
    said += bytes;
  });
  const first = once(server, 'asked');
  socket.write(toRequest('first'));
  await first;
  await new Promise((sent) => socket.write(toRequest('second') + toRequest('third'), sent));

  release();
  while (said.split('202 Accepted').length < 4) await once(socket, 'data');

  expect(said.match(/lane|node/g)).toEqual(['lane', 'node', 'node']);
  expect(asked).toEqual(['first']);
});

test('what came before the end, while a request was being answered, is read too', async () => {
  const { port, asked, release } = await start({}, { isHeld: true });
  const socket = await open(port);
  const taken = once(server, 'asked');
  socket.write(toRequest('first'));
  await taken;
  // Both are there before the answer, so that the server knows of the end when it comes to the second.
  await new Promise<void>((sent) => socket.end(toRequest('second'), sent));
  await turnsOfTheLoop(10);
  const read = once(server, 'request');

  release();

  // The event's own arguments.
  const [incoming] = (await read) as [IncomingMessage];
  expect(incoming.headers['content-length']).toBe('6');
  expect(asked).toEqual(['first']);
});

test('who has said that nothing more will come is answered, and the connection ends', async () => {
  const { port, release } = await start({}, { isHeld: true });
  const connected = once(server, 'connection');
  const answered = exchange(port, [toRequest('last')], { answers: 2, end: true });
  // The event's own arguments.
  const [socket] = (await connected) as [Socket];
  await once(socket, 'end');

  release();

  const { answers, isClosed } = await answered;
  expect(answers.map(({ headers, body }) => [headers.get('connection'), body])).toEqual([['close', 'lane']]);
  expect(isClosed).toBe(true);
});

test('who goes away before the answer harms nobody', async () => {
  const { port, release } = await start({}, { isHeld: true });
  const socket = await open(port);
  const taken = once(server, 'asked');
  socket.write(toRequest('gone'));
  await taken;

  socket.destroy();
  await once(socket, 'close');
  const next = exchange(port, [toRequest('next')]);
  await once(server, 'asked');
  release();

  expect((await next).answers[0]?.body).toBe('lane');
});

test('a closing server ends the idle connections and answers the others for the last time', async () => {
  const { port, release } = await start({}, { isHeld: true });
  const idle = await open(port);
  const busy = exchange(port, [toRequest('busy')], { answers: 2 });
  await once(server, 'asked');

  const closed = new Promise((resolve) => server.close(resolve));
  await once(idle.resume(), 'close');
  release();

  const { answers, isClosed } = await busy;
  expect(answers.map(({ headers, body }) => [headers.get('connection'), body])).toEqual([['close', 'lane']]);
  expect(isClosed).toBe(true);
  await closed;
});

test('a closing server neither waits for who stays after the last answer nor takes more from it', async () => {
  const { port, asked, release } = await start({}, { isHeld: true });
  const socket = await open(port, { allowHalfOpen: true });
  const taken = once(server, 'asked');
  socket.write(toRequest('busy'));
  await taken;

  const closed = new Promise((resolve) => server.close(resolve));
  release();
  await once(socket.resume(), 'end');
  socket.write(toRequest('too late'));
  await closed;

  expect(asked).toEqual(['busy']);
});

test('who was told that it took too long is not listened to any more', async () => {
  const { port, asked } = await start({ headersMs: 50 });
  const connected = once(server, 'connection');
  const client = await open(port, { allowHalfOpen: true });
  // The event's own arguments.
  const [socket] = (await connected) as [Socket];

  const [told] = await once(client, 'data');
  client.write(toRequest('too late'));
  await once(socket, 'close');

  expect(String(told)).toMatch(/^HTTP\/1\.1 408 /);
  expect(asked).toEqual([]);
});

test('a connection without a next request is ended after its time', async () => {
  const { port } = await start({ idleMs: 100 });

  const { answers, isClosed } = await exchange(port, [toRequest('only')], { answers: 2 });

  expect(answers.map(({ body }) => body)).toEqual(['lane']);
  expect(isClosed).toBe(true);
});

test('who never takes the answers is handed over when they no longer fit, and cut off', async () => {
  const { port, asked } = await start({ silentMs: 300 }, { body: 'x'.repeat(100_000) });
  const connected = once(server, 'connection');
  const client = await open(port);
  // The event's own arguments.
  const [socket] = (await connected) as [Socket];
  server.on('asked', () => client.write(toRequest('next')));

  client.pause().write(toRequest('first'));
  await once(socket, 'close');

  expect(asked.length).toBeGreaterThan(1);
  expect(asked.length).toBeLessThan(1_000);
});
