import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { WebVitalsRow } from '../../../reports/web-vitals/report.ts';
import { VitalsTable } from '../../../reports/web-vitals/table-view.tsx';
import { VitalsCards } from '../../../reports/web-vitals/view.tsx';
import { nameOfField } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { AddToBoard } from '../../parts/add-to-board.tsx';
import { Choices } from '../../parts/choices.tsx';
import { ReportBody, ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedForTile } from '../../tiles/tile.ts';
import { VITALS_BY } from './search.ts';

const route = getRouteApi('/sites/$site/vitals');
const SHOWN = 50;

/** How fast the pages were for those who saw them. */
export function VitalsPage() {
  const { words } = useSpeech();
  const view = useView();
  const { by = 'page' } = route.useSearch();
  const navigate = useNavigate();
  const asked = shared({ ...view, compared: undefined });
  const all = useReport<ReportAnswer<WebVitalsRow>>(view.site.site_id, 'web-vitals', asked);
  const parted = useReport<ReportAnswer<WebVitalsRow>>(view.site.site_id, 'web-vitals', {
    ...asked,
    dimension: by,
    limit: SHOWN,
  });
  return (
    <ReportPage title={words.nav.vitals}>
      <ReportBody
        state={all}
        height={180}
        isEmpty={(answer) => answer.rows.length === 0}
        empty={<NoVitals />}
      >
        {(answer) => (
          <>
            <div className="page-tools">
              <AddToBoard
                tile={{
                  title: words.nav.vitals,
                  view: 'vitals',
                  options: {},
                  queries: [
                    {
                      report: 'web-vitals',
                      parameters: sharedForTile({ ...view, compared: undefined }),
                    },
                  ],
                }}
              />
            </div>
            <VitalsCards rows={answer.rows} />
          </>
        )}
      </ReportBody>
      <ReportCard
        title={words.vitals.by(nameOfField(by, words))}
        tools={
          <Choices
            label={words.funnel.breakdown}
            options={VITALS_BY.map((value) => ({ value, label: nameOfField(value, words) }))}
            picked={by}
            onPick={(next) => void navigate({ to: '.', search: (before) => ({ ...before, by: next }) })}
          />
        }
        tile={{
          title: words.vitals.by(nameOfField(by, words)),
          view: 'vitals_by',
          options: { dimension: by },
          queries: [
            {
              report: 'web-vitals',
              parameters: {
                ...sharedForTile({ ...view, compared: undefined }),
                dimension: by,
                limit: SHOWN,
              },
            },
          ],
        }}
        height={360}
        state={parted}
        isEmpty={(answer) => answer.rows.length === 0}
      >
        {(answer) => <VitalsTable dimension={by} rows={answer.rows} />}
      </ReportCard>
    </ReportPage>
  );
}

function NoVitals() {
  const { words } = useSpeech();
  return (
    <section className="panel">
      <div className="message">
        <strong>{words.vitals.none}</strong>
        <span>{words.vitals.noneHint}</span>
      </div>
    </section>
  );
}
