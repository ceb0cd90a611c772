/** A real ClickHouse that may not run WebAssembly, as servers elsewhere are: over the tables of a test engine that has ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { freePort } from '../collector/engine/engine.ts';

const CHILD = fileURLToPath(new URL('../collector/engine/child.mjs', import.meta.url));

export type PlainEngine = { url: string; stop(): Promise<void> };

/** The directory's functions are kept: somebody allowed WebAssembly once, and does no longer. */
export async function startWithoutWasm(directory: string): Promise<PlainEngine> {
  const config = join(directory, 'config-without-wasm.xml');
  const allowed = readFileSync(join(directory, 'config.xml'), 'utf8');
  const forbidden = allowed.replace(/<(allow_experimental_webassembly_udf)>1</, '<$1>0<');
  if (forbidden === allowed) throw new Error('Expected the setting in config.xml');
  writeFileSync(config, forbidden, { mode: 0o600 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const commandLine = [
    'clickhouse',
    `--path=${join(directory, 'tables')}`,
    `--config-file=${config}`,
    `--http_port=${port}`,
    '--listen_host=127.0.0.1',
    "--query=SYSTEM START LISTEN HTTP; SELECT count() FROM file('-', LineAsString)",
  ];
  const child = spawn(process.execPath, [CHILD, JSON.stringify(commandLine)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await vi.waitFor(
    async () => {
      if (!(await fetch(`${url}/ping`)).ok) throw new Error('Not up yet');
    },
    { timeout: 30_000, interval: 20 },
  );
  return {
    url,
    async stop() {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}
