import { useSpeech } from '../../words/words.tsx';
import { useReport } from '../api/queries.ts';
import { useView } from '../state/use-view.ts';

const EVERY_MS = 10_000;

/** How many visitors are on the site right now. */
export function LiveCount() {
  const { words, format } = useSpeech();
  const { site } = useView();
  const state = useReport<{ rows: { visitors_now: number }[] }>(
    site.site_id,
    'live',
    {},
    { everyMs: EVERY_MS },
  );
  if (state.status !== 'ready') return null;
  const visitors = state.answer.rows[0]?.visitors_now ?? 0;
  return (
    <span className="live-count small">
      <span key={visitors} className={visitors > 0 ? 'live-dot' : 'live-dot idle'} />
      <span className="live-words">{words.live.now(format.number(visitors), visitors === 1)}</span>
      <span className="live-number" aria-hidden="true">
        {format.number(visitors)}
      </span>
    </span>
  );
}
