import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FunnelAnswer } from '../../../reports/funnel/answer.ts';
import {
  ConversionTimes,
  FunnelTrend,
  NextSteps,
  Separators,
  SummaryRow,
} from '../../../reports/funnel/detail-views.tsx';
import { type FunnelSeries, FunnelView } from '../../../reports/funnel/view.tsx';
import { nameOfValue } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { useReport } from '../../api/queries.ts';
import { Choices } from '../../parts/choices.tsx';
import { ReportBody } from '../../parts/report-card.tsx';
import { intervalsFor } from '../../state/period.ts';
import { type SiteView, useView } from '../../state/use-view.ts';
import { chosenSteps, type Definition, toParameters } from './definition.ts';
import { PeopleDialog } from './people-dialog.tsx';
import { FUNNEL_TABS, type FunnelTab } from './search.ts';

const route = getRouteApi('/sites/$site/funnels');
const SHOWN_BREAKDOWN = 5;

/** The funnel's answer, one tab at a time; only the open tab is asked for. */
export function Result({ definition }: { definition: Definition }) {
  const { words, format } = useSpeech();
  const view = useView();
  const { tab = 'steps', people } = route.useSearch();
  const navigate = useNavigate();
  const asked = toParameters(definition);
  const steps = chosenSteps(definition);
  const [leftStep, setLeftStep] = useState(1);
  const nextStep = Math.min(leftStep, steps.length - 1);
  const parameters = { ...asParameters(view, definition), ...tabParameters(tab, view, nextStep) };
  const state = useReport<FunnelAnswer>(view.site.site_id, 'funnel', parameters, {
    isOn: asked !== undefined,
  });
  const setPeople = (next: string | undefined) =>
    void navigate({ to: '.', search: (before) => ({ ...before, people: next }) });
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
        <PeopleDialog
          asked={people}
          parameters={asParameters(view, definition)}
          onClose={() => setPeople(undefined)}
        />
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
            series={seriesOf(answer)}
            onPick={(step, series) =>
              setPeople(
                [step + 1, 'reached', ...(series.value === undefined ? [] : [series.value])].join('.'),
              )
            }
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

  function seriesOf(answer: FunnelAnswer): FunnelSeries[] {
    if (answer.breakdown && definition.breakdown) {
      const { property } = definition.breakdown;
      return answer.breakdown.slice(0, SHOWN_BREAKDOWN).map(({ value, rows }) => ({
        key: `value ${value}`,
        value,
        name: nameOfValue(property, value, words, format),
        rows,
      }));
    }
    const all = { key: 'all', name: '', rows: answer.rows };
    if (!answer.comparison) return [all];
    return [
      all,
      {
        key: 'compared',
        name: words.overview.comparedPeriod,
        rows: answer.comparison.rows,
        isCompared: true,
      },
    ];
  }
}

/** What the funnel and all its tabs and lists are asked with. */
function asParameters(view: SiteView, definition: Definition) {
  const { breakdown } = definition;
  return {
    ...shared(breakdown ? { ...view, compared: undefined } : view),
    ...toParameters(definition),
    ...(breakdown ? { breakdown: { ...breakdown, limit: SHOWN_BREAKDOWN } } : {}),
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
