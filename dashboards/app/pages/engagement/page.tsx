import type { EngagementRow } from '../../../reports/engagement/report.ts';
import { EngagementTable } from '../../../reports/engagement/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedForTile } from '../../tiles/tile.ts';

const SHOWN = 50;

/** How long pages hold their readers, and how far down they read. */
export function EngagementPage() {
  const { words } = useSpeech();
  const view = useView();
  const state = useReport<ReportAnswer<EngagementRow>>(view.site.site_id, 'engagement', {
    ...shared({ ...view, compared: undefined }),
    limit: SHOWN,
  });
  return (
    <ReportPage title={words.nav.engagement}>
      <ReportCard
        title={words.nav.engagement}
        tile={{
          title: words.nav.engagement,
          view: 'engagement',
          options: {},
          queries: [
            {
              report: 'engagement',
              parameters: { ...sharedForTile({ ...view, compared: undefined }), limit: SHOWN },
            },
          ],
        }}
        height={560}
        state={state}
        isEmpty={(answer) => answer.rows.length === 0}
      >
        {(answer) => (
          <>
            <EngagementTable rows={answer.rows} />
            <p className="hint">{words.engagement.meaning}</p>
          </>
        )}
      </ReportCard>
    </ReportPage>
  );
}
