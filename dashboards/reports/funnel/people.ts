/** The people behind a bar: as many as it says, the latest entry first, each with the events that filled their steps. */
import { bind, renderSql, sql } from '../../sql.ts';
import type { EventScope } from '../events/scope.ts';
import type { FunnelPerson, MatchedEvent, PeoplePage } from './answer.ts';
import { valuesOf } from './breakdown.ts';
import { labelOf } from './conditions.ts';
import { type Decided, type FunnelWorld, placesOf } from './decide-all.ts';
import type { Definition } from './definition.ts';
import { at } from './events.ts';
import type { FunnelParameters } from './parameters.ts';
import { steppedEvents } from './read-events.ts';

type Listed = {
  id: string;
  furthest: number;
  isOpen: boolean;
  /** By place: when it was filled and the event's bits; undefined where it was not. */
  places: ({ step: number; time: number; bits: number } | undefined)[];
};

export type PeopleList = {
  add(decided: Decided): void;
  page(scope: EventScope, world: FunnelWorld): Promise<PeoplePage>;
};

const PER_PAGE = 50;

export function createPeopleList(definition: Definition, parameters: FunnelParameters): PeopleList {
  const listed: Listed[] = [];
  const { offset = 0, limit = PER_PAGE } = parameters.people ?? {};

  return {
    add(decided) {
      if (isListed(decided, definition, parameters)) listed.push(toListed(decided, definition));
    },
    async page(scope, world) {
      listed.sort((one, other) => startOf(other) - startOf(one) || (one.id < other.id ? -1 : 1));
      const shown = listed.slice(offset, offset + limit);
      const events = shown.length === 0 ? new Map() : await readEvents(shown, scope, parameters, world);
      return {
        total: listed.length,
        offset,
        rows: shown.map((one) => toPerson(one, events.get(one.id) ?? [], definition, parameters)),
      };
    },
  };
}

function startOf({ places }: Listed): number {
  return places[0]?.time ?? 0;
}

/** The same tests by which the tally counts them. */
export function isListed(decided: Decided, definition: Definition, parameters: FunnelParameters): boolean {
  const { people } = parameters;
  if (!people) return false;
  const step = people.step - 1;
  const { furthest, times, isOpen } = decided.attempt;
  const isAtBar = furthest === step && furthest < definition.steps.length - 1;
  const isPicked = {
    reached: definition.steps[step]?.isOptional ? (times[step] ?? -1) >= 0 : furthest >= step,
    dropped: isAtBar && !isOpen,
    still_converting: isAtBar && isOpen,
  }[people.outcome];
  if (!isPicked || people.breakdownValue === undefined) return isPicked;
  return valuesOf(decided, definition, parameters).includes(people.breakdownValue);
}

function toListed({ subject, verdict, attempt }: Decided, definition: Definition): Listed {
  const { events, id } = subject;
  const places = placesOf(definition, events, verdict.filled).map((event, place) =>
    event < 0
      ? undefined
      : {
          step: verdict.filled.indexOf(event),
          time: attempt.times[place] ?? 0,
          bits: at(events.bits, event),
        },
  );
  return { id, furthest: attempt.furthest, isOpen: attempt.isOpen, places };
}

type EventRow = {
  subject_text: string;
  at: number;
  bits: number;
  name: string;
  path: string;
  user_id: string;
};

/** The relevant events of the people shown. */
async function readEvents(
  shown: readonly Listed[],
  scope: EventScope,
  parameters: FunnelParameters,
  { reader, signal }: FunnelWorld,
): Promise<Map<string, EventRow[]>> {
  const events = steppedEvents(
    scope,
    parameters,
    { hasKey: false, hasSubject: true, values: undefined, hasMoney: false },
    ['name', 'path', 'user_id'],
  );
  const { text, parameters: values } = renderSql(sql`
SELECT toString(subject) AS subject_text, at, bitAnd(packed, 16777215) AS bits, toString(name) AS name, path, user_id
FROM (${events}
)
WHERE subject_text IN ${bind(
    'subjects',
    'Array(String)',
    shown.map(({ id }) => id),
  )}
ORDER BY at, bits, name, path`);
  const { rows } = await reader.query<EventRow>(text, { parameters: values, ...(signal && { signal }) });
  const bySubject = new Map<string, EventRow[]>();
  for (const row of rows) {
    const own = bySubject.get(row.subject_text);
    if (own) own.push(row);
    else bySubject.set(row.subject_text, [row]);
  }
  return bySubject;
}

function toPerson(
  listed: Listed,
  events: readonly EventRow[],
  definition: Definition,
  { steps }: FunnelParameters,
): FunnelPerson {
  const left = [...events];
  const matched = listed.places.flatMap((place): MatchedEvent[] => {
    if (!place) return [];
    const index = left.findIndex((event) => event.at === place.time && event.bits === place.bits);
    const [event] = index < 0 ? [] : left.splice(index, 1);
    const step = steps[place.step];
    return [
      {
        step: place.step + 1,
        label: step ? labelOf(step) : '',
        time: place.time,
        name: event?.name ?? '',
        path: event?.path ?? '',
      },
    ];
  });
  return {
    person_id: listed.id,
    user_id: events.find(({ user_id: user }) => user !== '')?.user_id ?? '',
    entered: startOf(listed),
    furthest_step: listed.furthest + 1,
    converted: listed.furthest === definition.steps.length - 1,
    still_converting: listed.isOpen,
    events: matched,
  };
}
