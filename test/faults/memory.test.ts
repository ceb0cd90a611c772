/** Memory stays bounded, whoever comes: what is remembered of visitors, addresses, browsers and pages has a limit. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createLimitedServer } from '../../collector/limited-server.ts';
import { createRateLimit } from '../../collector/rate-limit.ts';
import { receive } from '../../collector/receive.ts';
import { NOON, openDoors } from '../collector/doors.ts';
import { pipeline } from './pipeline.ts';

const MEGABYTE = 1024 * 1024;

// More than is remembered of anything; a million with FAULT_VISITORS=1000000.
const VISITORS = Number(process.env.FAULT_VISITORS ?? 60_000);
// Memories of two generations swing with this period: measured at equal phases, they must not differ.
const PERIOD = 20_000;

/** Everything about it is new; of every eighth visit, as long as a header or a field may be. */
function hostileVisit(index: number): string {
  const address = `203.${100 + (index % 100)}.${100 + (Math.floor(index / 100) % 100)}.${100 + Math.floor(index / 10_000)}`;
  const isLong = index % 8 === 0;
  const long = String(index).padEnd(isLong ? 4_000 : 300, 'x');
  const name = String(index).padEnd(60, 'x');
  const event = {
    kind: 'page_view',
    id: `${long.slice(0, 100)}`,
    at: NOON,
    url: `https://${name}.example/${long.slice(0, 200)}?utm_campaign=${long.slice(0, 20)}`,
    referrer: `https://${name}.example.com/${long.slice(0, 200)}`,
  };
  const body = JSON.stringify({ version: 1, site: 'shop', sentAt: NOON, events: [event] });
  const head = [
    'POST /events HTTP/1.1',
    'host: shop',
    `user-agent: Mozilla/5.0 (${isLong ? long : index % 50}) Firefox/140.0`,
    `sec-ch-ua: "${isLong ? long : ''}"`,
    `x-forwarded-for: ${'9.9.9.9, '.repeat(isLong ? 400 : 30)}${address}`,
    `content-length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function heapBytes(): number {
  setFlagsFromString('--expose_gc');
  // Twice: what the first finds dead may have held something by a finalizer.
  for (let times = 0; times < 2; times += 1) runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('visitors of whom everything is new and long: at most 50 MB, and from then on nothing', async () => {
  const rateLimit = createRateLimit({ now: () => NOON, perAddress: 100, perSite: 0 });
  const doors = await openDoors({ spool: { append: async () => undefined }, rateLimit });
  await pipeline(doors.port, 900_000, 900_100, hostileVisit);
  const before = heapBytes();

  const first = await pipeline(doors.port, 0, VISITORS - PERIOD, hostileVisit);
  const filled = heapBytes();
  const second = await pipeline(doors.port, VISITORS - PERIOD, VISITORS, hostileVisit);
  const after = heapBytes();
  await doors.close();

  expect([first, second]).toEqual([{ 202: VISITORS - PERIOD }, { 202: PERIOD }]);
  expect((filled - before) / MEGABYTE).toBeLessThan(50);
  // The collector of garbage swings by 2 MB here; memories without a bound would have grown by more than 20.
  expect((after - filled) / MEGABYTE).toBeLessThan(5);
}, 1_800_000);

test('a body in chunks of one byte takes no more memory than its bytes', async () => {
  const bodyBytes = 100_000;
  let received = 0;
  const server = createLimitedServer((incoming) => {
    const push = incoming.push.bind(incoming);
    incoming.push = (chunk: Buffer | null) => {
      received += chunk?.length ?? 0;
      if (received === 2 * bodyBytes) server.emit('all there');
      return push(chunk);
    };
    // Ends with the connection.
    receive(incoming, bodyBytes).catch(() => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // Listening on a port, so it is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const before = heapBytes();

  const allThere = once(server, 'all there');
  const sockets = Array.from({ length: 2 }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) {
    socket.write('POST / HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n');
    socket.write('1\r\nx\r\n'.repeat(bodyBytes));
  }
  await allThere;
  const after = heapBytes();
  for (const socket of sockets) socket.destroy();
  server.close();

  expect((after - before) / MEGABYTE).toBeLessThan(4);
});
