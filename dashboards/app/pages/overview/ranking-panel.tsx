import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { BreakdownRow } from '../../../reports/breakdown/report.ts';
import { Ranking } from '../../../reports/breakdown/view.tsx';
import type { Dimension } from '../../../reports/dimensions.ts';
import { nameOfField } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { Tabs } from '../../parts/choices.tsx';
import { ReportCard } from '../../parts/report-card.tsx';
import { toggleValue } from '../../state/filters.ts';
import { pickedTab, withTab } from '../../state/panel-tabs.ts';
import { useView } from '../../state/use-view.ts';

const Details = lazy(() => import('./details.tsx').then((file) => ({ default: file.Details })));

const route = getRouteApi('/sites/$site/overview');
const SHOWN = 8;

/** One panel of rankings: a tab per dimension; a click on a row filters by it; "details" opens the whole table. */
export function RankingPanel({
  title,
  dimensions,
}: {
  title: string;
  dimensions: readonly [Dimension, ...Dimension[]];
}) {
  const { words, format } = useSpeech();
  const view = useView();
  const { tabs, details } = route.useSearch();
  const navigate = useNavigate();
  const dimension = pickedTab(tabs, dimensions);
  const state = useReport<ReportAnswer<BreakdownRow>>(view.site.site_id, 'breakdown', {
    ...shared(view),
    dimension,
    limit: SHOWN,
    ...(view.goal ? { goal: view.goal } : {}),
  });
  const picked = view.filters.find((one) => one.field === dimension && one.operator === 'is')?.values ?? [];
  const setDetails = (next: string | undefined) =>
    void navigate({ to: '.', search: (before) => ({ ...before, details: next }) });
  return (
    <ReportCard
      title={title}
      height={322}
      state={state}
      isEmpty={(answer) => answer.rows.length === 0}
      tools={
        <Tabs
          label={title}
          options={dimensions.map((one) => ({ value: one, label: nameOfField(one, words) }))}
          picked={dimension}
          onPick={(next) =>
            void navigate({
              to: '.',
              search: (before) => ({ ...before, tabs: withTab(before.tabs, dimensions, next) }),
            })
          }
        />
      }
    >
      {(answer) => (
        <>
          <Ranking
            dimension={dimension}
            rows={answer.rows}
            compared={answer.compared_rows}
            totalVisitors={answer.totals?.visitors}
            hasGoal={view.goal !== undefined}
            picked={picked}
            onPick={(value) => view.change({ filters: toggleValue(view.filters, dimension, value) })}
          />
          <p className="panel-foot">
            <button type="button" className="more" onClick={() => setDetails(dimension)}>
              {words.app.details}
            </button>
            <span>
              {words.overview.topOf(
                format.number(answer.rows.length),
                format.number(answer.rows[0]?.total_rows),
              )}
            </span>
          </p>
          {details === dimension && (
            <Suspense>
              <Details dimension={dimension} onClose={() => setDetails(undefined)} />
            </Suspense>
          )}
        </>
      )}
    </ReportCard>
  );
}
