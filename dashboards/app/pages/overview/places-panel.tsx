import { getRouteApi } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import type { BreakdownRow } from '../../../reports/breakdown/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { toggleValue } from '../../state/filters.ts';
import { pickedTab } from '../../state/panel-tabs.ts';
import { useView } from '../../state/use-view.ts';
import { PanelTabs, pickedValues, RankingCard, RankingFoot } from './ranking-panel.tsx';

// The outlines of the world are heavier than the rest of the page.
const CountryMap = lazy(() =>
  import('../../../reports/breakdown/map-view.tsx').then((file) => ({ default: file.CountryMap })),
);

const route = getRouteApi('/sites/$site/overview');
const TABS = ['map', 'country', 'region', 'city', 'language'] as const;
const ALL_COUNTRIES = 300;

/** Where the visitors are: on the map, or ranked. */
export function PlacesPanel() {
  const { words } = useSpeech();
  const tab = pickedTab(route.useSearch().tabs, TABS);
  const tools = <PanelTabs title={words.overview.places} options={TABS} picked={tab} />;
  if (tab !== 'map') return <RankingCard title={words.overview.places} dimension={tab} tools={tools} />;
  return <MapCard tools={tools} />;
}

function MapCard({ tools }: { tools: ReactNode }) {
  const { words } = useSpeech();
  const view = useView();
  const state = useReport<ReportAnswer<BreakdownRow>>(view.site.site_id, 'breakdown', {
    ...shared({ ...view, compared: undefined }),
    dimension: 'country',
    limit: ALL_COUNTRIES,
    ...(view.goal ? { goal: view.goal, orderBy: 'conversions' } : {}),
  });
  return (
    <ReportCard
      title={words.overview.places}
      height={322}
      state={state}
      isEmpty={(answer) => answer.rows.length === 0}
      tools={tools}
    >
      {(answer) => (
        <>
          <Suspense fallback={<div className="skeleton" />}>
            <CountryMap
              rows={answer.rows}
              totals={answer.totals}
              hasGoal={view.goal !== undefined}
              picked={pickedValues(view.filters, 'country')}
              onPick={(code) => view.change({ filters: toggleValue(view.filters, 'country', code) })}
            />
          </Suspense>
          <RankingFoot dimension="country" rows={answer.rows} />
        </>
      )}
    </ReportCard>
  );
}
