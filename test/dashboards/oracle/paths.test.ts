import { expect, test } from 'vitest';
import { type PathRequest, pathsOf } from './paths.ts';
import { eventsOf, type World } from './world.ts';

/** One session for each text of pages; a word without a slash is a custom event. */
function walked(...texts: string[]): World {
  const events = texts.flatMap((text, visitor) =>
    text.split(' ').map((word, index) => ({
      visitor: String(visitor),
      timeMs: index,
      ...(word.startsWith('/') ? { path: word } : { name: word }),
    })),
  );
  return { events: eventsOf(events), nowMs: 1_000, timeZone: 'UTC' };
}

function ask(world: World, more: Partial<PathRequest> = {}) {
  const paths = pathsOf(world, { of: 'pages', depth: 5, period: { fromMs: 0, toMs: 1_000 }, ...more });
  return {
    sessions: paths.sessions,
    edges: Object.fromEntries(paths.edges),
    ends: Object.fromEntries(paths.ends),
  };
}

const page = (path: string) => [{ page: { match: 'exact' as const, path } }];

test('repeated neighbours are merged, other repeats are not', () => {
  expect(ask(walked('/a /a /b /a'))).toEqual({
    sessions: 1,
    edges: { '0 /a → /b': 1, '1 /b → /a': 1 },
    ends: { '2 /a': 1 },
  });
});

test('what lies between two pages of the same name does not part them when events are not asked for', () => {
  expect(ask(walked('/a Ping /a /b')).edges).toEqual({ '0 /a → /b': 1 });
  expect(ask(walked('/a Ping /a'), { of: 'both' }).edges).toEqual({ '0 /a → Ping': 1, '1 Ping → /a': 1 });
});

test('from a page: the walk begins at its first view', () => {
  expect(ask(walked('/x /a /b /a', '/x /b'), { from: page('/a') })).toEqual({
    sessions: 1,
    edges: { '0 /a → /b': 1, '1 /b → /a': 1 },
    ends: { '2 /a': 1 },
  });
});

test('to a page: the walk is read backwards from its last view', () => {
  expect(ask(walked('/x /b /a /y', '/a'), { to: page('/a') })).toEqual({
    sessions: 2,
    edges: { '0 /a → /b': 1, '1 /b → /x': 1 },
    ends: { '2 /x': 1, '0 /a': 1 },
  });
});

test('between two pages: from the first to the first after it', () => {
  expect(ask(walked('/b /a /x /b /y /b', '/a /x'), { from: page('/a'), to: page('/b') })).toEqual({
    sessions: 1,
    edges: { '0 /a → /x': 1, '1 /x → /b': 1 },
    ends: { '2 /b': 1 },
  });
});

test('a session that goes on beyond the depth does not end there', () => {
  expect(ask(walked('/a /b /c', '/a /b'), { depth: 2 })).toEqual({
    sessions: 2,
    edges: { '0 /a → /b': 2 },
    ends: { '1 /b': 1 },
  });
});
