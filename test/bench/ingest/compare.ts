import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CpuUse } from './served.ts';

type Round = { answered: number; refused: number; seconds: number; p99Ms: number };
type Measured = Round & { cpuMicros: number };
type Contender = {
  name: string;
  eventsPerRequest: number;
  /** Whose CPU per request is 1 for it. */
  reference: string;
  server: ChildProcess;
  port: number;
  rounds: Measured[];
};

const ROUNDS = Number(process.argv[2] ?? 7);
const CONNECTIONS = 64;
/** The first requests belong to the compiler. */
const WARM_UP_REQUESTS = { 1: 40_000, 20: 8_000 };
const REQUESTS = { 1: 16_000, 20: 4_000 };
const HERE = import.meta.dirname;

async function start(name: string, program: string, events: 1 | 20, reference: string): Promise<Contender> {
  const server = fork(join(HERE, `${program}.js`));
  const [port] = await once(server, 'message');
  const contender = { name, eventsPerRequest: events, reference, server, port, rounds: [] };
  await send(contender, WARM_UP_REQUESTS[events]);
  return contender;
}

async function send({ port, eventsPerRequest }: Contender, requests: number): Promise<Round> {
  const numbers = [port, requests, CONNECTIONS, eventsPerRequest];
  const sender = fork(join(HERE, 'sender.js'), numbers.map(String));
  const [round] = await once(sender, 'message');
  return round;
}

async function cpuOf({ server }: Contender): Promise<CpuUse> {
  server.send('cpu');
  const [use] = await once(server, 'message');
  return use;
}

async function measure(contender: Contender): Promise<void> {
  const before = await cpuOf(contender);
  const round = await send(contender, contender.eventsPerRequest === 1 ? REQUESTS[1] : REQUESTS[20]);
  const after = await cpuOf(contender);
  contender.rounds.push({ ...round, cpuMicros: after.cpuMicros - before.cpuMicros });
}

const perRequest = ({ cpuMicros, answered }: Measured) => cpuMicros / answered;

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Round by round beside the reference, which ran a moment before: what else the machine does then weighs on both. */
function ratios(contender: Contender, contenders: readonly Contender[]): number[] {
  const reference = contenders.find(({ name }) => name === contender.reference) ?? contender;
  return contender.rounds.map((round, index) => {
    const beside = reference.rounds[index];
    return beside === undefined ? Number.NaN : perRequest(round) / perRequest(beside);
  });
}

const contenders = [
  await start('bare node:http', 'bare', 1, 'bare node:http'),
  await start('collector', 'collector', 1, 'bare node:http'),
  await start('bare, write and fdatasync', 'bare-synced', 1, 'bare node:http'),
  await start('bare, 20 events', 'bare', 20, 'bare, 20 events'),
  await start('collector, 20 events', 'collector', 20, 'bare, 20 events'),
];
for (let round = 0; round < ROUNDS; round += 1) for (const contender of contenders) await measure(contender);

const table = contenders.map((contender) => {
  const { name, eventsPerRequest, rounds } = contender;
  const cpuMicros = median(rounds.map(perRequest));
  const all = ratios(contender, contenders);
  return {
    server: name,
    'CPU µs/request': cpuMicros.toFixed(1),
    'ratio to bare': median(all).toFixed(2),
    'least and most': `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}`,
    'events/s/core': Math.round((1e6 / cpuMicros) * eventsPerRequest),
    'requests/s': Math.round(median(rounds.map(({ answered, seconds }) => answered / seconds))),
    'p99 ms': median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(1),
    refused: rounds.reduce((sum, { refused }) => sum + refused, 0),
  };
});
console.table(table);
for (const { server } of contenders) server.disconnect();
