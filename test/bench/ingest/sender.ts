/** Sends as fast as it is answered, over keep-alive connections, each request with an id, an address and a browser. */
import { createConnection } from 'node:net';

const [port = '', seconds = '', connections = '', eventsPerRequest = ''] = process.argv.slice(2);
const BROWSERS = 200;
const ADDRESSES = 5_000;

let sent = 0;
let answered = 0;
let refused = 0;
const latencies: number[] = [];

function event(): object {
  sent += 1;
  return {
    kind: 'page_view',
    id: `${Date.now().toString(36)}${sent.toString(36).padStart(12, '0')}`,
    at: Date.now(),
    url: `https://shop.example/products/${sent % 500}?utm_source=newsletter&utm_medium=email`,
    referrer: 'https://www.google.com/',
    title: `Product ${sent % 500} of the shop`,
  };
}

function request(): string {
  const events = Array.from({ length: Number(eventsPerRequest) }, event);
  const body = JSON.stringify({ version: 1, site: 'shop', sentAt: Date.now(), screenWidth: 1280, events });
  const address = sent % ADDRESSES;
  return [
    'POST /events HTTP/1.1',
    'Host: 127.0.0.1',
    `User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${100 + (sent % BROWSERS)}.0.0.0 Safari/537.36`,
    'Accept: */*',
    'Accept-Language: en-GB,en;q=0.9,de;q=0.8',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Content-Type: text/plain;charset=UTF-8',
    'Origin: https://shop.example',
    'Referer: https://shop.example/',
    `X-Forwarded-For: 81.2.${address >> 8}.${address & 255}`,
    'Connection: keep-alive',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

const endsAt = Date.now() + Number(seconds) * 1_000;
const open = Array.from({ length: Number(connections) }, () => {
  const socket = createConnection(Number(port), '127.0.0.1');
  socket.setNoDelay(true);
  let sentAt = performance.now();
  const next = () => {
    sentAt = performance.now();
    socket.write(request());
  };
  socket.on('connect', next);
  socket.on('data', (chunk) => {
    answered += 1;
    if (!chunk.toString('latin1', 0, 12).endsWith('202')) refused += 1;
    if (answered % 16 === 0) latencies.push(performance.now() - sentAt);
    if (Date.now() < endsAt) next();
    else socket.end();
  });
  return new Promise((resolve) => socket.on('close', resolve));
});
const startedAt = performance.now();
await Promise.all(open);
latencies.sort((a, b) => a - b);
process.send?.({
  answered,
  refused,
  seconds: (performance.now() - startedAt) / 1_000,
  p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
});
process.disconnect?.();
