import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { LifecycleRow } from '../../../reports/lifecycle/report.ts';
import { Lifecycle } from '../../../reports/lifecycle/view.tsx';
import type { RetentionRow } from '../../../reports/retention/report.ts';
import { RetentionCurve, RetentionTriangle } from '../../../reports/retention/view.tsx';
import type { StickinessRow } from '../../../reports/stickiness/report.ts';
import { Stickiness } from '../../../reports/stickiness/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { Choices } from '../../parts/choices.tsx';
import { ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedForTile } from '../../tiles/tile.ts';
import { RETENTION_INTERVALS, RETENTION_MODES } from './search.ts';

const route = getRouteApi('/sites/$site/retention');
const SHOWN = 12;

/** Who comes back: cohorts, the curve of all, the lifecycle, and on how many days the same visitors came. */
export function RetentionPage() {
  const { words } = useSpeech();
  const view = useView();
  const { interval = 'week', mode = 'exact' } = route.useSearch();
  const navigate = useNavigate();
  const asked = shared({ ...view, compared: undefined });
  const site = view.site.site_id;
  const tiled = { ...sharedForTile({ ...view, compared: undefined }), interval };
  const cohorts = { ...tiled, mode: { kind: mode, intervals: SHOWN } };
  const retention = useReport<ReportAnswer<RetentionRow>>(site, 'retention', {
    ...asked,
    interval,
    mode: { kind: mode, intervals: SHOWN },
  });
  const lifecycle = useReport<ReportAnswer<LifecycleRow>>(site, 'lifecycle', { ...asked, interval });
  const stickiness = useReport<ReportAnswer<StickinessRow>>(site, 'stickiness', asked);
  return (
    <ReportPage title={words.nav.retention}>
      <div className="page-head">
        <Choices
          label={words.interval.label}
          options={RETENTION_INTERVALS.map((value) => ({ value, label: words.interval[value] }))}
          picked={interval}
          onPick={(next) => void navigate({ to: '.', search: (before) => ({ ...before, interval: next }) })}
        />
        <Choices
          label={words.retention.mode}
          options={RETENTION_MODES.map((value) => ({ value, label: words.retention.modes[value] }))}
          picked={mode}
          onPick={(next) => void navigate({ to: '.', search: (before) => ({ ...before, mode: next }) })}
        />
      </div>
      <ReportCard
        title={words.retention.triangle}
        tile={{
          title: words.retention.triangle,
          view: 'retention',
          options: { interval },
          queries: [{ report: 'retention', parameters: cohorts }],
        }}
        height={320}
        state={retention}
        isEmpty={(answer) => answer.rows.length === 0}
      >
        {(answer) => (
          <>
            <RetentionTriangle rows={answer.rows} interval={interval} asOf={answer.meta.asOf} />
            <p className="hint">{words.retention.meaning}</p>
          </>
        )}
      </ReportCard>
      <div className="panels">
        <ReportCard
          title={words.retention.curve}
          tile={{
            title: words.retention.curve,
            view: 'retention_curve',
            options: { interval },
            queries: [{ report: 'retention', parameters: cohorts }],
          }}
          height={240}
          state={retention}
          isEmpty={(answer) => answer.rows.length === 0}
        >
          {(answer) => <RetentionCurve rows={answer.rows} interval={interval} />}
        </ReportCard>
        <ReportCard
          title={words.stickiness.title}
          tile={{
            title: words.stickiness.title,
            view: 'stickiness',
            options: {},
            queries: [{ report: 'stickiness', parameters: sharedForTile({ ...view, compared: undefined }) }],
          }}
          height={240}
          state={stickiness}
          isEmpty={(answer) => answer.rows.length === 0}
        >
          {(answer) => <Stickiness rows={answer.rows} />}
        </ReportCard>
        <ReportCard
          title={words.lifecycle.title}
          tile={{
            title: words.lifecycle.title,
            view: 'lifecycle',
            options: { interval },
            queries: [{ report: 'lifecycle', parameters: tiled }],
          }}
          isWide
          height={300}
          state={lifecycle}
          isEmpty={(answer) => answer.rows.length === 0}
        >
          {(answer) => <Lifecycle rows={answer.rows} interval={interval} />}
        </ReportCard>
      </div>
    </ReportPage>
  );
}
