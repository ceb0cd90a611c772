import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { DroppedEvents, LiveEvents } from '../../../reports/live/events-view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { useView } from '../../state/use-view.ts';
import { useLiveEvents } from './use-live-events.ts';

const route = getRouteApi('/sites/$site/live');

/** The engineer's debugger: what is stored beside what is dropped, as it arrives. It can be stopped, and narrowed to what contains a text. */
export function Stream() {
  const { words, format } = useSpeech();
  const { site } = useView();
  const { find = '' } = route.useSearch();
  const navigate = useNavigate();
  const [isOn, setOn] = useState(true);
  const { events, drops, isConnected } = useLiveEvents(site.site_id, isOn);
  const shownEvents = events.filter((event) => contains(event, find));
  const shownDrops = drops.filter((drop) =>
    contains({ ...drop, said: words.stream.reasons[drop.reason] }, find),
  );
  const count = (shown: unknown[], all: unknown[]) =>
    find === ''
      ? format.number(all.length)
      : words.stream.countOf(format.number(shown.length), format.number(all.length));
  return (
    <section className="panel" aria-labelledby="stream-title">
      <div className="panel-head">
        <h2 id="stream-title" className="with-explain">
          {words.live.stream}
          <span className={isConnected ? 'live-dot' : 'live-dot idle'} />
          <span className="quiet small" role="status">
            {isOn ? (isConnected ? words.stream.connected : words.stream.connecting) : words.stream.stopped}
          </span>
        </h2>
        <div className="actions">
          <input
            className="input narrow"
            type="search"
            aria-label={words.live.narrow}
            placeholder={words.live.narrow}
            value={find}
            onChange={(event) =>
              void navigate({
                to: '.',
                search: (before) => ({ ...before, find: event.target.value || undefined }),
                replace: true,
              })
            }
          />
          <button type="button" className="button small" aria-pressed={!isOn} onClick={() => setOn(!isOn)}>
            {isOn ? words.live.stop : words.live.goOn}
          </button>
        </div>
      </div>
      <div className="streams">
        <section aria-labelledby="stored-title">
          <h3 id="stored-title" className="stream-title">
            {words.stream.accepted} <span className="quiet">{count(shownEvents, events)}</span>
          </h3>
          {shownEvents.length === 0 ? (
            <p className="message">{events.length > 0 ? words.stream.nothingMatches : words.live.waiting}</p>
          ) : (
            <LiveEvents
              events={shownEvents}
              timeZone={site.time_zone}
              toolsOf={(event) => (
                <CopyButton label={words.stream.copy} text={() => JSON.stringify(event, null, 2)} />
              )}
            />
          )}
        </section>
        <section aria-labelledby="dropped-title">
          <h3 id="dropped-title" className="stream-title">
            {words.stream.dropped} <span className="quiet">{count(shownDrops, drops)}</span>
            <Link
              to="/sites/$site/settings"
              params={{ site: site.site_id }}
              search={{ tab: 'plan' }}
              className="more"
            >
              {words.stream.openQuality}
            </Link>
          </h3>
          {shownDrops.length === 0 ? (
            <p className="message">
              {drops.length > 0 ? words.stream.nothingMatches : words.stream.nothingDropped}
            </p>
          ) : (
            <DroppedEvents drops={shownDrops} timeZone={site.time_zone} />
          )}
        </section>
      </div>
    </section>
  );
}

/** Anywhere in it: a name, a path, a property's value, a reason. */
function contains(item: object, text: string): boolean {
  return text === '' || JSON.stringify(item).toLowerCase().includes(text.toLowerCase());
}
