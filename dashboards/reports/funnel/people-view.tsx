import { useSpeech } from '../../words/words.tsx';
import type { FunnelPerson } from './answer.ts';

type Props = { rows: FunnelPerson[]; timeZone: string; addressOf: (personId: string) => string };

/** People of a funnel, each with the events that matched and the way to the whole timeline. */
export function FunnelPeople({ rows, timeZone, addressOf }: Props) {
  const { words, format } = useSpeech();
  return (
    <ul className="people">
      {rows.map((person) => (
        <li key={`${person.person_id} ${person.entered}`} className="person">
          <p className="person-head">
            <a href={addressOf(person.person_id)}>
              {person.user_id || words.people.anonymous(person.person_id.slice(-6))}
            </a>
            {person.converted && <span className="tag good">{words.funnel.converted}</span>}
            {person.still_converting && <span className="tag warn">{words.funnel.stillConverting}</span>}
          </p>
          <ol className="person-events small">
            {person.events.map((event) => (
              <li key={`${event.step} ${event.time}`}>
                <span className="quiet number">{format.dateTime(event.time, timeZone)}</span>{' '}
                {event.label || event.name}
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  );
}
