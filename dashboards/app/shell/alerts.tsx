import { useQuery } from '@tanstack/react-query';
import type { Alert, AlertFacts } from '../../../collector/alerts.ts';
import { useSpeech } from '../../words/words.tsx';
import { request } from '../api/request.ts';
import { useView } from '../state/use-view.ts';

const EVERY_MS = 30_000;

/** What the operator must know: nothing is lost in silence. Each alert is a sentence that says what to do. */
export function Alerts() {
  const { words, format } = useSpeech();
  const { site } = useView();
  const { data: alerts = [] } = useQuery({
    queryKey: ['alerts'],
    queryFn: ({ signal }) =>
      request<{ alerts: Alert[] }>('/api/alerts', { signal }).then((answer) => answer.alerts),
    refetchInterval: EVERY_MS,
  });
  const ours = alerts.filter((alert) => alert.siteId === '' || alert.siteId === site.site_id);
  if (ours.length === 0) return null;
  const said = ({ bytes, maxBytes, freeBytes, waitedMs }: AlertFacts) => ({
    held: format.gigabytes(bytes),
    most: format.gigabytes(maxBytes),
    free: format.gigabytes(freeBytes),
    waited: format.duration(waitedMs),
  });
  return (
    <aside className="banner" aria-label={words.alerts.label}>
      {ours.map((alert) => (
        <p key={`${alert.kind} ${alert.siteId}`}>
          <strong>{words.alerts.kinds[alert.kind]}</strong> {words.alerts.says[alert.kind](said(alert.facts))}{' '}
          <span className="quiet">{words.alerts.since(format.dateTime(alert.since, site.time_zone))}</span>
        </p>
      ))}
    </aside>
  );
}
