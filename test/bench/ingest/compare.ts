import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CpuUse } from './served.ts';

type Round = { answered: number; refused: number; seconds: number; p99Ms: number };
type Measured = Round & { cpuMicros: number };
type Contender = {
  name: string;
  program: string;
  eventsPerRequest: number;
  server: ChildProcess;
  port: number;
  rounds: Measured[];
};

const SECONDS = Number(process.argv[2] ?? 4);
const ROUNDS = 3;
const CONNECTIONS = 64;
const HERE = import.meta.dirname;

async function start(name: string, program: string, eventsPerRequest: number): Promise<Contender> {
  const server = fork(join(HERE, `${program}.js`));
  const [port] = await once(server, 'message');
  return { name, program, eventsPerRequest, server, port, rounds: [] };
}

async function send({ port, eventsPerRequest }: Contender, seconds: number): Promise<Round> {
  const sender = fork(join(HERE, 'sender.js'), [port, seconds, CONNECTIONS, eventsPerRequest].map(String));
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
  const round = await send(contender, SECONDS);
  const after = await cpuOf(contender);
  contender.rounds.push({ ...round, cpuMicros: after.cpuMicros - before.cpuMicros });
}

/** The best of the rounds: whatever else the machine does only adds. */
function best({ rounds }: Contender) {
  const perRequest = Math.min(...rounds.map((round) => round.cpuMicros / round.answered));
  const perSecond = Math.max(...rounds.map((round) => round.answered / round.seconds));
  const p99Ms = Math.min(...rounds.map((round) => round.p99Ms));
  return { perRequest, perSecond, p99Ms, refused: rounds.reduce((sum, round) => sum + round.refused, 0) };
}

const contenders = [
  await start('bare node:http', 'bare', 1),
  await start('collector', 'collector', 1),
  await start('bare, 20 events', 'bare', 20),
  await start('collector, 20 events', 'collector', 20),
];
// The first seconds belong to the compiler.
for (const contender of contenders) await send(contender, 2);
for (let round = 0; round < ROUNDS; round += 1) for (const contender of contenders) await measure(contender);

const table = contenders.map((contender) => {
  const { perRequest, perSecond, p99Ms, refused } = best(contender);
  const reference = contenders.find(
    ({ program, eventsPerRequest }) => program === 'bare' && eventsPerRequest === contender.eventsPerRequest,
  );
  return {
    server: contender.name,
    'requests/s': Math.round(perSecond),
    'CPU µs/request': perRequest.toFixed(1),
    'ratio to bare': (perRequest / best(reference ?? contender).perRequest).toFixed(2),
    'events/s/core': Math.round((1e6 / perRequest) * contender.eventsPerRequest),
    'p99 ms': p99Ms.toFixed(1),
    refused,
  };
});
console.table(table);
for (const { server } of contenders) server.disconnect();
