/**
 * A small site with the built snippet in its pages, and a collector that only writes down what arrives. Real HTTP on
 * loopback; `localhost` and `127.0.0.1`, and every port, are origins of their own.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Batch, TrackedEvent } from '../../collector/protocol.ts';
import { buildSnippet } from '../../snippet/build.mjs';

/** A request that reached the collector's door, with its body read. */
export type Arrived = { method: string; contentType: string; bytes: number; batch: Batch; url: string };

export type Answer = { status?: number; delayMs?: number; drop?: true };

export type Page = string | { html: string; status?: number; headers?: Record<string, string> };

/** The tag as a site owner pastes it; `attributes` stand beside `data-site`. */
export const tag = (attributes = '') =>
  `<script defer src="/footfall.js" data-site="shop" ${attributes}></script>`;

/** A page of the site: a title, the tag, a body. */
export const page = (body = '', { title = 'Shop', attributes = '', head = '' } = {}) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>${head}${tag(attributes)}<body>${body}`;

export type Site = Awaited<ReturnType<typeof startSite>>;

export async function startSite(pages: Record<string, Page>) {
  const built = mkdtempSync(join(tmpdir(), 'footfall-snippet-'));
  await buildQuietly(built);
  const arrived: Arrived[] = [];
  /** Paths of all else that was asked for, lazy files among it, in order. */
  const fetched: string[] = [];
  const preflights: string[] = [];
  let answer: (n: number) => Answer = () => ({});
  let tries = 0;
  /** Each test has a site id of its own, so that what an earlier test's page says as it goes does not count. */
  let run = 1;

  async function collect(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { status = 202, delayMs = 0, drop } = answer(++tries);
    if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (drop) return void response.destroy();
    const batch: Batch = JSON.parse(body.toString());
    const [id, itsRun] = batch.site.split('-');
    if (itsRun === `${run}`) {
      arrived.push({
        method: request.method ?? '',
        contentType: request.headers['content-type'] ?? '',
        bytes: body.length,
        batch: { ...batch, site: id ?? '' },
        url: request.url ?? '',
      });
    }
    response.writeHead(status, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
    response.end('{"accepted":1,"refused":[]}');
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (request.method === 'OPTIONS') preflights.push(pathname);
    if (pathname.endsWith('/events')) return void collect(request, response);
    fetched.push(request.url ?? '');
    if (/\/footfall[^/]*\.js$/.test(pathname))
      return serveBuilt(response, join(built, pathname.split('/').pop() ?? ''));
    const found = pages[pathname];
    const {
      html,
      status = 200,
      headers = {},
    } = typeof found === 'object'
      ? found
      : { html: found ?? page(), status: found === undefined ? 404 : 200 };
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(html.replaceAll(/(data-site="|[?&]site=)([a-z]+)/g, `$1$2-${run}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  // A listening TCP server's address is an object.
  const { port } = server.address() as AddressInfo;

  const events = () => arrived.flatMap(({ batch }) => batch.events);
  return {
    port,
    built,
    url: `http://localhost:${port}`,
    otherUrl: `http://127.0.0.1:${port}`,
    arrived,
    fetched,
    preflights,
    events,
    /** The events of one kind, so far. */
    of: <Kind extends TrackedEvent['kind']>(kind: Kind) =>
      events().filter((event): event is Extract<TrackedEvent, { kind: Kind }> => event.kind === kind),
    /** How the collector answers from now on; `n` counts all tries since the start. */
    answer(next: (n: number) => Answer) {
      tries = 0;
      answer = next;
    },
    clear() {
      arrived.length = fetched.length = preflights.length = 0;
      run += 1;
      tries = 0;
      answer = () => ({});
    },
    /** Resolves once `condition` holds; rejects with its last failure. */
    until: (condition: () => unknown) => vi.waitFor(condition, { timeout: 8_000, interval: 20 }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(built, { recursive: true, force: true });
    },
  };
}

function serveBuilt(response: ServerResponse, file: string) {
  try {
    const script = readFileSync(file);
    response.writeHead(200, {
      'content-type': 'text/javascript; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    response.end(script);
  } catch {
    response.writeHead(404).end();
  }
}

/** The sizes are the build's to tell, not each test's. */
async function buildQuietly(directory: string) {
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await buildSnippet(directory).finally(() => said.mockRestore());
}
