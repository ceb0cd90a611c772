import { type Condition, matches } from './conditions.ts';
import { type Filter, selectEvents } from './select.ts';
import { type Session, sessionsOf } from './sessions.ts';
import { byTime, countedEvents, isInside, type Period, type World, type WorldEvent } from './world.ts';

export type PathRequest = {
  /** Page views by path, or interactive events that are not page views by name, or both. */
  of: 'pages' | 'events' | 'both';
  /** Begin at the session's first event that fits; sessions without one are left out. */
  from?: readonly Condition[];
  /** End there: without `from` at the last event that fits, looking back; with it at the first one after the start. */
  to?: readonly Condition[];
  /** How many places of a path are shown. Looking back (`to` alone) they are the last ones. */
  depth: number;
  period: Period;
  filter?: Filter;
};

export type Paths = {
  sessions: number;
  /** How many sessions went from one place to the next, by position; counted from 0 at the anchor. */
  edges: Map<string, number>;
  /** How many sessions stood at a place as their last (looking back: first) one, by position. */
  ends: Map<string, number>;
};

/**
 * "Pages or events of a session in order, with start or end anchored, repeated neighbours merged." Sessions belong to the
 * period in which they start. Keys read `0 /a → /b` for edges and `1 /b` for ends.
 */
export function pathsOf(world: World, request: PathRequest): Paths {
  const events = selectEvents(countedEvents(world), request.filter ?? {});
  const walks = sessionsOf(events)
    .filter((session) => isInside(request.period, session.startMs))
    .flatMap((session) => walksOf(session, request));
  const edges = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const walk of walks) {
    walk.slice(0, request.depth).forEach((place, position) => {
      const next = walk[position + 1];
      if (next === undefined) add(ends, `${position} ${place}`);
      else if (position + 1 < request.depth) add(edges, `${position} ${place} → ${next}`);
    });
  }
  return { sessions: walks.length, edges, ends };
}

/** The places of one session from the anchor on (looking back: from the end backwards), or no walk at all. */
function walksOf(session: Session, request: PathRequest): string[][] {
  const places = [...session.events].sort(byTime).filter((event) => nameOf(event, request) !== undefined);
  const part = anchored(places, request);
  if (part === undefined || part.length === 0) return [];
  const names = merged(part.map((event) => nameOf(event, request) ?? ''));
  return [request.from === undefined && request.to !== undefined ? names.reverse() : names];
}

function anchored(
  places: readonly WorldEvent[],
  { from, to }: PathRequest,
): readonly WorldEvent[] | undefined {
  if (from === undefined && to === undefined) return places;
  if (from === undefined) {
    const end = places.findLastIndex((event) => matches(event, to ?? []));
    return end < 0 ? undefined : places.slice(0, end + 1);
  }
  const start = places.findIndex((event) => matches(event, from));
  if (start < 0) return undefined;
  if (to === undefined) return places.slice(start);
  const end = places.findIndex((event, index) => index > start && matches(event, to));
  return end < 0 ? undefined : places.slice(start, end + 1);
}

function nameOf(event: WorldEvent, request: PathRequest): string | undefined {
  if (event.kind === 'page_view') return request.of === 'events' ? undefined : event.path;
  return event.kind === 'custom' && request.of !== 'pages' ? event.name : undefined;
}

function merged(names: readonly string[]): string[] {
  return names.filter((name, index) => name !== names[index - 1]);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
