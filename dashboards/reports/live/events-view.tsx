import type { ReactNode } from 'react';
import type { RecentDrop } from '../../../collector/recent-drops.ts';
import { nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { LiveEvent } from './stream.ts';

/** Events line by line; each opens to show all that is stored of it. */
export function LiveEvents({
  events,
  timeZone,
  toolsOf,
}: {
  events: LiveEvent[];
  timeZone: string;
  /** What can be done with an event, once it is opened. */
  toolsOf: (event: LiveEvent) => ReactNode;
}) {
  const { words, format } = useSpeech();
  const kinds: Record<string, string> = words.kinds;
  return (
    <ol className="stream">
      {events.map((event) => (
        <li key={event.event_id}>
          <details>
            <summary>
              <span className="quiet number small">{format.time(event.time_ms, timeZone)}</span>{' '}
              <strong>{event.kind === 'custom' ? event.name : (kinds[event.kind] ?? event.kind)}</strong>{' '}
              {event.target || event.path}{' '}
              {event.is_test && <span className="tag warn">{words.live.test}</span>}{' '}
              {event.facts.plan_fault && <span className="tag bad">{words.stream.reasons.unplanned}</span>}
              {event.country && (
                <span className="quiet small"> {nameOfValue('country', event.country, words, format)}</span>
              )}
            </summary>
            <EventFields event={event} tools={toolsOf(event)} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function EventFields({ event, tools }: { event: LiveEvent; tools: ReactNode }) {
  const { words } = useSpeech();
  const { facts, properties, numeric_properties, ...known } = event;
  const fields = Object.entries({ ...known, ...facts }).filter(
    ([, value]) => value !== '' && value !== false,
  );
  const own = Object.entries({ ...properties, ...numeric_properties });
  return (
    <div className="event-fields">
      {own.length > 0 && (
        <>
          <h4>{words.stream.properties}</h4>
          <Fields entries={own} />
        </>
      )}
      <h4>{words.stream.fields}</h4>
      <Fields entries={fields} />
      {tools}
    </div>
  );
}

/** Under the names that the table and the API have for them. */
function Fields({ entries }: { entries: [string, unknown][] }) {
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Events that are in no report, each with its reason; opened, with the sentence that its sender was told. */
export function DroppedEvents({ drops, timeZone }: { drops: RecentDrop[]; timeZone: string }) {
  const { words, format } = useSpeech();
  return (
    <ol className="stream">
      {drops.map((drop) => (
        <li key={drop.drop_id}>
          <details>
            <summary>
              <span className="quiet number small">{format.time(drop.dropped_ms, timeZone)}</span>{' '}
              <span className="tag bad">{words.stream.reasons[drop.reason]}</span>{' '}
              <strong>{drop.events > 1 ? words.stream.events(format.number(drop.events)) : drop.name}</strong>{' '}
              {drop.path}
            </summary>
            <div className="event-fields">
              <p>{drop.message}</p>
              <Fields
                entries={Object.entries(drop).filter(([name, value]) => value !== '' && name !== 'message')}
              />
            </div>
          </details>
        </li>
      ))}
    </ol>
  );
}
