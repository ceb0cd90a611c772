// The embedded ClickHouse: one blocking call that lives exactly as long as the parent holds our standard input.
// Plain JavaScript, because Node runs it as it lies here: in the sources under test, copied beside the bundle otherwise.
// Arguments: the ClickHouse command line as one JSON array of strings.
import { createRequire } from 'node:module';
import { getPriority, setPriority } from 'node:os';

const require = createRequire(import.meta.url);
const { DataType, load, open } = require('ffi-rs');
const { resolveLibchdb } = require('chdb/libchdb');

const commandLine = JSON.parse(process.argv[2]);

// Signals meant for the parent's terminal group must not end the engine before the parent has drained into it.
process.on('SIGINT', () => {});

// Receiving comes first: where there is one CPU, a heavy report would keep every 202 waiting. All threads of the engine
// are made from this one and inherit its priority; lowering it needs no rights.
setPriority(Math.min(19, getPriority() + 10));

open({ library: 'chdb', path: resolveLibchdb().path });
const failure = load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.I32,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [commandLine.length, commandLine],
});
process.exit(failure === 0 ? 0 : 1);
