import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { FunnelAnswer } from '../../../reports/funnel/answer.ts';
import {
  ConversionTimes,
  FunnelTrend,
  NextSteps,
  Separators,
  SummaryRow,
} from '../../../reports/funnel/detail-views.tsx';
import { FunnelView } from '../../../reports/funnel/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { useReport } from '../../api/queries.ts';
import { useSaved } from '../../api/saved.ts';
import { AddToBoard } from '../../parts/add-to-board.tsx';
import { Choices } from '../../parts/choices.tsx';
import type { LoadState } from '../../parts/load-state.ts';
import { ReportBody } from '../../parts/report-card.tsx';
import { intervalsFor } from '../../state/period.ts';
import { type SiteView, useView } from '../../state/use-view.ts';
import { sharedForTile, type TileDraft, type TileView } from '../../tiles/tile.ts';
import { chosenSteps, type Definition, toParameters } from './definition.ts';
import { FUNNEL_TABS, type FunnelTab } from './search.ts';
import { ASKED_BREAKDOWN, useFunnelSeries } from './series.ts';

const PeopleDialog = lazy(() =>
  import('./people-dialog.tsx').then((file) => ({ default: file.PeopleDialog })),
);

const route = getRouteApi('/sites/$site/funnels');

/** How a board draws what is open. */
const TILE_OF: Record<FunnelTab, TileView> = {
  steps: 'funnel',
  time: 'funnel_times',
  trend: 'funnel_trend',
  next: 'funnel_next',
  separators: 'funnel_separators',
};

/** The funnel's answer, one tab at a time; only the open tab is asked for. */
export function Result({ definition }: { definition: Definition }) {
  const { words } = useSpeech();
  const view = useView();
  const { tab = 'steps', people, saved: savedId } = route.useSearch();
  const funnels = useSaved<Record<string, unknown>>(view.site.site_id, 'funnel');
  const saved =
    funnels.status === 'ready' ? funnels.answer.find((one) => one.item_id === savedId) : undefined;
  const navigate = useNavigate();
  const asked = toParameters(definition);
  const steps = chosenSteps(definition);
  const [leftStep, setLeftStep] = useState(1);
  const nextStep = Math.min(leftStep, steps.length - 1);
  const parameters = { ...asParameters(view, definition), ...tabParameters(tab, view, nextStep) };
  const state = useReport<FunnelAnswer>(view.site.site_id, 'funnel', parameters, {
    isOn: asked !== undefined,
  });
  const series = useFunnelSeries(answerOf(state), definition.breakdown?.property);
  const setPeople = (next: string | undefined) =>
    void navigate({ to: '.', search: (before) => ({ ...before, people: next }) });
  const toTile = (drawn: TileView): TileDraft => ({
    title: [
      saved?.name ?? steps.map((step) => step.anyOf[0]).join(' → '),
      tab === 'steps' ? '' : words.funnel.tabs[tab],
      tab === 'next' ? `${words.funnel.leftAfter} ${steps[nextStep - 1]?.anyOf[0] ?? ''}` : '',
    ]
      .filter(Boolean)
      .join(' · '),
    view: drawn,
    options: {
      interval: intervalsFor(view.range).preferred,
      ...(definition.breakdown ? { breakdown: definition.breakdown.property } : {}),
    },
    queries: [
      {
        report: 'funnel',
        parameters: {
          ...asParameters(view, definition),
          ...sharedForTile(definition.breakdown ? { ...view, compared: undefined } : view),
          ...tabParameters(tab, view, nextStep),
        },
      },
    ],
  });
  if (!asked) return <HowTo />;
  return (
    <section className="panel result" aria-label={words.funnel.title}>
      <div className="panel-head">
        <Choices
          label={words.funnel.title}
          options={FUNNEL_TABS.map((value) => ({ value, label: words.funnel.tabs[value] }))}
          picked={tab}
          onPick={(next) => void navigate({ to: '.', search: (before) => ({ ...before, tab: next }) })}
        />
        <AddToBoard tile={toTile(TILE_OF[tab])} />
      </div>
      <ReportBody
        state={state}
        height={520}
        isEmpty={(answer) => answer.summary.entered === 0}
        empty={<NobodyEntered />}
      >
        {(answer) => (
          <>
            <SummaryRow summary={answer.summary} compared={answer.comparison?.summary} />
            {inside(answer)}
          </>
        )}
      </ReportBody>
      {people && (
        <Suspense>
          <PeopleDialog
            asked={people}
            parameters={asParameters(view, definition)}
            property={definition.breakdown?.property}
            onClose={() => setPeople(undefined)}
          />
        </Suspense>
      )}
    </section>
  );

  function inside(answer: FunnelAnswer) {
    switch (tab) {
      case 'steps':
        return (
          <FunnelView
            steps={steps.map((step, index) => ({
              label: step.anyOf.join(` ${words.funnel.or} `),
              isOptional: answer.rows[index]?.is_optional ?? false,
            }))}
            rows={answer.rows}
            series={series}
            groups={
              answer.breakdown && definition.breakdown
                ? { property: definition.breakdown.property, all: answer.breakdown }
                : undefined
            }
            onPick={(step, series) =>
              setPeople(
                [step + 1, 'reached', ...(series.value === undefined ? [] : [series.value])].join('.'),
              )
            }
            onPickDropped={(step) => setPeople(`${step + 1}.dropped`)}
          />
        );
      case 'time':
        return <ConversionTimes answer={answer} />;
      case 'trend':
        return <FunnelTrend rows={answer.trend ?? []} interval={intervalsFor(view.range).preferred} />;
      case 'next':
        return (
          <NextSteps
            rows={answer.next ?? []}
            steps={answer.rows
              .slice(0, -1)
              .map((row, index) => ({ step: index + 1, label: steps[index]?.anyOf[0] ?? row.label }))}
            picked={nextStep}
            onPick={setLeftStep}
          />
        );
      case 'separators':
        return <Separators rows={answer.separators ?? []} />;
    }
  }
}

/** The answer that is on screen: the newest, or the one before while that is on its way. */
function answerOf(state: LoadState<FunnelAnswer>): FunnelAnswer | undefined {
  if (state.status === 'ready') return state.answer;
  return state.status === 'loading' ? state.old : undefined;
}

/** What the funnel and all its tabs and lists are asked with. */
function asParameters(view: SiteView, definition: Definition) {
  const { breakdown } = definition;
  return {
    ...shared(breakdown ? { ...view, compared: undefined } : view),
    ...toParameters(definition),
    ...(breakdown ? { breakdown: { ...breakdown, limit: ASKED_BREAKDOWN } } : {}),
  };
}

function tabParameters(tab: FunnelTab, view: SiteView, step: number) {
  switch (tab) {
    case 'steps':
    case 'time':
      return {};
    case 'trend':
      return { trend: { interval: intervalsFor(view.range).preferred } };
    case 'next':
      return { next: { step, by: 'page' as const } };
    case 'separators':
      return { separators: {} };
  }
}

/** Before there are two steps: what to do, and a start. */
function HowTo() {
  const { words } = useSpeech();
  return (
    <section className="panel">
      <div className="message">
        <strong>{words.funnel.begin}</strong>
        <span>{words.funnel.beginHint}</span>
      </div>
    </section>
  );
}

function NobodyEntered() {
  const { words } = useSpeech();
  return (
    <div className="message">
      <strong>{words.funnel.nobody}</strong>
      <span>{words.funnel.nobodyHint}</span>
    </div>
  );
}
