import { type Condition, matches } from './conditions.ts';
import { personsOf } from './persons.ts';
import { type Session, type SessionFact, sessionOf, sessionsOf } from './sessions.ts';
import { byTime, type WorldEvent } from './world.ts';

/** All that are given must hold. */
export type Filter = {
  /** "Source, campaign, device, country are facts of the session." */
  session?: Partial<Record<SessionFact, string>>;
  /** "A page or event filter selects the sessions that contain it": at least one event that fits. */
  contains?: readonly Condition[];
  /** "Traits select persons": by the last value any `identify` of theirs brought. */
  traits?: Record<string, string>;
};

/**
 * The events a report looks at. A session filter keeps all events of the sessions it selects, so that it "never hides the
 * goal's own event". An event outside any session (a server's) is kept where its person has a selected session.
 */
export function selectEvents(events: readonly WorldEvent[], filter: Filter): WorldEvent[] {
  const persons = personsOf(events);
  const sessions = sessionsOf(events);
  const selected = sessions.filter((session) => isSelected(session, filter));
  const selectedPersons = new Set(
    selected.flatMap((session) => session.events.map((event) => persons.get(event))),
  );
  const filtersSessions = filter.session !== undefined || filter.contains !== undefined;

  return events.filter((event) => {
    if (!hasTraits(persons.get(event), events, persons, filter)) return false;
    if (!filtersSessions) return true;
    const session = sessionOf(event, sessions);
    return session === undefined ? selectedPersons.has(persons.get(event)) : selected.includes(session);
  });
}

function isSelected(session: Session, filter: Filter): boolean {
  const { facts } = session;
  const wanted = filter.session ?? {};
  const hasFacts = (['source', 'medium', 'campaign', 'country', 'device'] as const).every(
    (fact) => wanted[fact] === undefined || facts[fact] === wanted[fact],
  );
  const { contains } = filter;
  return hasFacts && (contains === undefined || session.events.some((event) => matches(event, contains)));
}

function hasTraits(
  person: string | undefined,
  events: readonly WorldEvent[],
  persons: ReadonlyMap<WorldEvent, string>,
  filter: Filter,
): boolean {
  if (filter.traits === undefined) return true;
  const told = events
    .filter((event) => event.kind === 'identify' && persons.get(event) === person)
    .sort(byTime);
  return Object.entries(filter.traits).every(
    ([trait, value]) =>
      told.filter((event) => event.texts[trait] !== undefined).at(-1)?.texts[trait] === value,
  );
}
