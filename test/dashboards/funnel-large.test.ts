/** Twenty steps, and one person with a hundred thousand events: hand-counted, by Node and by the engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FunnelAnswer } from '../../dashboards/reports/funnel/answer.ts';
import { ENTRY_BIT, OTHER_BIT } from '../../dashboards/reports/funnel/definition.ts';
import { installMachine } from '../../dashboards/reports/funnel/engine-host.ts';
import { createMachine } from '../../dashboards/reports/funnel/machine.ts';
import { funnelShape } from '../../dashboards/reports/funnel/parameters.ts';
import { answerFunnel } from '../../dashboards/reports/funnel/report.ts';
import { contextOf } from '../../dashboards/reports/run.ts';
import { startTestEngine, type TestEngine } from '../engine.ts';
import { at } from './reports/ask.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const BEGIN_MS = at('2026-11-02 00:00');
const nowMs = at('2026-12-31 12:00');
const site = { siteId: 'shop', timeZone: 'UTC', currency: 'EUR', countsTests: false, firstDay: '2026-11-02' };

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  expect(await installMachine(engine.storage)).toBe(true);
  await engine.storage.command(FILL, { parameters: { begin: BEGIN_MS } });
});
afterAll(() => engine?.stop());

/** Five thousand times s1 to s20, one a second; twenty days later, once, "late". */
const FILL = `
INSERT INTO events (site_id, time, visitor_id, event_id, kind, name, path)
SELECT 'shop', fromUnixTimestamp64Milli({begin:Int64} + if(number = 100000, 20 * 86400, number) * 1000, 'UTC'), 1, generateUUIDv4(),
  'custom', number = 100000 ? 'late' : concat('s', toString(1 + number % 20)), '/'
FROM numbers(100001)`;

type Asked = { order?: string; optional?: boolean; withinMs?: number; exclusions?: object[]; last?: string };

async function ask({ order, optional, withinMs, exclusions, last = 's20' }: Asked, host?: 'node') {
  const names = [...Array.from({ length: 19 }, (_, step) => `s${step + 1}`), last];
  const parameters = funnelShape.parse({
    period: { from: '2026-11-02', to: '2026-11-03' },
    steps: names.map((event, step) => ({
      event,
      ...(optional && step % 2 === 1 && step < 19 && { optional }),
      ...(withinMs !== undefined && step > 0 && { withinMs }),
    })),
    windowMs: HOUR_MS,
    ...(order && { order }),
    ...(exclusions && { exclusions }),
  });
  const world = { reader: engine.reader, nowMs, host };
  const context = await contextOf(parameters, site, world);
  return answerFunnel(parameters, { ...context, firstDay: site.firstDay }, world);
}

const people = ({ rows }: FunnelAnswer) => rows.map((row) => row.people);
const X = [{ event: 'never seen', after: 2, before: 20 }];

const KINDS: [string, Asked][] = [
  ['ordered', {}],
  ['strict', { order: 'strict' }],
  ['in any order', { order: 'any' }],
  ['in any order within a second', { order: 'any', withinMs: SECOND_MS }],
  ['ordered, every second step optional', { optional: true }],
  ['ordered, each within a second, with an exclusion', { withinMs: SECOND_MS, exclusions: X }],
  [
    'ordered, every second step optional, within a second, with an exclusion',
    { optional: true, withinMs: SECOND_MS, exclusions: X },
  ],
  ['strict, every second step optional', { order: 'strict', optional: true }],
];

test.each(KINDS)('%s: the last of five thousand rounds counts, step by step', async (_, asked) => {
  for (const host of ['node', undefined] as const) {
    const answer = await ask(asked, host);

    expect(people(answer)).toEqual(Array(20).fill(1));
    expect(answer.rows.slice(1).map((row) => row.median_ms)).toEqual(Array(19).fill(SECOND_MS));
    expect(answer.summary).toMatchObject({ entered: 1, converted: 1, median_ms: 19 * SECOND_MS });
  }
});

// A start that could not come further than another was walked all the same: the square of the events, or their cube.
test.each(KINDS)(
  '%s: where the last step comes weeks too late, each of the starts ends at the one before',
  async (_, asked) => {
    for (const host of ['node', undefined] as const) {
      const answer = await ask({ ...asked, last: 'late' }, host);

      expect(people(answer)).toEqual([...Array(19).fill(1), 0]);
      expect(answer.rows.map((row) => row.drop_off)).toEqual([...Array(18).fill(0), 1, 0]);
      expect(answer.summary).toMatchObject({ entered: 1, converted: 0, still_converting: 0, excluded: 0 });
    }
  },
);

/** Steps 1 and 2 in turns, a second apart, and at the end step 3, each of the last two to follow within a millisecond. */
test('steps in any order of which two never come soon enough: of a hundred thousand events the last two that may follow are taken', () => {
  const steps = [Number.POSITIVE_INFINITY, 1, 1].map((withinMs) => ({ isOptional: false, withinMs }));
  const decide = createMachine({
    steps,
    order: 'any',
    windowMs: 14 * 24 * HOUR_MS,
    isFirstTime: false,
    exclusions: [],
  });
  const count = 100_000;
  const bits = Int32Array.from(
    { length: count },
    (_, one) => (1 << (one % 3)) | (1 << ENTRY_BIT) | (1 << OTHER_BIT),
  );
  const times = Float64Array.from({ length: count }, (_, one) => one * SECOND_MS);

  // Step 1 has no limit: it may follow any other, however late.
  const { furthest, filled } = decide({ count, bits, times });

  expect(furthest).toBe(1);
  expect(Array.from(filled)).toEqual([99_999, -1, 99_998]);
});
