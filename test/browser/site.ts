/**
 * A small site with the built snippet in its pages, and a collector that only writes down what arrives. Real HTTP on
 * loopback; `localhost` and `127.0.0.1` are two origins. Each visit has a browser profile and a site id of its own, so
 * that visits can run side by side, and none hears another's page.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { Batch, EventKind, TrackedEvent } from '../../collector/protocol.ts';
import { buildSnippet } from '../../snippet/build.mjs';
import { browseBare } from './bare.ts';
import { launchBrowser } from './browser.ts';

/** A request that reached the collector's door. `path` is the door's, for tags under a path of their own. */
export type Arrived = {
  contentType: string;
  bytes: number;
  batch: Batch;
  path: string;
  answered: number;
  /** A beacon is never answered to the page, and says so: `no-cors`. */
  by: 'fetch' | 'beacon';
};

/** How the collector takes one request; `drop` breaks the connection without an answer. */
export type Answer = { status?: number; delayMs?: number; drop?: true };

export type SitePage =
  | string
  | { html: string; status?: number; headers?: Record<string, string> }
  | ((known: Known) => string);

/** What a page may need to know of the site: what footfall.version.json says, and the site's second origin. */
export type Known = { file: string; integrity: string; otherUrl: string };

/** What is recorded leaves half a second later at the latest (snippet/pages.ts). */
const LONGEST_TIMER_MS = 500;

/** The tag as a site owner pastes it; `attributes` stand beside `data-site`. */
export const tag = (attributes = '') =>
  `<script defer src="/footfall.js" data-site="shop" ${attributes}></script>`;

/** A page of the site: a title, the tag, a body. */
export const html = (body = '', { title = 'Shop', attributes = '', head = '' } = {}) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>${head}${tag(attributes)}<body>${body}`;

/** One visitor, as the collector heard of them. */
export type Heard = {
  /** The site's two origins. */
  url: string;
  otherUrl: string;
  arrived: Arrived[];
  /** Scripts that were fetched, by file name, with their query. */
  scripts: string[];
  /** CORS preflights to the collector, of all visits: there are never any. */
  preflights: string[];
  events(): TrackedEvent[];
  of<Kind extends EventKind>(kind: Kind): Extract<TrackedEvent, { kind: Kind }>[];
  /** How the collector answers this visitor from now on; `n` counts the tries from 1. */
  answer(next: (n: number) => Answer): void;
  /**
   * Leaves this script unanswered for this visitor. (Not Playwright's `route`: what a page sends on its way out while
   * requests are intercepted may get lost with it.)
   */
  withhold(script: string): void;
  /** Resolves once `condition` holds; rejects with its last failure. */
  until(condition: () => unknown): Promise<unknown>;
};

/** One visitor's browser, driven by the test. */
export type Visit = Heard & {
  context: BrowserContext;
  page: Page;
  /** Resolves once a lazy file is at work: the page's own import of it, which came before this one, has been answered. */
  started(name: string): Promise<unknown>;
  /** Resolves once every timer that an act or a navigation starts has run in the page, and what left then has arrived. */
  quiet(): Promise<void>;
};

type Run = {
  arrived: Arrived[];
  scripts: string[];
  withheld: Set<string>;
  answer: (n: number) => Answer;
  tries: number;
};

/** Starts the site and a browser for a test file. Gives what wraps a test: `test('…', visiting(async (visit) => …))`. */
export function openSite(pages: Record<string, SitePage>, launchArguments: string[] = []) {
  let site: Awaited<ReturnType<typeof startSite>>;
  let browser: Browser;
  beforeAll(async () => {
    site = await startSite(pages);
    browser = await launchBrowser(launchArguments);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  const driven =
    (test: (visit: Visit) => Promise<void>, options: BrowserContextOptions = {}) =>
    async () => {
      const context = await browser.newContext(options);
      const { runId, ...heard } = site.begin();
      const cookie = { name: 'run', value: runId };
      await context.addCookies([heard.url, heard.otherUrl].map((url) => ({ ...cookie, url })));
      const page = await context.newPage();
      let asked = 0;
      const isOurs = (request: Request) => request.method() === 'POST' && request.url().endsWith('/events');
      context.on('request', (request) => {
        if (isOurs(request)) asked += 1;
      });
      context.on('requestfailed', (request) => {
        if (isOurs(request)) asked -= 1;
      });
      const timersHaveRun = () =>
        page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), LONGEST_TIMER_MS + 1);
      const quiet = async () => {
        await timersHaveRun().catch((error: Error) => {
          // The page was on its way to the next, whose timers then are those to wait for.
          if (!error.message.includes('Execution context was destroyed')) throw error;
          return timersHaveRun();
        });
        // Requests that outlive their page arrive, but Playwright does not see them.
        await heard.until(() => expect(heard.arrived.length).toBeGreaterThanOrEqual(asked));
      };
      const started = async (name: string) => {
        const file = `footfall-${name}.js`;
        await heard.until(() => expect(heard.scripts).toContain(file));
        // As text: what Vitest makes of an `import` is not for the page.
        await page.evaluate(`import('/${file}').then(() => undefined)`);
      };
      try {
        await test({ ...heard, context, page, started, quiet });
      } finally {
        await context.close();
      }
    };

  /** A browser of its own without a debugger, in which the page at `path` drives itself. */
  const bare = (path: string, test: (heard: Heard) => Promise<void>) => async () => {
    const { runId, ...heard } = site.begin();
    await browseBare(`${heard.url}/as/${runId}${path}`, () => test(heard));
  };

  return Object.assign(driven, { bare });
}

export async function startSite(pages: Record<string, SitePage>) {
  const built = mkdtempSync(join(tmpdir(), 'footfall-snippet-'));
  await buildQuietly(built);
  const version: Pick<Known, 'file' | 'integrity'> = JSON.parse(
    readFileSync(join(built, 'footfall.version.json'), 'utf8'),
  );
  const runs = new Map<string, Run>();
  const preflights: string[] = [];
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const runId = /run=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    if (pathname.endsWith('/events')) return collect(request, response);
    if (pathname.endsWith('.js')) {
      const run = runs.get(runId);
      run?.scripts.push(basename(request.url ?? ''));
      if (run?.withheld.has(basename(pathname))) return;
      return serveScript(response, built, pathname);
    }
    const [, bareRun, path] = /^\/as\/(\w+)(\/.*)/.exec(pathname) ?? [];
    if (bareRun) {
      response.writeHead(302, { location: path, 'set-cookie': `run=${bareRun}; Path=/` });
      return response.end();
    }
    const found = pages[pathname] ?? { html: html(), status: 404 };
    const page = typeof found === 'function' ? found({ ...version, otherUrl }) : found;
    const { html: text, status = 200, headers = {} } = typeof page === 'object' ? page : { html: page };
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(text.replaceAll(/(data-site="|[?&]site=)([a-z]+)/g, `$1$2-${runId}`));
  }

  async function collect(request: IncomingMessage, response: ServerResponse) {
    if (request.method === 'OPTIONS') preflights.push(request.url ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    // A preflight has no body, and would be one request too many.
    const batch: Batch = JSON.parse(body.toString() || '{"site":"preflight","events":[]}');
    const [id = '', runId = ''] = batch.site.split('-');
    const run = runs.get(runId);
    const { status = 202, delayMs = 0, drop } = run?.answer(++run.tries) ?? {};
    run?.arrived.push({
      contentType: request.headers['content-type'] ?? '',
      bytes: body.length,
      batch: { ...batch, site: id },
      path: request.url ?? '',
      answered: drop ? 0 : status,
      by: request.headers['sec-fetch-mode'] === 'no-cors' ? 'beacon' : 'fetch',
    });
    if (drop) return void request.socket.destroy();
    if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
    response.writeHead(status, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
    response.end('{"accepted":1,"refused":[]}');
  }

  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  // A listening TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  const [url, otherUrl] = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];

  return {
    url,
    otherUrl,
    begin(): Heard & { runId: string } {
      const runId = `run${runs.size + 1}`;
      const run: Run = { arrived: [], scripts: [], withheld: new Set(), answer: () => ({}), tries: 0 };
      runs.set(runId, run);
      const events = () => run.arrived.flatMap(({ batch }) => batch.events);
      return {
        runId,
        url,
        otherUrl,
        arrived: run.arrived,
        scripts: run.scripts,
        preflights,
        events,
        of: <Kind extends EventKind>(kind: Kind) =>
          events().filter((event): event is Extract<TrackedEvent, { kind: Kind }> => event.kind === kind),
        answer(next) {
          run.tries = 0;
          run.answer = next;
        },
        withhold: (script) => run.withheld.add(script),
        until: (condition) => vi.waitFor(condition, { timeout: 15_000, interval: 20 }),
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(built, { recursive: true, force: true });
    },
  };
}

/** A built file under any path: sites serve it from where they like, also under another name (`/s/x.js`). */
function serveScript(response: ServerResponse, built: string, pathname: string) {
  const name = basename(pathname).startsWith('footfall') ? basename(pathname) : 'footfall.js';
  response.writeHead(200, {
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  });
  response.end(readFileSync(join(built, name)));
}

/** The sizes are the build's to tell, not each test's. */
async function buildQuietly(directory: string) {
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await buildSnippet(directory).finally(() => said.mockRestore());
}
