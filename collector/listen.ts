/** The port: taken before anything is written, answered from the first moment on. */
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { Doors } from './app.ts';
import { createLimitedServer } from './limited-server.ts';
import { SERVER_LIMITS } from './server-limits.ts';
import { StopError } from './stop-error.ts';

export interface Listener {
  readonly server: Server;
  /** Where it listens, as a URL without trailing slash. */
  readonly url: string;
  /** From here on they answer; until then everything gets 503 with Retry-After. */
  use(doors: Doors): void;
  /** Takes no new connection, waits for the requests in flight (at most `patienceMs`). Never throws. */
  close(patienceMs: number): Promise<void>;
}

/** Throws StopError if the port cannot be had. */
export async function listen(host: string, port: number): Promise<Listener> {
  let doors: Doors | undefined;
  const server = createLimitedServer(
    (request, response) => (doors?.listener ?? answerStarting)(request, response),
    SERVER_LIMITS,
    () => doors?.whole,
  );
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StopError(reasonOf(error, host, port), { cause: error });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new StopError('The server has no port.');
  return {
    server,
    url: `http://${reachable(host)}:${address.port}`,
    use(opened) {
      doors = opened;
    },
    async close(patienceMs) {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const patience = setTimeout(() => server.closeAllConnections(), patienceMs);
      await closed;
      clearTimeout(patience);
    },
  };
}

const answerStarting: RequestListener = (_, response) => {
  response.writeHead(503, { 'retry-after': '1', 'content-type': 'application/json' });
  response.end('{"error":{"code":"starting","message":"Footfall is starting: try again in a second"}}\n');
};

/** An address that listens everywhere is reached at this machine's own. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function reasonOf(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : String(error);
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use by another program: stop that one, or choose another port with PORT=8001.`;
  }
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this user has: choose one above 1023 with PORT=8000.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `This machine has no address "${host}" to listen on: set HOST to one it has, such as 127.0.0.1 or 0.0.0.0.`;
  }
  return `Cannot listen on ${host}, port ${port} (${code}): choose others with HOST and PORT.`;
}
