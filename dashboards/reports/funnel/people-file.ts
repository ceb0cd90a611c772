/** All the people behind a bar, the latest entry first, read in one go: what a page of them looks up, each event brings along. */
import { joinSql, sql } from '../../sql.ts';
import type { FunnelPerson, MatchedEvent } from './answer.ts';
import { labelOf } from './conditions.ts';
import { type Decided, placesOf } from './decide-all.ts';
import type { Definition } from './definition.ts';
import { breakdownValues } from './facts.ts';
import { oneLine } from './next.ts';
import type { FunnelParameters } from './parameters.ts';
import { isListed } from './people.ts';
import type { EventValues } from './row-shape.ts';

/** Lines: the event's name, its page, its user; then the value by which the funnel is broken down, if it is. */
export function peopleValues({ breakdown }: FunnelParameters): EventValues {
  const divided = breakdown && breakdownValues(breakdown.property);
  const lines = [sql`toString(name)`, sql`path`, sql`user_id`].map((one) => sql`${oneLine(one)}, '\\n'`);
  return {
    value: sql`concat(${joinSql(lines)}, ${divided?.value ?? sql`''`})`,
    isWanted: sql`false`,
    facts: divided?.facts ?? [],
  };
}

export type PeopleFile = { add(decided: Decided): void; rows(): FunnelPerson[] };

/** From the page's offset on; without a limit to the last. */
export function createPeopleFile(definition: Definition, parameters: FunnelParameters): PeopleFile {
  const people: FunnelPerson[] = [];
  const { offset = 0, limit = Number.POSITIVE_INFINITY } = parameters.people ?? {};
  return {
    add(decided) {
      if (isListed(asDivided(decided), definition, parameters))
        people.push(toPerson(decided, definition, parameters));
    },
    rows: () =>
      people
        .sort((one, other) => other.entered - one.entered || (one.person_id < other.person_id ? -1 : 1))
        .slice(offset, offset + limit),
  };
}

/** With the values that the breakdown knows. */
function asDivided(decided: Decided): Decided {
  const values = decided.subject.values.map((value) => value.split('\n').slice(3).join('\n'));
  return { ...decided, subject: { ...decided.subject, values } };
}

function toPerson(
  { subject, verdict, attempt }: Decided,
  definition: Definition,
  { steps }: FunnelParameters,
): FunnelPerson {
  const last = definition.steps.length - 1;
  const users = subject.values.map((value) => value.split('\n')[2] ?? '');
  const events = placesOf(definition, subject.events, verdict.filled).flatMap(
    (event, place): MatchedEvent[] => {
      if (event < 0) return [];
      const step = verdict.filled.indexOf(event);
      const [name = '', path = ''] = (subject.values[event] ?? '').split('\n');
      const asked = steps[step];
      return [
        { step: step + 1, label: asked ? labelOf(asked) : '', time: attempt.times[place] ?? 0, name, path },
      ];
    },
  );
  return {
    person_id: subject.id,
    user_id: users.find((user) => user !== '') ?? '',
    entered: attempt.times[0] ?? 0,
    furthest_step: attempt.furthest + 1,
    converted: attempt.furthest === last,
    still_converting: attempt.isOpen,
    events,
  };
}
