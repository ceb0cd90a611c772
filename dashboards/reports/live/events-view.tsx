import { nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { LiveEvent } from './stream.ts';

/** Events line by line; each opens to show all that is known of it. */
export function LiveEvents({ events, timeZone }: { events: LiveEvent[]; timeZone: string }) {
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
              {event.is_test && <span className="tag warn">{words.live.test}</span>}
              {event.country && (
                <span className="quiet small"> {nameOfValue('country', event.country, words, format)}</span>
              )}
            </summary>
            <code className="code">{JSON.stringify(event, null, 2)}</code>
          </details>
        </li>
      ))}
    </ol>
  );
}
