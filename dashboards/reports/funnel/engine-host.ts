/**
 * The engine as the machine's host: ClickHouse runs the module as a function of its own, so that persons are decided where
 * their events lie. Experimental upstream and not everywhere; where it is missing Node decides, with the same numbers.
 */
import { createHash } from 'node:crypto';
import { type Storage, StorageError } from '../../../collector/storage/storage.ts';
import { identifiers, type Sql } from '../../sql.ts';
import { readMachine } from './machine.ts';

/** Another module is another function: versions can share a server. */
function nameOf(code: Buffer): string {
  return `footfall_funnel_${createHash('sha256').update(code).digest('hex').slice(0, 12)}`;
}

type Known = { name: string; ofEvents: Sql; ofDays: Sql; verdicts: Sql };
let known: Known | undefined;

function machineFunction(): Known {
  if (!known) {
    const name = nameOf(readMachine());
    const [days, verdicts] = [`${name}_days`, `${name}_verdicts`];
    const toSql = identifiers([name, days, verdicts]);
    known = { name, ofEvents: toSql(name), ofDays: toSql(days), verdicts: toSql(verdicts) };
  }
  return known;
}

/** The functions' names; machine/main.ts says what they take. They answer a tally, or verdicts: Array(UInt64). */
export function machineSql(): Omit<Known, 'name'> {
  return machineFunction();
}

/**
 * Gives the module to the engine, if it is not there yet; takes a second or two the first time. False where the engine
 * does not take it: no WebAssembly, or not allowed.
 */
export async function installMachine(storage: Storage): Promise<boolean> {
  const { name } = machineFunction();
  try {
    if (await isInstalled(storage, `${name}_verdicts`)) return true;
    await storage.command(ADD_MODULE, { parameters: { name, code: readMachine().toString('base64') } });
    const ofEvents = 'Array(Int64), Array(UInt64), Array(UInt64)';
    await storage.command(createFunction(name, name, 'funnel', ofEvents));
    const ofDays =
      'Array(Int64), Array(UInt64), Array(UInt64), Array(UInt32), Array(UInt64), Array(UInt64), Array(UInt64)';
    await storage.command(createFunction(`${name}_days`, name, 'funnelOfDays', ofDays));
    const ofValues = 'Array(Int64), Array(UInt64), Array(UInt64), Array(UInt64)';
    await storage.command(createFunction(`${name}_verdicts`, name, 'funnelVerdicts', ofValues));
    return true;
  } catch (error) {
    if (error instanceof StorageError && error.code !== undefined) return false;
    throw error;
  }
}

/** A function stays in the list, without its module, where WebAssembly was allowed once and is no longer. */
async function isInstalled(storage: Storage, name: string): Promise<boolean> {
  const listed = await storage.query('SELECT name FROM system.functions WHERE name = {name:String}', {
    parameters: { name },
  });
  if (listed.rows.length === 0) return false;
  try {
    await storage.query(`SELECT ${name}(emptyArrayInt64(), emptyArrayUInt32()) AS tally FROM numbers(0)`);
    return true;
  } catch (error) {
    if (cannotHost(error)) return false;
    throw error;
  }
}

const ADD_MODULE =
  'INSERT INTO system.webassembly_modules (name, code) SELECT {name:String}, base64Decode({code:String})';

/** A name cannot be bound here; ours is letters and digits. */
function createFunction(name: string, module: string, door: string, takes: string): string {
  return `CREATE OR REPLACE FUNCTION ${name} LANGUAGE WASM FROM '${module}' :: '${door}'
ARGUMENTS (${takes}) RETURNS Array(UInt64)
ABI BUFFERED_V1 DETERMINISTIC SETTINGS serialization_format = 'Buffers', webassembly_udf_enable_fuel = 0`;
}

/** Whether the engine has no such function, or could not run it: then Node decides. */
export function cannotHost(error: unknown): boolean {
  return error instanceof StorageError && CANNOT_HOST.has(error.code ?? 0);
}

/** ClickHouse's numbers: unknown function, support is disabled, resource (the module) not found, WebAssembly error. */
const CANNOT_HOST = new Set([46, 344, 674, 770]);
