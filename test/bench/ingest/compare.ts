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
  connections: number;
  server: ChildProcess;
  port: number;
  rounds: Measured[];
};

const ROUNDS = Number(process.argv[2] ?? 5);
/** Each sends its next request when the one before is answered, so as many wait at once for the disk at most. */
const FEW = 64;
const MANY = 256;
/** The first requests belong to the compiler. */
const WARM_UP_REQUESTS = { 1: 40_000, 20: 8_000 };
/**
 * Of one slice: some two seconds. Shorter ones scattered from 1.5 to 4.2 times bare: a collection of garbage or a wait
 * for the disk fell into one slice and not into the one beside it.
 */
const REQUESTS = { 1: 40_000, 20: 6_000 };
const HERE = import.meta.dirname;

async function start(name: string, program: string, events: 1 | 20, connections: number): Promise<Contender> {
  const server = fork(join(HERE, `${program}.js`));
  const [port] = await once(server, 'message');
  const contender = { name, eventsPerRequest: events, connections, server, port, rounds: [] };
  await send(contender, WARM_UP_REQUESTS[events]);
  return contender;
}

async function send({ port, eventsPerRequest, connections }: Contender, requests: number): Promise<Round> {
  const numbers = [port, requests, connections, eventsPerRequest];
  const sender = fork(join(HERE, 'sender.js'), numbers.map(String));
  const [round] = await once(sender, 'message');
  return round;
}

async function cpuOf({ server }: Contender): Promise<CpuUse> {
  server.send('cpu');
  const [use] = await once(server, 'message');
  return use;
}

async function measure(contender: Contender): Promise<Measured> {
  const before = await cpuOf(contender);
  const round = await send(contender, contender.eventsPerRequest === 1 ? REQUESTS[1] : REQUESTS[20]);
  const after = await cpuOf(contender);
  const measured = { ...round, cpuMicros: after.cpuMicros - before.cpuMicros };
  contender.rounds.push(measured);
  return measured;
}

const perRequest = ({ cpuMicros, answered }: Measured) => cpuMicros / answered;

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Two slices side by side, the one first and then the other; the ratio of what a request takes. */
async function compare(contender: Contender, reference: Contender, isFirst: boolean): Promise<number> {
  const before = isFirst ? await measure(contender) : undefined;
  const beside = await measure(reference);
  return perRequest(before ?? (await measure(contender))) / perRequest(beside);
}

const bare = await start('bare node:http', 'bare', 1, FEW);
const bareMany = await start('bare node:http', 'bare', 1, MANY);
const bare20 = await start('bare, 20 events', 'bare', 20, FEW);
const pairs = [
  { contender: await start('collector', 'collector', 1, FEW), reference: bare },
  { contender: await start('collector', 'collector', 1, MANY), reference: bareMany },
  { contender: await start('bare, write and fdatasync', 'bare-synced', 1, FEW), reference: bare },
  { contender: await start('collector, 20 events', 'collector', 20, FEW), reference: bare20 },
].map((pair) => ({ ...pair, ratios: [] as number[] }));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { contender, reference, ratios } of pairs)
    ratios.push(await compare(contender, reference, round % 2 === 1));
}

const contenders = [...pairs, ...[bare, bareMany, bare20].map((contender) => ({ contender, ratios: [1] }))];
const table = contenders.map(({ contender: { name, eventsPerRequest, connections, rounds }, ratios }) => {
  const cpuMicros = median(rounds.map(perRequest));
  return {
    server: name,
    connections,
    'CPU µs/request': cpuMicros.toFixed(1),
    least: Math.min(...rounds.map(perRequest)).toFixed(1),
    'ratio to bare': median(ratios).toFixed(2),
    'least and most': `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    'events/s/core': Math.round((1e6 / cpuMicros) * eventsPerRequest),
    'requests/s': Math.round(median(rounds.map(({ answered, seconds }) => answered / seconds))),
    'p99 ms': median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(1),
    refused: rounds.reduce((sum, { refused }) => sum + refused, 0),
  };
});
console.table(table);
for (const { contender } of contenders) contender.server.disconnect();
