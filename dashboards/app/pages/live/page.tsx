import type { LiveRow } from '../../../reports/live/report.ts';
import { LastMinutes, NowRanking } from '../../../reports/live/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportBody, ReportCard } from '../../parts/report-card.tsx';
import { Shortcuts } from '../../shell/shortcuts.tsx';
import { SitePicker } from '../../shell/site-picker.tsx';
import { useView } from '../../state/use-view.ts';
import { Stream } from './stream.tsx';

const EVERY_MS = 5_000;
const PANELS = [
  { dimension: 'page', key: 'pages' },
  { dimension: 'source', key: 'sources' },
  { dimension: 'country', key: 'countries' },
  { dimension: 'device', key: 'devices' },
] as const;

/** Who is here now, and the last half hour as it passes. */
export function LivePage() {
  const { words, format } = useSpeech();
  const { site } = useView();
  const state = useReport<ReportAnswer<LiveRow>>(site.site_id, 'live', {}, { everyMs: EVERY_MS });
  return (
    <>
      <header className="bar">
        <SitePicker />
      </header>
      <main className="page" id="page" tabIndex={-1}>
        <h1>{words.nav.live}</h1>
        <section className="panel" aria-label={words.live.lastHalfHour}>
          <ReportBody state={state} height={320} isEmpty={(answer) => answer.rows.length === 0}>
            {(answer) =>
              answer.rows.map((row) => (
                <div key="now">
                  <dl className="summary">
                    {[
                      { name: words.overview.visitorsNow, value: row.visitors_now },
                      { name: words.live.visitors30, value: row.visitors_30_minutes },
                      { name: words.live.views30, value: row.page_views_30_minutes },
                    ].map(({ name, value }) => (
                      <div className="summary-item" key={name}>
                        <dt>{name}</dt>
                        <dd className="stat-number">{format.number(value)}</dd>
                      </div>
                    ))}
                  </dl>
                  <LastMinutes row={row} />
                </div>
              ))
            }
          </ReportBody>
        </section>
        <div className="panels small">
          {PANELS.map(({ dimension, key }) => (
            <ReportCard key={key} title={words.live.nowBy[key]} height={140} state={state}>
              {(answer) => <NowRanking dimension={dimension} rows={answer.rows[0]?.[key] ?? []} />}
            </ReportCard>
          ))}
        </div>
        <Stream key={site.site_id} />
      </main>
      <Shortcuts leavesTo="/sites/$site/overview" />
    </>
  );
}
