import { expect, test } from 'vitest';
import { personsOf } from './persons.ts';
import { SESSION_GAP_MS, sessionsOf } from './sessions.ts';
import { countedEvents, eventsOf, type WorldEvent } from './world.ts';

/** The person of each event, in the order listed, without the word `user:`. */
function persons(list: Partial<WorldEvent>[]): string[] {
  return [...personsOf(eventsOf(list)).values()].map((person) => person.replace('user:', ''));
}

const device = { visitor: 'phone', isLasting: true };
const hash = { visitor: 'hash-of-monday', isLasting: false };

test('a visitor nobody has named is a person', () => {
  expect(persons([{ ...device }, { ...hash, timeMs: 1 }])).toEqual([
    'visitor:phone',
    'visitor:hash-of-monday',
  ]);
});

test('identify claims all events of a lasting id, before and after', () => {
  expect(
    persons([
      { ...device, timeMs: 0 },
      { ...device, timeMs: 5e9, kind: 'identify', userId: 'ada' },
      { ...device, timeMs: 9e9 },
    ]),
  ).toEqual(['ada', 'ada', 'ada']);
});

test('a second user on a lasting id owns only what follows', () => {
  expect(
    persons([
      { ...device, timeMs: 0 },
      { ...device, timeMs: 10, kind: 'identify', userId: 'ada' },
      { ...device, timeMs: 20 },
      { ...device, timeMs: 30, kind: 'identify', userId: 'bob' },
      { ...device, timeMs: 40 },
    ]),
  ).toEqual(['ada', 'ada', 'ada', 'bob', 'bob']);
});

test('an own user id wins over whoever holds the lasting id', () => {
  expect(
    persons([
      { ...device, timeMs: 10, kind: 'identify', userId: 'ada' },
      { ...device, timeMs: 20, kind: 'identify', userId: 'bob' },
      { ...device, timeMs: 30, userId: 'ada' },
    ]),
  ).toEqual(['ada', 'bob', 'ada']);
});

test('after a reset events are anonymous again, until the next identify', () => {
  expect(
    persons([
      { ...device, timeMs: 10, kind: 'identify', userId: 'ada' },
      { ...device, timeMs: 20, kind: 'reset' },
      { ...device, timeMs: 30 },
      { ...device, timeMs: 40, kind: 'reset' },
      { ...device, timeMs: 50 },
      { ...device, timeMs: 60, kind: 'identify', userId: 'bob' },
    ]),
  ).toEqual(['ada', 'ada', 'visitor:phone', 'visitor:phone', 'bob', 'bob']);
});

test('two devices of one user are one person', () => {
  expect(
    persons([
      { ...device, timeMs: 0 },
      { ...device, timeMs: 1, kind: 'identify', userId: 'ada' },
      { visitor: 'laptop', timeMs: 2 },
      { visitor: 'laptop', timeMs: 3, userId: 'ada' },
    ]),
  ).toEqual(['ada', 'ada', 'ada', 'ada']);
});

test('a cookieless identify claims its session and no other of the day', () => {
  const next = SESSION_GAP_MS + 1;
  expect(
    persons([
      { ...hash, timeMs: 0 },
      { ...hash, timeMs: 1, kind: 'identify', userId: 'ada' },
      { ...hash, timeMs: 2 },
      { ...hash, timeMs: 2 + next },
    ]),
  ).toEqual(['ada', 'ada', 'ada', 'visitor:hash-of-monday']);
});

test('two users behind one address and browser stay two persons', () => {
  const next = SESSION_GAP_MS + 1;
  expect(
    persons([
      { ...hash, timeMs: 0, userId: 'ada' },
      { ...hash, timeMs: 1, userId: 'bob' },
      { ...hash, timeMs: 1 + next },
      { ...hash, timeMs: 2 + next, userId: 'bob' },
    ]),
  ).toEqual(['ada', 'bob', 'bob', 'bob']);
});

test('one cookieless person over two days is two persons', () => {
  expect(persons([{ ...hash }, { ...hash, visitor: 'hash-of-tuesday' }])).toEqual([
    'visitor:hash-of-monday',
    'visitor:hash-of-tuesday',
  ]);
});

test('aliases join users over several links, and the one seen first gives the name', () => {
  expect(
    persons([
      { ...device, timeMs: 0, userId: 'ada@old' },
      { visitor: 'laptop', timeMs: 1, userId: 'ada' },
      { visitor: 'tablet', timeMs: 2, userId: 'ada@new' },
      { visitor: 'server', timeMs: 3, kind: 'alias', userId: 'ada', previousUserId: 'ada@old' },
      { visitor: 'server', timeMs: 4, kind: 'alias', userId: 'ada@new', previousUserId: 'ada' },
    ]),
  ).toEqual(['ada@old', 'ada@old', 'ada@old', 'ada@old', 'ada@old']);
});

test('a server event with the lasting id and a user names that user on it', () => {
  expect(
    persons([
      { ...device, timeMs: 0 },
      { ...device, timeMs: 1, name: 'Paid', sentBy: 'server', userId: 'ada' },
    ]),
  ).toEqual(['ada', 'ada']);
});

test('consent in mid-visit keeps one visitor, and leaves the neighbours behind the address alone', () => {
  const world = {
    events: eventsOf([
      { ...hash, path: '/', timeMs: 0 },
      { ...device, path: '/b', timeMs: 1_000, cookielessVisitor: 'hash-of-monday' },
      { ...device, timeMs: 2_000, kind: 'identify', userId: 'ada' },
      { ...hash, path: '/', timeMs: 3_000 },
    ]),
    nowMs: 10_000,
    timeZone: 'UTC',
  };
  const counted = countedEvents(world);

  expect([...personsOf(counted).values()]).toEqual([
    'user:ada',
    'user:ada',
    'user:ada',
    'visitor:hash-of-monday',
  ]);
  expect(sessionsOf(counted).map((session) => [session.startMs, session.pageViews])).toEqual([
    [0, 2],
    [3_000, 1],
  ]);
});
