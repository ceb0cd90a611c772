import { expect, test } from 'vitest';
import { type FunnelDefinition, outcomeOf, slots } from './funnel.ts';
import { eventsOf } from './world.ts';

/** `A@0 B@5`: events by name and time. */
function eventsFrom(text: string) {
  return eventsOf(
    text.split(' ').map((word) => {
      const [name = '', time] = word.split('@');
      return { name, timeMs: Number(time) };
    }),
  );
}

/** `A B? C<5`: steps by name, `?` optional, `<5` within 5 ms of the previous filled step. */
function funnelOf(text: string, more: Partial<FunnelDefinition> = {}): FunnelDefinition {
  const steps = text.split(' ').map((word) => {
    const [name = '', within] = word.split('<');
    return {
      anyOf: [{ event: name.replace('?', '') }],
      isOptional: name.endsWith('?'),
      withinMs: within === undefined ? undefined : Number(within),
    };
  });
  return {
    steps,
    order: 'ordered',
    windowMs: 100,
    exclusions: [],
    isFirstTime: false,
    period: { fromMs: 0, toMs: 1_000 },
    ...more,
  };
}

/** The times of the chosen attempt by step, '-' where a step is skipped or not reached; 'out' if there is none. */
function walk(events: string, definition: FunnelDefinition, nowMs = 10_000): string {
  const outcome = outcomeOf(eventsFrom(events), definition, nowMs);
  if (outcome === undefined) return 'out';
  return slots(outcome.attempt, definition)
    .map((event) => event?.timeMs ?? '-')
    .join(' ');
}

const excludeX = (after: number, before: number) => [{ anyOf: [{ event: 'X' }], after, before }];

test('a person counts at the furthest step any attempt reached', () => {
  expect(walk('A@0 B@5 A@200', funnelOf('A B C'))).toBe('0 5 -');
});

test('of several starts the latest that reaches as far is taken', () => {
  expect(walk('A@0 A@3 B@5 A@7', funnelOf('A B'))).toBe('3 5');
});

test('after the start the earliest times are taken', () => {
  expect(walk('A@0 B@5 B@6 C@9', funnelOf('A B C'))).toBe('0 5 9');
});

test('a later second step is taken where the earliest would break a within', () => {
  expect(walk('A@0 B@5 B@16 C@20', funnelOf('A B C<5'))).toBe('0 16 20');
});

test('within counts from the previous filled step, inclusive', () => {
  expect(walk('A@0 B@5', funnelOf('A B<5'))).toBe('0 5');
  expect(walk('A@0 B@6', funnelOf('A B<5'))).toBe('0 -');
});

test('the window counts from step 1, inclusive, whatever lies between', () => {
  expect(walk('A@0 B@60 C@100', funnelOf('A B C'))).toBe('0 60 100');
  expect(walk('A@0 B@60 C@101', funnelOf('A B C'))).toBe('0 60 -');
});

test('entries lie inside the period, later steps may fall after it', () => {
  const definition = funnelOf('A B', { period: { fromMs: 10, toMs: 20 } });
  expect(walk('A@9 B@11', definition)).toBe('out');
  expect(walk('A@10 B@20', definition)).toBe('10 20');
  expect(walk('A@20 B@21', definition)).toBe('out');
});

test('one event fills at most one step', () => {
  expect(walk('A@0', funnelOf('A A'))).toBe('0 -');
  expect(walk('A@0 A@1', funnelOf('A A'))).toBe('0 1');
});

test('events of one millisecond may be used in any order, each once', () => {
  expect(walk('C@7 B@7 A@7', funnelOf('A B C'))).toBe('7 7 7');
  expect(walk('A@7', funnelOf('A A B'))).toBe('7 - -');
  expect(walk('B@7 A@7 A@7', funnelOf('A A B'))).toBe('7 7 7');
});

test('an optional step may be skipped and is filled where it can be', () => {
  expect(walk('A@0 C@9', funnelOf('A B? C'))).toBe('0 - 9');
  expect(walk('A@0 B@5 C@9', funnelOf('A B? C'))).toBe('0 5 9');
});

test('an optional step never lowers the furthest step', () => {
  // Filling B at 8 would leave only C at 20, which is too late for its within.
  expect(walk('A@0 C@4 B@8 C@20', funnelOf('A B? C<5'))).toBe('0 - 4');
});

test('an optional step is filled even where that delays the steps behind it', () => {
  expect(walk('A@0 C@4 B@8 C@9', funnelOf('A B? C'))).toBe('0 8 9');
});

test('strict order allows no other interactive event between two steps', () => {
  const strict = funnelOf('A B', { order: 'strict' });
  expect(walk('A@0 D@3 B@5', strict)).toBe('0 -');
  expect(walk('A@0 A@3 B@5', strict)).toBe('3 5');
  expect(walk('A@0 D@5 B@5', strict)).toBe('0 5');
});

test('strict order does not mind engagement, vitals, errors and identify', () => {
  const events = eventsOf([
    { name: 'A', timeMs: 0 },
    { kind: 'engagement', timeMs: 1 },
    { kind: 'web_vitals', timeMs: 2 },
    { kind: 'error', timeMs: 3 },
    { kind: 'identify', timeMs: 4 },
    { name: 'B', timeMs: 5 },
  ]);

  expect(outcomeOf(events, funnelOf('A B', { order: 'strict' }), 10_000)?.reached).toBe(2);
});

test('any order counts how many steps are filled, from the earliest filled one', () => {
  const any = funnelOf('A B C', { order: 'any' });
  expect(walk('C@0 A@5 B@100', any)).toBe('0 5 100');
  expect(walk('C@0 A@5 B@101', any)).toBe('5 101 -');
});

test('an exclusion between two steps taints the attempt and takes the person out', () => {
  const definition = funnelOf('A B C', { exclusions: excludeX(0, 1) });
  expect(walk('A@0 X@3 B@5', definition)).toBe('out');
  expect(walk('A@0 B@5 X@7 C@9', definition)).toBe('0 5 9');
});

test('an exclusion in the millisecond of either step does not taint', () => {
  const definition = funnelOf('A B', { exclusions: excludeX(0, 1) });
  expect(walk('X@0 A@0 B@5 X@5', definition)).toBe('0 5');
});

test('where the second step is never reached an exclusion taints to the end of the window, inclusive', () => {
  const definition = funnelOf('A B', { exclusions: excludeX(0, 1) });
  expect(walk('A@0 X@100', definition)).toBe('out');
  expect(walk('A@0 X@101', definition)).toBe('0 -');
});

test('a clean attempt rescues the person', () => {
  const definition = funnelOf('A B C', { exclusions: excludeX(0, 1) });
  expect(walk('A@0 X@3 B@5 A@10 B@12', definition)).toBe('10 12 -');
});

test('a clean attempt that ended earlier does not rescue the person', () => {
  const definition = funnelOf('A B C', { exclusions: excludeX(1, 2) });
  expect(walk('A@0 B@5 X@7 A@200', definition)).toBe('out');
});

test('another event for the step after an exclusion makes a clean attempt', () => {
  const definition = funnelOf('A B C', { exclusions: excludeX(1, 2) });
  expect(walk('A@0 B@1 X@2 B@3 C@4', definition)).toBe('0 3 4');
});

test('an event that is both step and exclusion counts as step', () => {
  const definition = funnelOf('A X B', { exclusions: excludeX(0, 2) });
  expect(walk('A@0 X@1 X@2 B@3', definition)).toBe('0 1 3');
});

test('in any order an attempt ends at the first exclusion and the person keeps what was reached', () => {
  const definition = funnelOf('A B C', { order: 'any', exclusions: excludeX(0, 2) });
  expect(walk('B@0 A@5 X@6 C@7', definition)).toBe('0 5 -');
  expect(walk('B@0 A@5 X@6 C@6', definition)).toBe('0 5 6');
});

test('a person not at the last step is still converting while the window is open', () => {
  const definition = funnelOf('A B');
  const at = (nowMs: number) => outcomeOf(eventsFrom('A@0'), definition, nowMs)?.isStillConverting;
  expect([at(99), at(100)]).toEqual([true, false]);
});

test('a first-time funnel begins with the first event ever that fits step 1', () => {
  const definition = funnelOf('A B', { isFirstTime: true, period: { fromMs: 10, toMs: 90 } });
  expect(walk('A@5 A@20 B@30', definition)).toBe('out');
  expect(walk('A@12 A@20 B@30', definition)).toBe('12 30');
});

test('a funnel of twenty steps can be walked to its end', () => {
  const names = Array.from({ length: 20 }, (_, index) => `S${index}`);
  const outcome = outcomeOf(
    eventsFrom(names.map((name, index) => `${name}@${index}`).join(' ')),
    funnelOf(names.join(' ')),
    10_000,
  );

  expect(outcome?.isConverted).toBe(true);
});
