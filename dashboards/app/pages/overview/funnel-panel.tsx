import type { FunnelRow } from '../../../reports/funnel/answer.ts';
import { FunnelView } from '../../../reports/funnel/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type SavedFunnel, useReport, useSavedFunnels } from '../../api/queries.ts';
import { ReportBody, ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';

/** The site's first saved funnel, drawn small. */
export function FunnelPanel() {
  const { words } = useSpeech();
  const { site } = useView();
  const funnels = useSavedFunnels(site.site_id);
  return (
    <ReportCard
      title={words.funnel.title}
      isWide
      height={400}
      state={funnels}
      isEmpty={(answer) => answer.length === 0}
      empty={
        <div className="message">
          <strong>{words.funnel.none}</strong>
          <span>{words.funnel.noneHint}</span>
        </div>
      }
    >
      {(answer) => (answer[0] ? <Drawn funnel={answer[0]} /> : null)}
    </ReportCard>
  );
}

function Drawn({ funnel }: { funnel: SavedFunnel }) {
  const view = useView();
  const state = useReport<{ rows: FunnelRow[] }>(view.site.site_id, 'funnel', {
    ...shared(view),
    ...funnel.body,
  });
  const steps = funnel.body.steps.map((step) => ({ label: JSON.stringify(step), isOptional: false }));
  return (
    <ReportBody state={state} height={380}>
      {(answer) => (
        <FunnelView
          steps={steps}
          rows={answer.rows}
          series={[{ key: 'all', name: '', rows: answer.rows }]}
          isBrief
        />
      )}
    </ReportBody>
  );
}
