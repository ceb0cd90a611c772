import { useState } from 'react';
import { LiveEvents } from '../../../reports/live/events-view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { useView } from '../../state/use-view.ts';
import { useLiveEvents } from './use-live-events.ts';

/** The event stream: the engineer's debugger. It can be stopped, and narrowed to what contains a text. */
export function Stream() {
  const { words } = useSpeech();
  const { site } = useView();
  const [isOn, setOn] = useState(true);
  const [wanted, setWanted] = useState('');
  const { events, isConnected } = useLiveEvents(site.site_id, isOn);
  const shown = events.filter((event) =>
    [event.kind, event.name, event.path, event.target, event.visitor].some((text) =>
      text.toLowerCase().includes(wanted.toLowerCase()),
    ),
  );
  return (
    <section className="panel" aria-labelledby="stream-title">
      <div className="panel-head">
        <h2 id="stream-title" className="with-explain">
          {words.live.stream}
          <span className={isConnected ? 'live-dot' : 'live-dot idle'} />
        </h2>
        <div className="actions">
          <input
            className="input narrow"
            type="search"
            aria-label={words.live.narrow}
            placeholder={words.live.narrow}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
          <button type="button" className="button small" aria-pressed={!isOn} onClick={() => setOn(!isOn)}>
            {isOn ? words.live.stop : words.live.goOn}
          </button>
        </div>
      </div>
      {shown.length === 0 ? (
        <p className="message">{words.live.waiting}</p>
      ) : (
        <LiveEvents events={shown} timeZone={site.time_zone} />
      )}
    </section>
  );
}
