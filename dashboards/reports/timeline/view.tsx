import { groupBy } from '../../charts/group-by.ts';
import { nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { TimelineRow } from './report.ts';

/** All that one person did, session by session, latest first. */
export function Timeline({ rows, timeZone }: { rows: TimelineRow[]; timeZone: string }) {
  const { words, format } = useSpeech();
  return (
    <ol className="timeline">
      {[...groupBy(rows, (row) => row.session_start_ms)].map(([start, events]) => (
        <li key={start} className="timeline-session">
          <h3>{start === 0 ? words.people.outside : format.dateTime(start, timeZone)}</h3>
          <p className="small quiet">{factsOf(events)}</p>
          <ol>
            {events.map((event) => (
              <li key={event.event_id} className="timeline-event">
                <span className="quiet number small">{format.time(event.time_ms, timeZone)}</span>
                <span>
                  <strong>{nameOfEvent(event)}</strong> {event.target || event.path}
                  {event.revenue !== 0 && (
                    <span className="tag good">{format.money(event.revenue, event.currency)}</span>
                  )}
                  {event.is_repeated_order && <span className="tag warn">{words.people.repeated}</span>}
                  {event.engaged_ms > 0 && <span className="tag">{format.duration(event.engaged_ms)}</span>}
                  <Properties event={event} />
                </span>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );

  function nameOfEvent({ kind, name }: TimelineRow): string {
    const known: Record<string, string> = words.kinds;
    return kind === 'custom' ? name : (known[kind] ?? name);
  }

  function factsOf(events: TimelineRow[]): string {
    const [first] = events.toReversed();
    if (!first) return '';
    const facts = [
      nameOfValue('source', first.source, words, format),
      first.country && nameOfValue('country', first.country, words, format),
      first.device && nameOfValue('device', first.device, words, format),
      first.browser,
      first.os,
    ];
    return facts.filter(Boolean).join(' · ');
  }
}

function Properties({ event }: { event: TimelineRow }) {
  const all = Object.entries({ ...event.properties, ...event.numeric_properties });
  if (all.length === 0) return null;
  return <span className="quiet small"> {all.map(([name, value]) => `${name}: ${value}`).join(' · ')}</span>;
}
