import { Link } from '@tanstack/react-router';
import { useSpeech } from '../../words/words.tsx';
import { useSaved } from '../api/saved.ts';
import { Icon } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { useView } from '../state/use-view.ts';
import { sharedSearch } from '../state/view.ts';

/** The segments in force, each a pill that can be taken away. */
export function SegmentPills() {
  const { segments } = useView();
  return segments.map((id) => <SegmentPill key={id} id={id} />);
}

function SegmentPill({ id }: { id: string }) {
  const { words } = useSpeech();
  const { site, segments, change } = useView();
  const saved = useSaved(site.site_id, 'segment');
  const name =
    (saved.status === 'ready' ? saved.answer.find((one) => one.item_id === id)?.name : undefined) ??
    words.app.unknown;
  const said = words.filter.segment(name);
  return (
    <span className="pill">
      <span className="pill-text">{said}</span>
      <button
        type="button"
        className="icon-button"
        aria-label={words.filter.remove(said)}
        onClick={() => change({ segments: segments.filter((one) => one !== id) })}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

/** Saved segments to choose from, and the way to make one. */
export function SegmentPicker() {
  const { words } = useSpeech();
  return (
    <Popover
      align="end"
      className="button plain small"
      name={words.filter.chooseSegment}
      label={
        <>
          <Icon name="segments" />
          {words.filter.segments}
        </>
      }
    >
      {(close) => <SegmentList close={close} />}
    </Popover>
  );
}

function SegmentList({ close }: { close: () => void }) {
  const { words } = useSpeech();
  const { site, segments, change } = useView();
  const saved = useSaved(site.site_id, 'segment');
  const items = saved.status === 'ready' ? saved.answer : [];
  return (
    <>
      {items.map(({ item_id: id, name }) => (
        <button
          key={id}
          type="button"
          className="menu-item"
          aria-current={segments.includes(id)}
          onClick={() => {
            close();
            change({
              segments: segments.includes(id) ? segments.filter((one) => one !== id) : [...segments, id],
            });
          }}
        >
          {name}
          {segments.includes(id) && <Icon name="check" />}
        </button>
      ))}
      {items.length > 0 && <hr className="menu-line" />}
      <Link
        to="/sites/$site/segments"
        from="/sites/$site"
        search={sharedSearch}
        className="menu-item"
        onClick={close}
      >
        {words.filter.makeSegment}
      </Link>
    </>
  );
}
