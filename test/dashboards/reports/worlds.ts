/** Random small worlds in a real engine, each a site of its own, for comparing reports with the oracle. */
import fc from 'fast-check';
import { expect, vi } from 'vitest';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { arbitraryPlace, arbitraryWorld } from '../oracle/random-worlds.ts';
import { toEventRows } from '../oracle/rows.ts';
import type { Period, World } from '../oracle/world.ts';

/** FC_RUNS asks for a longer run, FC_SEED for the same one again. */
const SEED = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);

// Two processors may be shared with a whole test run: a query takes a second then.
vi.setConfig({ testTimeout: 120_000 + Number(process.env.FC_RUNS ?? 0) * 2_000, hookTimeout: 120_000 });

export type Case = { world: World; days: { from: string; to: string } };

const arbitraryCase: fc.Arbitrary<Case> = arbitraryPlace().chain((place) =>
  fc.record({
    world: arbitraryWorld(place, { maxEvents: 40, hasTies: false }),
    days: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 })).map(([first, more]) => {
      const day = (count: number) =>
        new Date(place.startMs + 12 * 3_600_000 + count * 86_400_000).toISOString().slice(0, 10);
      return { from: day(first), to: day(first + more) };
    }),
  }),
);

export type Worlds = {
  engine: TestEngine;
  /** Asks of every world, and says which one differs. */
  compareAll(
    compare: (one: Case, siteId: string) => Promise<{ engine: unknown; oracle: unknown }>,
  ): Promise<void>;
  stop(): Promise<void>;
};

export async function startWorlds(usualRuns: number): Promise<Worlds> {
  const runs = Number(process.env.FC_RUNS ?? usualRuns);
  const engine = await startTestEngine();
  const cases = fc.sample(arbitraryCase, { numRuns: runs, seed: SEED });
  await engine.storage.insert(
    'events',
    cases.flatMap(({ world }, index) => toEventRows(siteOf(index), world.events)),
  );
  return {
    engine,
    async compareAll(compare) {
      for (let first = 0; first < cases.length; first += AT_ONCE)
        await Promise.all(
          cases.slice(first, first + AT_ONCE).map(async (one, offset) => {
            const index = first + offset;
            const { engine: told, oracle } = await compare(one, siteOf(index));
            expect({ index, SEED, told }).toEqual({ index, SEED, told: oracle });
          }),
        );
    },
    stop: () => engine.stop(),
  };
}

/** So many worlds are asked about side by side: most of a small query is waiting. */
const AT_ONCE = 4;

const siteOf = (index: number) => `world-${index}`;

/** What askReport wants to know of a world. */
export function askedIn({ world }: Case) {
  return { nowMs: world.nowMs, site: { timeZone: world.timeZone } };
}

/** The period as milliseconds, by the oracle's reading of days: from the meta of no report. */
export function periodOf({ world, days }: Case): Period {
  const startOf = (day: string) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: world.timeZone });
    let timeMs = Date.parse(`${day}T00:00:00Z`) - 16 * 3_600_000;
    while (format.format(timeMs) < day) timeMs += 1_800_000;
    return timeMs;
  };
  const after = new Date(Date.parse(`${days.to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { fromMs: startOf(days.from), toMs: startOf(after) };
}

export const rounded = (value: number) => Math.round(value * 1e6) / 1e6;
