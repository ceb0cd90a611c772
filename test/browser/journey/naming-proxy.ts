import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Batch } from '../../../collector/protocol.ts';

export type NamingProxy = {
  url: string;
  /** The bodies for `POST /events` that were answered with 202 so far, those that outlived their page included. */
  taken: readonly Batch[];
  /** Whether to cut off what is sent to `/events`. */
  cutsOff: boolean;
  stop(): Promise<void>;
};

/**
 * A forward proxy that says for whom it asks, as a trusted one does: every request that passes bears `address` as
 * `X-Forwarded-For`. (Playwright's extra headers miss the requests that outlive their page.)
 */
export async function startNamingProxy(address: string): Promise<NamingProxy> {
  const taken: Batch[] = [];
  const proxy = createServer((incoming, outgoing) => {
    if (naming.cutsOff && incoming.url?.endsWith('/events')) return void incoming.socket.destroy();
    const body: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => body.push(chunk));
    const headers = { ...incoming.headers, 'x-forwarded-for': address };
    const onward = request(incoming.url ?? '', { method: incoming.method, headers }, (answer) => {
      // Our own snippet's body: what it may hold is checked by the collector, which said 202.
      if (answer.statusCode === 202) taken.push(JSON.parse(Buffer.concat(body).toString()) as Batch);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const naming: NamingProxy = {
    url: '',
    taken,
    cutsOff: false,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  // Listening on TCP, so its address is one.
  naming.url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return naming;
}
