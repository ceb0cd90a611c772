/**
 * Compiles the funnel's state machine (machine/, AssemblyScript) to `machine.wasm`: the engine runs it where it may,
 * Node where it may not.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRY = 'machine/main.ts';

export async function buildMachine(directory) {
  const { default: asc } = await import('assemblyscript/asc');
  mkdirSync(directory, { recursive: true });
  const here = dirname(fileURLToPath(import.meta.url));
  const { error, stderr } = await asc.main([
    ENTRY,
    `--baseDir=${here}`,
    `--outFile=${join(directory, 'machine.wasm')}`,
    '--optimizeLevel=3',
    '--noAssert',
    // Memory only grows, and an instance lives for one query.
    '--runtime=stub',
    // The engine gives the module nothing to import.
    '--use=abort=machine/main/abort',
  ]);
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
}
