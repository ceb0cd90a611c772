import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What the proxy does with a connection that opens, or asks something, from now on. `cut_answer`: the server gets the
 * whole request and does it; the client's connection breaks instead of the answer. `cut_request`: breaks in mid-request.
 */
export type ProxyMode = 'pass' | 'refuse' | 'slow' | 'cut_answer' | 'cut_request';

export type CuttingProxy = {
  url: string;
  setMode(mode: ProxyMode): void;
  /** Connections broken so far. */
  cuts(): number;
  close(): Promise<void>;
};

const SLOW_MS = 300;

/** A TCP proxy before a real server, which misbehaves as told. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'pass';
  let cuts = 0;

  const server = createServer((client) => {
    if (mode === 'refuse') {
      cuts += 1;
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    const cut = () => {
      cuts += 1;
      client.destroy();
      upstream.destroy();
    };
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // Either end may break at any time: that is what the proxy is for.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (mode === 'refuse') cut();
      else if (mode === 'cut_request') {
        upstream.write(bytes.subarray(0, bytes.length / 2));
        cut();
      } else upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (mode === 'cut_answer' || mode === 'refuse') cut();
      else if (mode === 'slow') setTimeout(() => client.write(bytes), SLOW_MS);
      else client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    setMode(next) {
      mode = next;
    },
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
