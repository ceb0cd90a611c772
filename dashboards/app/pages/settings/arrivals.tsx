import { useView } from '../../state/use-view.ts';
import { useLiveEvents } from '../live/use-live-events.ts';
import { useSettingsSpeech } from './words.ts';

const SHOWN = 3;

/** While the first page view is awaited: what did arrive, and why it does not count. */
export function Arrivals() {
  const { words, format } = useSettingsSpeech();
  const { site } = useView();
  const { events, drops } = useLiveEvents(site.site_id, true);
  const tests = events.filter((event) => event.is_test).length;
  const reasons = [
    ...new Set(drops.map(({ reason, message }) => `${words.stream.reasons[reason]}: ${message}`)),
  ];
  return (
    <>
      {tests > 0 && (
        <span className="arrival">
          {words.check.testsArrived(format.number(tests))} {words.check.findings.localhost}
        </span>
      )}
      {reasons.slice(0, SHOWN).map((reason) => (
        <span key={reason} className="arrival wrong">
          {words.check.dropped} {reason}
        </span>
      ))}
    </>
  );
}
