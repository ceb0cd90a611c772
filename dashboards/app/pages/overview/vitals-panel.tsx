import { Link } from '@tanstack/react-router';
import { VitalsBrief } from '../../../reports/web-vitals/brief-view.tsx';
import type { WebVitalsRow } from '../../../reports/web-vitals/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedSearch } from '../../state/view.ts';

/** How fast the pages were, in five lines. */
export function VitalsPanel() {
  const { words } = useSpeech();
  const view = useView();
  const state = useReport<ReportAnswer<WebVitalsRow>>(
    view.site.site_id,
    'web-vitals',
    shared({ ...view, compared: undefined }),
  );
  return (
    <ReportCard
      title={words.panels.vitals}
      height={322}
      state={state}
      isEmpty={(answer) => answer.rows.length === 0}
      empty={
        <div className="message">
          <strong>{words.vitals.none}</strong>
          <span>{words.vitals.noneHint}</span>
        </div>
      }
    >
      {(answer) => (
        <>
          <VitalsBrief rows={answer.rows} />
          <p className="panel-foot">
            <Link
              to="/sites/$site/vitals"
              params={{ site: view.site.site_id }}
              search={sharedSearch}
              className="more"
            >
              {words.panels.vitalsMore}
            </Link>
          </p>
        </>
      )}
    </ReportCard>
  );
}
