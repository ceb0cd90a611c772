/** The API behind a real port: what clients see of connections. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

export type Listening = { url: string; close(): void };

export async function listenAs({ app }: { app: Pick<Hono, 'fetch'> }): Promise<Listening> {
  // The adaptor's server is node's own, whatever its type says of HTTP/2.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
