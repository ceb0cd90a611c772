/**
 * Sends so many requests, each as soon as the one before it on its connection is answered. Each has an id, an address
 * and a browser. Texts are only joined here, so that the sender is not what limits the server.
 */
import { createConnection } from 'node:net';

const [port, requests, connections, eventsPerRequest] = process.argv.slice(2).map(Number);
const BROWSERS = 200;
const ADDRESSES = 5_000;
const EVERY = 16;

const idStart = Date.now().toString(36);
let events = 0;
let started = 0;
let answered = 0;
let refused = 0;
const latencies: number[] = [];

function event(now: number): string {
  events += 1;
  const id = idStart + events.toString(36).padStart(12, '0');
  const page = events % 500;
  return `{"kind":"page_view","id":"${id}","at":${now},"url":"https://shop.example/products/${page}?utm_source=newsletter&utm_medium=email","referrer":"https://www.google.com/","title":"Product ${page} of the shop"}`;
}

const HEAD_START = [
  'POST /events HTTP/1.1',
  'Host: 127.0.0.1',
  'Accept: */*',
  'Accept-Language: en-GB,en;q=0.9,de;q=0.8',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Content-Type: text/plain;charset=UTF-8',
  'Origin: https://shop.example',
  'Referer: https://shop.example/',
  'Connection: keep-alive',
  'User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/',
].join('\r\n');

function request(): string {
  const now = Date.now();
  let body = `{"version":1,"site":"shop","sentAt":${now},"screenWidth":1280,"events":[${event(now)}`;
  for (let more = 1; more < (eventsPerRequest ?? 1); more += 1) body += `,${event(now)}`;
  body += ']}';
  const address = started % ADDRESSES;
  return `${HEAD_START}${100 + (started % BROWSERS)}.0.0.0 Safari/537.36\r\nX-Forwarded-For: 81.2.${address >> 8}.${address & 255}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const ACCEPTED = Buffer.from('HTTP/1.1 202');

function keepSending(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port ?? 0, '127.0.0.1');
    let sentAt = 0;
    const next = () => {
      started += 1;
      if (started % EVERY === 0) sentAt = performance.now();
      socket.write(request(), 'latin1');
    };
    socket.setNoDelay(true);
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      answered += 1;
      if (chunk.compare(ACCEPTED, 0, ACCEPTED.length, 0, ACCEPTED.length) !== 0) refused += 1;
      if (sentAt > 0) latencies.push(performance.now() - sentAt);
      sentAt = 0;
      if (started < (requests ?? 0)) next();
      else socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
await Promise.all(Array.from({ length: connections ?? 1 }, keepSending));
latencies.sort((a, b) => a - b);
const { user, system } = process.cpuUsage(cpuBefore);
process.send?.({
  answered,
  refused,
  seconds: (performance.now() - startedAt) / 1_000,
  p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  senderMicros: (user + system) / answered,
});
process.disconnect?.();
