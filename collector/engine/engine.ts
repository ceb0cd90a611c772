import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClickHouseAddress } from '../storage/clickhouse.ts';
import { endPreviousEngine } from './previous-engine.ts';
import { type EngineSecrets, engineConfig, engineUsers, OWNER, READER } from './settings.ts';

/** A running embedded ClickHouse. Its address stays the same when the process behind it is restarted. */
export interface Engine {
  readonly url: string;
  readonly secrets: EngineSecrets;
  /** Process id of the engine as it runs now; undefined between two lives. */
  pid(): number | undefined;
  /** Ends the engine in order: its tables are flushed, its process is gone when this resolves. Never throws. */
  stop(): Promise<void>;
}

export type EngineOptions = {
  /** Where tables, configuration and secrets lie. Created if missing. */
  directory: string;
  /** Bound on the memory of all queries and merges together. */
  memoryBytes?: number;
  /** Told when the engine died by itself and is being restarted, with the reason. */
  onRestart?: (reason: string) => void;
};

/** The embedded engine could not be started; the message is one sentence for the operator. */
export class EngineError extends Error {
  override name = 'EngineError';
}

/** How to reach a running engine as one of its two users. */
export function engineAddress(
  engine: Pick<Engine, 'url' | 'secrets'>,
  as: 'owner' | 'reader',
  database: string,
): ClickHouseAddress {
  return {
    url: engine.url,
    user: as === 'owner' ? OWNER : READER,
    password: engine.secrets[as],
    database,
    headers: { 'x-footfall-gate': engine.secrets.gate },
  };
}

const START_TIMEOUT_MS = 30_000;
const RESTART_DELAY_MS = 200;
const LONGEST_RESTART_DELAY_MS = 5_000;

/**
 * Starts ClickHouse as a child process and resolves once it answers. If it dies it is started again on the same port.
 * Throws EngineError if it does not come up: no build for this platform, an unusable directory.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  mkdirSync(options.directory, { recursive: true });
  await endPreviousEngine(options.directory);
  forgetFunctions(options.directory);
  const secrets = readSecrets(options.directory);
  writeSettings(options.directory, secrets, options.memoryBytes ?? 1_200_000_000);

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let stopping = false;

  async function live(): Promise<void> {
    child = launch(options.directory, port);
    const stderr = collect(child);
    const died = once(child, 'exit');
    await waitUntilUp(url, died, stderr);
    died.then(([code, signal]) => {
      child = undefined;
      if (!stopping)
        revive(`ClickHouse ended (${signal ?? `exit code ${code}`}) ${stderr()}`.trim(), RESTART_DELAY_MS);
    });
  }

  function revive(reason: string, delayMs: number): void {
    options.onRestart?.(reason);
    setTimeout(() => {
      if (stopping) return;
      live().catch((error: Error) => revive(error.message, Math.min(delayMs * 2, LONGEST_RESTART_DELAY_MS)));
    }, delayMs);
  }

  await live();
  return {
    url,
    secrets,
    pid: () => child?.pid,
    async stop() {
      stopping = true;
      const leaving = child;
      if (!leaving || leaving.exitCode !== null || leaving.signalCode !== null) return;
      const gone = once(leaving, 'exit');
      leaving.stdin?.end();
      const patience = setTimeout(() => leaving.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(patience);
      rmSync(join(options.directory, 'pid'), { force: true });
    },
  };
}

/** Functions of a life before would be compiled before the engine answers: half a second. Whoever wants one brings it anew. */
function forgetFunctions(directory: string): void {
  for (const kept of ['user_defined', 'user_scripts'])
    rmSync(join(directory, 'tables', kept), { recursive: true, force: true });
}

function launch(directory: string, port: number): ChildProcess {
  const script = fileURLToPath(new URL('./child.mjs', import.meta.url));
  const commandLine = [
    'clickhouse',
    `--path=${join(directory, 'tables')}`,
    `--config-file=${join(directory, 'config.xml')}`,
    `--http_port=${port}`,
    '--listen_host=127.0.0.1',
    "--query=SYSTEM START LISTEN HTTP; SELECT count() FROM file('-', LineAsString)",
  ];
  const child = spawn(process.execPath, [script, JSON.stringify(commandLine)], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // The engine keeps its own counsel: no NODE_OPTIONS of ours (inspector, loaders) may reach it.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.stdin?.on('error', () => {}); // EPIPE when the engine died first: its exit is handled, the pipe need not be.
  if (child.pid !== undefined) writeFileSync(join(directory, 'pid'), String(child.pid));
  return child;
}

/** Keeps the last lines the engine complained with. */
function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2_000);
  });
  return () => text.trim();
}

async function waitUntilUp(url: string, died: Promise<unknown[]>, stderr: () => string): Promise<void> {
  let exit: unknown[] | undefined;
  died.then((how) => {
    exit = how;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!exit) {
    if (await answers(url)) return;
    if (Date.now() > deadline)
      throw new EngineError('The embedded ClickHouse did not answer within 30 seconds.');
    await new Promise((resume) => setTimeout(resume, 10));
  }
  throw new EngineError(startFailure(stderr()));
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/ping`, { headers: { connection: 'close' } });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false; // Not listening yet: the caller asks again.
  }
}

function startFailure(stderr: string): string {
  if (/Cannot find module|MODULE_NOT_FOUND|libchdb/.test(stderr)) {
    return (
      'The embedded ClickHouse (npm package chdb) has no build for this platform ' +
      `(${process.platform} ${process.arch}): set FOOTFALL_CLICKHOUSE_URL to a ClickHouse server.`
    );
  }
  return `The embedded ClickHouse did not start: ${stderr || 'it gave no reason'}`;
}

function readSecrets(directory: string): EngineSecrets {
  const file = join(directory, 'secrets.json');
  try {
    // Our own file, written below; a hand-edited one fails at sign-in with ClickHouse's own words.
    return JSON.parse(readFileSync(file, 'utf8')) as EngineSecrets;
  } catch {
    const secrets = { owner: secret(), reader: secret(), gate: secret() };
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
    return secrets;
  }
}

function writeSettings(directory: string, secrets: EngineSecrets, memoryBytes: number): void {
  const usersFile = join(directory, 'users.xml');
  writeFileSync(usersFile, engineUsers(secrets), { mode: 0o600 });
  chmodSync(usersFile, 0o600);
  writeFileSync(join(directory, 'config.xml'), engineConfig(usersFile, secrets, memoryBytes), {
    mode: 0o600,
  });
}

/** A port of this machine's loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new EngineError('No free port on 127.0.0.1.');
  return address.port;
}

const secret = () => randomBytes(24).toString('hex');
