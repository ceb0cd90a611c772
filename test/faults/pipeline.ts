/** A client that asks faster than any other: requests written ahead on a few connections, answers counted by status. */
import { once } from 'node:events';
import { connect } from 'node:net';

const CONNECTIONS = 4;
// Requests on one connection that wait for their answers.
const WINDOW = 50;

/** Sends requests `from` to `to` (exclusive) and resolves with how many answers each status had. */
export async function pipeline(
  port: number,
  from: number,
  to: number,
  toRequest: (index: number) => string,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  let next = from;

  const run = async () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    await once(socket, 'connect');
    let outstanding = 0;
    let tail = '';
    const fill = () => {
      let requests = '';
      while (outstanding < WINDOW && next < to) {
        requests += toRequest(next);
        next += 1;
        outstanding += 1;
      }
      if (requests !== '') socket.write(requests, 'latin1');
    };
    fill();
    while (outstanding > 0) {
      // Without an encoding it would be bytes.
      const [text] = (await once(socket, 'data')) as [string];
      const received = tail + text;
      for (const [, status = ''] of received.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        statuses[status] = (statuses[status] ?? 0) + 1;
        outstanding -= 1;
      }
      // A status line may be cut in two; one that is whole must not be counted twice.
      tail = /HTTP\/1\.1 \d{3} .*$/s.test(received.slice(-13)) ? '' : received.slice(-12);
      if (outstanding < WINDOW / 2) fill();
    }
    socket.destroy();
  };

  await Promise.all(Array.from({ length: CONNECTIONS }, run));
  return statuses;
}
