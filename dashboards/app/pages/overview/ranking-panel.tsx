import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
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
import { sharedForTile } from '../../tiles/tile.ts';

const Details = lazy(() => import('./details.tsx').then((file) => ({ default: file.Details })));

const route = getRouteApi('/sites/$site/overview');
const SHOWN = 8;

/** One panel of rankings: a tab per dimension; a click on a row filters by it; "details" opens the whole table. */
export function RankingPanel({
  title,
  dimensions,
  empty,
}: {
  title: string;
  dimensions: readonly [Dimension, ...Dimension[]];
  empty?: ReactNode;
}) {
  const dimension = pickedTab(route.useSearch().tabs, dimensions);
  return (
    <RankingCard
      title={title}
      dimension={dimension}
      empty={empty}
      tools={<PanelTabs title={title} options={dimensions} picked={dimension} />}
    />
  );
}

/** Which dimension a panel shows. */
export function PanelTabs<Tab extends string>({
  title,
  options,
  picked,
}: {
  title: string;
  options: readonly [Tab, ...Tab[]];
  picked: Tab;
}) {
  const { words } = useSpeech();
  const navigate = useNavigate();
  return (
    <Tabs
      label={title}
      options={options.map((value) => ({
        value,
        label: value === 'map' ? words.map.name : nameOfField(value, words),
      }))}
      picked={picked}
      onPick={(next) =>
        void navigate({
          to: '.',
          search: (before) => ({ ...before, tabs: withTab(before.tabs, options, next) }),
        })
      }
    />
  );
}

type CardProps = { title: string; dimension: Dimension; tools?: ReactNode; empty?: ReactNode };

/** The most frequent values of one dimension. */
export function RankingCard({ title, dimension, tools, empty }: CardProps) {
  const view = useView();
  const { words } = useSpeech();
  const question = {
    dimension,
    limit: SHOWN,
    ...(view.goal ? { goal: view.goal, orderBy: 'conversions' } : {}),
  };
  const state = useReport<ReportAnswer<BreakdownRow>>(view.site.site_id, 'breakdown', {
    ...shared(view),
    ...question,
  });
  return (
    <ReportCard
      title={title}
      height={322}
      state={state}
      isEmpty={(answer) => answer.rows.length === 0}
      empty={empty}
      tools={tools}
      tile={{
        title: nameOfField(dimension, words),
        view: 'breakdown',
        options: { dimension, hasGoal: view.goal !== undefined },
        queries: [{ report: 'breakdown', parameters: { ...sharedForTile(view), ...question } }],
      }}
    >
      {(answer) => (
        <>
          <Ranking
            dimension={dimension}
            rows={answer.rows}
            compared={answer.compared_rows}
            totals={answer.totals}
            hasGoal={view.goal !== undefined}
            picked={pickedValues(view.filters, dimension)}
            onPick={(value) => view.change({ filters: toggleValue(view.filters, dimension, value) })}
          />
          <RankingFoot dimension={dimension} rows={answer.rows} />
        </>
      )}
    </ReportCard>
  );
}

export function pickedValues(filters: ReturnType<typeof useView>['filters'], dimension: Dimension): string[] {
  return filters.find((one) => one.field === dimension && one.operator === 'is')?.values ?? [];
}

/** The way to all values, and how many there are. */
export function RankingFoot({ dimension, rows }: { dimension: Dimension; rows: BreakdownRow[] }) {
  const { words, format } = useSpeech();
  const { details } = route.useSearch();
  const navigate = useNavigate();
  const setDetails = (next: string | undefined) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, details: next, sort: undefined, find: undefined }),
    });
  return (
    <>
      <p className="panel-foot">
        <button type="button" className="more" onClick={() => setDetails(dimension)}>
          {words.app.details}
        </button>
        <span>
          {words.overview.topOf(format.number(rows.length), format.number(rows[0]?.total_rows ?? 0))}
        </span>
      </p>
      {details === dimension && (
        <Suspense>
          <Details dimension={dimension} onClose={() => setDetails(undefined)} />
        </Suspense>
      )}
    </>
  );
}
