/** Connections: how many, how long, and what those are told that send no HTTP. Real sockets, small limits. */
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createLimitedServer } from '../../collector/limited-server.ts';
import { SERVER_LIMITS, type ServerLimits } from '../../collector/server-limits.ts';
import { exchange } from './fuzz/raw.ts';
import { expectSentence, onlyAnswer } from './fuzz/sentence.ts';

const HELLO = 'GET / HTTP/1.1\r\nhost: shop\r\n\r\n';
const opened: Socket[] = [];
let server: Server;

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function start(limits: Partial<ServerLimits>, listener: RequestListener = answerOk): Promise<number> {
  server = createLimitedServer(listener, { ...SERVER_LIMITS, checkEveryMs: 20, ...limits });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on a port, so it is an AddressInfo.
  return (server.address() as AddressInfo).port;
}

function answerOk(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 2 }).end('ok');
}

/** An open connection with these bytes sent and taken by the server's kernel. */
async function hold(port: number, bytes = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  opened.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (bytes !== '') await new Promise<void>((sent) => socket.write(bytes, () => sent()));
  return socket;
}

function countConnections(): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

async function ask(port: number): Promise<number> {
  return onlyAnswer(await exchange(port, [HELLO])).status;
}

test.each([
  ['headers that never end', ['POST / HTTP/1.1\r\nhost: shop\r\nx: y\r\n']],
  ['a body that never comes', ['POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 9\r\n\r\n']],
  ['a body that stops', ['POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 9\r\n\r\n', '{']],
  ['chunks that stop', ['POST / HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\n{\r\n']],
  ['silence from the first moment', []],
])('%s: cut off in time, with a sentence', async (_, pieces) => {
  // Takes the body as the doors do: answers when it is whole.
  const port = await start({ headersMs: 150, requestMs: 300 }, (incoming, response) => {
    incoming.on('error', () => undefined);
    incoming.resume().on('end', () => answerOk(incoming, response));
  });

  const { answers, isClosed } = await exchange(port, pieces, { answers: 2 });

  expect(isClosed).toBe(true);
  expect(answers.map(({ status }) => status)).toEqual([408]);
  for (const answer of answers) expect(expectSentence(answer).code).toBe('too_slow');
});

test('a body that drips in byte by byte does not buy time', async () => {
  const port = await start({ headersMs: 150, requestMs: 300 });
  const socket = await hold(port, 'POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 99999\r\n\r\n');
  const drip = setInterval(() => socket.write('x'), 20);

  await once(socket.resume(), 'close');
  clearInterval(drip);

  expect(socket.bytesWritten).toBeLessThan(99_999);
});

test('a client that does not take its answer is cut off', async () => {
  const answer = Buffer.alloc(64 * 1024 * 1024);
  const port = await start({ silentMs: 300 }, (_, response) => response.end(answer));
  const asked = once(server, 'request');
  const socket = await hold(port, HELLO);
  // The event's own arguments.
  const [incoming] = (await asked) as [IncomingMessage];

  await once(incoming.socket, 'close');
  await once(socket.resume(), 'close');

  expect(socket.bytesRead).toBeLessThan(answer.length);
});

test('a thousand idle connections do not keep a request from being answered', async () => {
  const port = await start({});
  await Promise.all(Array.from({ length: 500 }, () => hold(port)));
  await Promise.all(Array.from({ length: 500 }, () => hold(port, 'POST / HTTP/1.1\r\n')));

  expect(await ask(port)).toBe(200);
  expect(opened.filter((socket) => socket.destroyed)).toEqual([]);
});

test('over the cap the oldest that has not asked anything goes, and whoever asks is answered', async () => {
  const port = await start({ connections: 20 });
  const first = await hold(port);
  const gone = once(first.resume(), 'close');
  const askedBefore = await hold(port, HELLO);
  await once(askedBefore, 'data');
  await Promise.all(Array.from({ length: 60 }, () => hold(port)));

  await gone;
  const statuses = await Promise.all(Array.from({ length: 5 }, () => ask(port)));

  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  expect(askedBefore.destroyed).toBe(false);
  expect(await countConnections()).toBeLessThanOrEqual(20);
});

test('over the cap, requests under way are finished: the newcomer goes', async () => {
  const waiting: ServerResponse[] = [];
  const port = await start({ connections: 5 }, (_, response) => waiting.push(response));
  const sockets = await Promise.all(Array.from({ length: 5 }, () => hold(port, HELLO)));
  while (waiting.length < 5) await once(server, 'request');

  const newcomer = await exchange(port, [HELLO]);
  const answers = sockets.map((socket) => once(socket, 'data'));
  for (const response of waiting) response.end('ok');

  expect(newcomer).toMatchObject({ answers: [], isClosed: true });
  expect(await Promise.all(answers)).toHaveLength(5);
});
