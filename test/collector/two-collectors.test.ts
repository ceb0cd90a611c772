/** Two collectors before one database: an event that came to both is stored once, whoever is where when the other looks. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { InserterOptions } from '../../collector/insert.ts';
import type { EventRow } from '../../collector/row.ts';
import { type Storage, StorageError } from '../../collector/storage/storage.ts';
import { until, withEngine } from './inserter.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { eventRow } from './rows.ts';

const { start, storage } = withEngine();

type Step = Parameters<NonNullable<InserterOptions['onStep']>>[0];

/** One of several collectors: a spool of its own, the database that all share. */
async function collector(
  onStep: (step: Step) => Promise<void> | void = () => undefined,
  disk = createMemoryDisk(),
  // Longer than any test: where none dies, nobody may have to wait for the end of a claim.
  claimLastsMs = 3_600_000,
  options: Partial<InserterOptions> = {},
) {
  const { spool, counters, inserter } = await start(disk, {
    isShared: true,
    claimLastsMs,
    onStep,
    ...options,
    wait: async (ms, signal) => {
      await pause(Math.min(ms, 200));
      signal.throwIfAborted();
    },
  });
  const settled = (site: string) => {
    const counts = counters.read().get(site);
    return (counts?.stored ?? 0) + (counts?.dropped.duplicate ?? 0);
  };
  return { spool, counters, settled, disk, stop: inserter.stop };
}

function sameEvents(site: string, count: number): [EventRow[], EventRow[]] {
  const rows = Array.from({ length: count }, () => eventRow({ site_id: site }));
  const of = (path: string) => rows.map((row) => ({ ...row, path }));
  return [of('/first'), of('/second')];
}

async function stored(site: string) {
  const { rows } = await storage().query<{ rows: number; ids: number; known: number }>(
    `SELECT count() AS rows, uniqExact(event_id) AS ids,
       (SELECT uniqExact(event_id) FROM event_ids WHERE site_id = {site:String}) AS known
     FROM events WHERE site_id = {site:String}`,
    { parameters: { site } },
  );
  return rows[0];
}

/** A promise and what fulfils it. */
function moment() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

/** Lets all go on when so many have come, and ever after. */
function meeting(parties: number) {
  const { promise, resolve } = moment();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === parties) resolve();
    return promise;
  };
}

test.each(['begun', 'known_ids_read', 'claimed'] as const)(
  'both have come as far as "%s" before either goes on: each event is stored once',
  async (place) => {
    const site = `meet-${place.replaceAll('_', '-')}`;
    const meet = meeting(2);
    const onStep = (step: Step) => (step === place ? meet() : undefined);
    const [one, two] = [await collector(onStep), await collector(onStep)];
    const [first, second] = sameEvents(site, 20);

    await Promise.all([one.spool.append(first), two.spool.append(second)]);
    await until(() => one.settled(site) === 20 && two.settled(site) === 20);

    expect(await stored(site)).toEqual({ rows: 20, ids: 20, known: 20 });
  },
);

test.each(['known_ids_read', 'claimed', 'events_inserted', 'ids_written'] as const)(
  'one stands still after "%s" while the other goes on as far as it can: each event is stored once',
  async (place) => {
    const site = `stands-${place.replaceAll('_', '-')}`;
    const held = moment();
    const reached = moment();
    const one = await collector((step) => {
      if (step !== place) return;
      reached.resolve();
      return held.promise;
    });
    const [first, second] = sameEvents(site, 20);
    await one.spool.append(first);
    await reached.promise;
    let batches = 0;
    const two = await collector((step) => {
      if (step === 'finished') batches += 1;
    });

    await two.spool.append([...second, eventRow({ site_id: `${site}-own` })]);
    await until(() => batches >= 2 || two.settled(site) === 20);
    expect(two.settled(`${site}-own`)).toBe(1);
    held.resolve();
    await until(() => one.settled(site) === 20 && two.settled(site) === 20);

    expect(await stored(site)).toEqual({ rows: 20, ids: 20, known: 20 });
  },
);

test('the same events at the same time, over and over, in batches that overlap: each is stored once', async () => {
  const [one, two, three] = [await collector(), await collector(), await collector()];
  const site = 'crowd';
  let sent = 0;

  for (let round = 0; round < 12; round += 1) {
    const [first, second] = sameEvents(site, 10);
    sent += 10;
    await Promise.all([
      one.spool.append(first),
      two.spool.append(second.toReversed()),
      three.spool.append(second.slice(0, 5)),
    ]);
    if (round % 3 === 0) await pause(round);
  }
  await until(
    () => one.settled(site) === sent && two.settled(site) === sent && three.settled(site) === sent / 2,
  );

  expect(await stored(site)).toEqual({ rows: sent, ids: sent, known: sent });
});

test.each(['claimed', 'events_inserted'] as const)(
  'one dies after "%s": the other stores what is not there, once, also when the dead one comes back',
  async (fatal) => {
    const site = `dies-${fatal.replaceAll('_', '-')}`;
    const disk = createMemoryDisk();
    const reached = moment();
    const dead = await collector((step) => {
      if (step !== fatal) return;
      disk.crash(() => 0);
      reached.resolve();
      return new Promise(() => undefined);
    }, disk);
    const [first, second] = sameEvents(site, 20);
    void dead.spool.append(first);
    await reached.promise;
    const other = await collector(undefined, createMemoryDisk(), 8_000);

    await other.spool.append(second);
    await until(() => other.settled(site) === 20);
    const meanwhile = await stored(site);
    const back = await collector(undefined, disk, 8_000);
    await until(() => back.settled(site) === 20);

    // Known as well: the dead one may never come back to say so.
    expect(meanwhile).toEqual({ rows: 20, ids: 20, known: 20 });
    expect(await stored(site)).toEqual({ rows: 20, ids: 20, known: 20 });
  },
);

test('two that are stopped while they wait for each other go on at once when they are started again', async () => {
  const site = 'stopped';
  const bothHaveClaimed = meeting(2);
  const stopping: Promise<void>[] = [];
  const disks = [createMemoryDisk(), createMemoryDisk()];
  const first = await Promise.all(
    disks.map((disk) => {
      const isThrough = moment();
      const insertRaw: Storage['insertRaw'] = async (table, ...rest) => {
        await storage().insertRaw(table, ...rest);
        if (table === 'event_claims') await bothHaveClaimed();
      };
      const onStep = (step: Step) => {
        if (step === 'finished') isThrough.resolve();
      };
      const options = { storage: { ...storage(), insertRaw } };
      return collector(onStep, disk, undefined, options).then((one) => {
        stopping.push(isThrough.promise.then(one.stop));
        return one;
      });
    }),
  );
  const events = sameEvents(site, 20);

  await Promise.all(first.map(({ spool }, index) => spool.append(events[index] ?? [])));
  await Promise.all(stopping);
  await Promise.all(disks.map((disk) => collector(undefined, disk)));
  await until(async () => (await stored(site))?.known === 20);

  expect(await stored(site)).toEqual({ rows: 20, ids: 20, known: 20 });
});

test('one that is stopped in the midst of an insert goes on with it at once when it is started again', async () => {
  const site = 'cut-off';
  const disk = createMemoryDisk();
  const reached = moment();
  const insertRaw: Storage['insertRaw'] = async (table, body, options) => {
    if (table !== 'events') return storage().insertRaw(table, body, options);
    reached.resolve();
    return new Promise((_, reject) =>
      options?.signal?.addEventListener('abort', () => reject(new StorageError('cut off', undefined))),
    );
  };
  const first = await collector(undefined, disk, undefined, { storage: { ...storage(), insertRaw } });
  void first.spool.append(sameEvents(site, 20)[0]);
  await reached.promise;
  await first.stop();

  const again = await collector(undefined, disk);
  await until(() => again.settled(site) === 20);

  expect(await stored(site)).toEqual({ rows: 20, ids: 20, known: 20 });
});
