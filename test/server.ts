import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDirectory } from './remove-directory.ts';

const ROOT = join(import.meta.dirname, '..');

/** The whole of Footfall as a process of its own, as `npm start` runs it, on a free port and a directory of its own. */
export type TestServer = {
  /** Where it listens; FOOTFALL_URL does not change it. */
  url: string;
  /** Works once. */
  signInUrl: string;
  siteId: string;
  dataDirectory: string;
  process: ChildProcess;
  /** Everything it has printed so far, both streams. */
  output(): string;
  /** A `Cookie` header of a signed-in owner. */
  signIn(): Promise<string>;
  /** Ends it with `signal` and resolves when it is gone; keeps the data. */
  end(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it in order and removes its data. */
  stop(): Promise<void>;
};

export type TestServerOptions = {
  /** Beside HOST, PORT and FOOTFALL_DATA, which are set already but may be overridden. */
  env?: Record<string, string>;
  /** To start again on the data of an earlier one. */
  dataDirectory?: string;
};

/** Takes about a second. Throws with everything the process printed if it does not come up. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  buildOnce();
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'footfall-server-'));
  const child = spawnServer({ FOOTFALL_DATA: dataDirectory, ...options.env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const exited = once(child, 'exit');
  await waitFor(
    () => /<script .*>/.test(printed),
    exited,
    () => printed,
  );
  const signInUrl = find(printed, /^\s+(http\S+\/sign-in\/\S+)$/m);
  const url = /listens on (http\S+)\)/.exec(printed)?.[1] ?? new URL(signInUrl).origin;

  async function end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  }
  return {
    url,
    signInUrl,
    siteId: find(printed, /data-site="([^"]+)"/),
    dataDirectory,
    process: child,
    output: () => printed,
    async signIn() {
      const answer = await fetch(signInUrl, { redirect: 'manual' });
      return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    },
    end,
    async stop() {
      await end();
      await removeDirectory(dataDirectory);
    },
  };
}

let isBuilt = false;

/** Brings `.build/` up to date with the sources. */
export function buildOnce(): void {
  if (!isBuilt) execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'ignore' });
  isBuilt = true;
}

/** Starts the built server with these settings and none of the outer ones. */
export function spawnServer(env: Record<string, string>): ChildProcess {
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^(HOST|PORT|NODE_OPTIONS|VITEST.*|FOOTFALL_.*)$/.test(name),
  );
  return spawn(process.execPath, ['--enable-source-maps', join(ROOT, '.build/server/main.js')], {
    env: { ...Object.fromEntries(outer), HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Beside other tests on two cores; alone it takes a second. */
const PATIENCE_MS = 50_000;

async function waitFor(
  isThere: () => boolean,
  exited: Promise<unknown>,
  printed: () => string,
): Promise<void> {
  let hasExited = false;
  exited.then(() => {
    hasExited = true;
  });
  const deadline = Date.now() + PATIENCE_MS;
  while (!isThere()) {
    if (hasExited || Date.now() > deadline) throw new Error(`The server did not come up:\n${printed()}`);
    await new Promise((resume) => setTimeout(resume, 10));
  }
}

function find(text: string, pattern: RegExp): string {
  const match = pattern.exec(text)?.[1];
  if (match === undefined) throw new Error(`Expected ${pattern} in:\n${text}`);
  return match;
}
