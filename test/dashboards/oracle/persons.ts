import { sessionOf, sessionsOf } from './sessions.ts';
import { byTime, groupBy, type WorldEvent } from './world.ts';

/**
 * DESIGN §4: "Person: the identified user if known, else the visitor." Gives each event's person, as `user:<id>` or
 * `visitor:<id>`. Any event that bears a user names that user, an `identify` like a purchase sent by a server.
 */
export function personsOf(events: readonly WorldEvent[]): Map<WorldEvent, string> {
  const rootOf = aliasRoots(events);
  const users = new Map<WorldEvent, string>();
  for (const reach of reachesOfIdentify(events)) {
    for (const [event, user] of ownersWithin(reach)) users.set(event, user);
  }
  return new Map(
    events.map((event) => {
      // "An event's own user_id wins."
      const user = event.userId || users.get(event);
      return [event, user ? `user:${rootOf(user)}` : `visitor:${event.visitor}`];
    }),
  );
}

/**
 * The runs of events that one identification may claim. "Identify claims the current session and lasting ids, past and
 * future; a cookieless hash is never a bridge": of a lasting id all events, of a cookieless hash those of one session.
 * Either is cut by each `reset`: "after `reset` events are anonymous again".
 */
function reachesOfIdentify(events: readonly WorldEvent[]): WorldEvent[][] {
  const lasting = groupBy(
    events.filter((event) => event.isLasting),
    (event) => event.visitor,
  );
  const sessions = sessionsOf(events);
  const cookieless = groupBy(
    events.filter((event) => !event.isLasting),
    (event) => {
      const session = sessionOf(event, sessions);
      return session === undefined ? `alone:${event.number}` : `${session.visitor} ${session.startMs}`;
    },
  );
  return [...lasting.values(), ...cookieless.values()].flatMap(cutAtResets);
}

/** The `reset` itself, and what happened in its millisecond, still belongs to what was before. */
function cutAtResets(events: readonly WorldEvent[]): WorldEvent[][] {
  const resets = events.filter((event) => event.kind === 'reset').map((event) => event.timeMs);
  const resetsBefore = (event: WorldEvent) => resets.filter((timeMs) => timeMs < event.timeMs).length;
  return [...groupBy(events, (event) => String(resetsBefore(event))).values()];
}

/**
 * "Otherwise the first user ever identified on that lasting id, back to its start or its last `reset`; a second user on it
 * owns only what follows their `identify`": the last user named before the event, else the first named at all.
 */
function ownersWithin(reach: readonly WorldEvent[]): [WorldEvent, string][] {
  const naming = reach.filter((event) => event.userId !== '').sort(byTime);
  const first = naming[0];
  if (first === undefined) return [];
  return reach.map((event) => {
    const latest = naming.filter((other) => other.timeMs < event.timeMs).at(-1);
    return [event, (latest ?? first).userId];
  });
}

/**
 * "`alias` merges two users, the older id wins, always resolved to the root." Users joined by aliases, directly or over
 * others, are one; it is called by the id that was seen first. Which one does not change any count.
 */
function aliasRoots(events: readonly WorldEvent[]): (user: string) => string {
  const pairs = events
    .filter((event) => event.kind === 'alias')
    .map((event) => [event.userId, event.previousUserId] as const);
  const seen = [...events].sort(byTime).flatMap((event) => [event.previousUserId, event.userId]);

  return (user) => {
    const family = new Set([user]);
    for (let size = 0; size < family.size; ) {
      size = family.size;
      for (const [a, b] of pairs) {
        if (family.has(a)) family.add(b);
        if (family.has(b)) family.add(a);
      }
    }
    return seen.find((id) => family.has(id)) ?? user;
  };
}
