/** Claims under every order of events: collectors with clocks of their own, calls that fail, ids that come again. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Batch } from '../../collector/insert/batch.ts';
import { createBatchId, toKey } from '../../collector/insert/batch.ts';
import { createClaims } from '../../collector/insert/claims.ts';
import { blameFor } from '../../collector/insert/row-refusal.ts';
import { type Stored, storeBatch } from '../../collector/insert/store-batch.ts';
import { StorageError } from '../../collector/storage/storage.ts';
import { createClaimsDatabase, type Fault } from './claims-database.ts';

const RUNS = Number(process.env.FC_RUNS ?? 1_000);
const SITE = 'shop';
// No claim ends by time here: whoever waits for that waits for ever.
const LASTS_MS = 1e12;

/**
 * What a collector's spool holds: groups of ids, of which each batch takes so many. `refusedId`: of this the collector has
 * a row that the database refuses.
 */
type Plan = { clockMs: number; groupsAtOnce: number; groups: number[][]; refusedId: number | undefined };

const withRefusals = fc.option(fc.nat(2), { nil: undefined, freq: 3 });
const plansWith = (refusedId: fc.Arbitrary<number | undefined>) =>
  fc.array(
    fc.record({
      clockMs: fc.integer({ min: -40, max: 40 }),
      groupsAtOnce: fc.integer({ min: 1, max: 3 }),
      refusedId,
      groups: fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 2, maxLength: 3 },
  );
const faults = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('fine' as const) },
    { weight: 1, arbitrary: fc.constantFrom('lost' as const, 'answer_lost' as const, 'late' as const) },
  ),
  { maxLength: 60 },
);

test.each([
  ['no call fails, though rows be refused', withRefusals, fc.constant<Fault[]>([]).map(inTurn)],
  [
    'calls fail, are heard of by nobody, or come late, though rows be refused',
    withRefusals,
    faults.map(inTurn),
  ],
  [
    'an insert is on its way for long, and cannot be called back, though rows be refused',
    withRefusals,
    fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 2 }).map(onTheWay),
  ],
])(
  '%s: each id is stored once, and nobody waits for a claim to end',
  { timeout: 600_000 },
  async (_, refusedId, ofCalls) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plansWith(refusedId), ofCalls, async (scheduler, planned, faultOf) => {
        const world = createWorld(scheduler, faultOf(), planned);

        await scheduler.waitFor(Promise.all(planned.map((plan, index) => world.collect(plan, index))));
        await scheduler.waitIdle();

        const good = planned.map(({ groups, refusedId }) => groups.flat().filter((id) => id !== refusedId));
        const ids = new Set(good.flat().map(toEventId));
        expect(world.storedIds().toSorted()).toEqual([...ids].toSorted());
      }),
      { numRuns: RUNS },
    );
  },
);

type FaultOf = (what: string) => Fault;

/** Of all calls, in their order; then no more. */
function inTurn(faults: readonly Fault[]) {
  return (): FaultOf => {
    const toCome = [...faults];
    return () => toCome.shift() ?? 'fine';
  };
}

/** Those that come after so many others. */
function onTheWay(insertsBefore: readonly number[]) {
  return (): FaultOf => {
    let inserts = 0;
    return (what) => {
      if (what !== 'insert into events') return 'fine';
      inserts += 1;
      return insertsBefore.includes(inserts - 1) ? 'on_its_way' : 'fine';
    };
  };
}

function createWorld(scheduler: fc.Scheduler, faultOf: FaultOf, planned: readonly Plan[]) {
  let ticks = 0;
  const turn = (what: string) => {
    ticks += 1;
    return scheduler.schedule(Promise.resolve(), what);
  };
  const database = createClaimsDatabase({ turn, faultOf, now: () => ticks });
  /** Batches stored, or Infinity of a collector that has stored everything. */
  const rounds = planned.map(() => 0);
  const sleepers: (() => void)[] = [];

  async function collect({ clockMs, groupsAtOnce, groups, refusedId }: Plan, index: number): Promise<void> {
    // Never two ids of one millisecond, whose random ends would make the order another one in each run.
    const now = () => 1e6 + planned.length * (clockMs + ticks) + index;
    const claims = createClaims({ storage: database.storage, now, lastsMs: LASTS_MS });
    const waiting = groups.map((group) => [...group]);
    const most = groups.length + 4 * planned.length;
    while (waiting.length > 0) {
      const batch = toBatch(waiting.splice(0, groupsAtOnce).flat(), createBatchId(now()), refusedId);
      const { awaited } = await insist((attempt, lastError) =>
        storeBatch(batch, {
          ...{ storage: database.storage, claims, now, blame: blameFor(lastError, attempt) },
          ...{ known: undefined, isRepeated: attempt > 1, isDoubtful: false },
          signal: new AbortController().signal,
          onStep: () => undefined,
        }),
      );
      if (awaited.length > 0) waiting.push(awaited.map(({ eventId }) => Number.parseInt(eventId, 16)));
      finishRound(index, 1);
      if (Number(rounds[index]) > most) throw new Error(`Not stored after ${most} batches`);
      // As in the pause after rows that were awaited: the others come as far, meanwhile.
      while (awaited.length > 0 && Number(rounds[index]) > Math.min(...rounds))
        await new Promise<void>((wake) => sleepers.push(wake));
    }
    finishRound(index, Number.POSITIVE_INFINITY);
  }

  function finishRound(index: number, more: number): void {
    rounds[index] = (rounds[index] ?? 0) + more;
    for (const wake of sleepers.splice(0)) wake();
  }

  async function insist(call: (attempt: number, lastError: unknown) => Promise<Stored>): Promise<Stored> {
    let lastError: unknown;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call(attempt, lastError);
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        lastError = error;
        await turn('tries again');
      }
    }
  }

  return { collect, storedIds: database.storedIds };
}

function toEventId(id: number): string {
  return `${id.toString(16).padStart(8, '0')}-0000-0000-0000-000000000000`;
}

function toBatch(ids: readonly number[], batchId: string, refusedId: number | undefined): Batch {
  const rows = ids.map((id) => {
    const eventId = toEventId(id);
    const facts = { site_id: SITE, event_id: eventId, batch_id: batchId, is_bad: id === refusedId };
    const line = Buffer.from(`${JSON.stringify(facts)}\n`);
    return { key: toKey(SITE, eventId), siteId: SITE, eventId, month: 202611, time: 0, line };
  });
  const isFirst = (eventId: string, index: number) => ids.map(toEventId).indexOf(eventId) === index;
  return {
    batchId,
    rows: rows.filter(({ eventId }, index) => isFirst(eventId, index)),
    repeats: rows.filter(({ eventId }, index) => !isFirst(eventId, index)),
  };
}
