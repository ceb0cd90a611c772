import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Change } from '../../../charts/change.tsx';
import { RateCourse } from '../../../reports/conversion/course.tsx';
import type { ConversionRow } from '../../../reports/conversion/report.ts';
import { RatesByDimension, RateWithInterval } from '../../../reports/conversion/view.tsx';
import { nameOfField } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type Goal, type ReportAnswer, useGoals, useReport } from '../../api/queries.ts';
import { Explain } from '../../parts/explain.tsx';
import { ReportBody, ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { intervalsFor } from '../../state/period.ts';
import { useView } from '../../state/use-view.ts';

import { sharedForTile } from '../../tiles/tile.ts';
import { AttributionPanel } from './attribution-panel.tsx';

const route = getRouteApi('/sites/$site/conversions');
const DIMENSIONS = [
  'source',
  'channel',
  'campaign',
  'entry_page',
  'country',
  'device',
  'browser',
  'os',
  'language',
] as const;
const SHOWN = 25;

/** One goal in depth: its rate, its course, and who fulfils it more often than others, for real. */
export function ConversionsPage() {
  const { words } = useSpeech();
  const { site, goal: picked } = useView();
  const goals = useGoals(site.site_id);
  return (
    <ReportPage title={words.nav.conversions}>
      <ReportBody state={goals} height={480} isEmpty={(answer) => answer.length === 0} empty={<NoGoal />}>
        {(answer) => {
          const goal = answer.find((one) => one.goal_id === picked) ?? answer[0];
          return goal ? <OneGoal goal={goal} goals={answer} /> : null;
        }}
      </ReportBody>
    </ReportPage>
  );
}

function OneGoal({ goal, goals }: { goal: Goal; goals: Goal[] }) {
  const { words, format } = useSpeech();
  const view = useView();
  const { by = 'source' } = route.useSearch();
  const navigate = useNavigate();
  const asked = { ...shared(view), goal: goal.goal_id };
  const total = useReport<ReportAnswer<ConversionRow>>(view.site.site_id, 'conversion', asked);
  const parted = useReport<ReportAnswer<ConversionRow>>(view.site.site_id, 'conversion', {
    ...shared({ ...view, compared: undefined }),
    goal: goal.goal_id,
    dimension: by,
    limit: SHOWN,
  });
  return (
    <>
      <div className="page-head">
        <label className="inline-field">
          <span className="label">{words.dimensions.goal}</span>
          <select
            className="input"
            value={goal.goal_id}
            onChange={(event) => view.change({ goal: event.target.value })}
          >
            {goals.map((one) => (
              <option key={one.goal_id} value={one.goal_id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <Link
          to="/sites/$site/settings"
          params={{ site: view.site.site_id }}
          search={{ tab: 'goals' }}
          className="button"
        >
          {words.overview.makeGoal}
        </Link>
      </div>
      <div className="panels">
        <ReportCard
          title={words.metrics.conversion_rate}
          height={110}
          state={total}
          tile={{
            title: `${words.metrics.conversion_rate}: ${goal.name}`,
            view: 'conversion',
            options: { goal: goal.name },
            queries: [{ report: 'conversion', parameters: { ...sharedForTile(view), goal: goal.goal_id } }],
          }}
        >
          {(answer) => {
            const row = answer.totals ?? answer.rows[0];
            const before = answer.compared_totals ?? answer.compared_rows?.[0];
            if (!row) return null;
            return (
              <>
                <RateWithInterval name={goal.name} row={row} />
                <p className="panel-foot">
                  <Change
                    isRate
                    now={row.conversion_rate}
                    before={before?.conversion_rate}
                    said={format.percent(before?.conversion_rate)}
                  />
                  {row.orders > 0 && <span>{words.conversions.orders(format.number(row.orders))}</span>}
                  {row.revenue.map(({ currency, amount }) => (
                    <span key={currency}>{`${words.metrics.revenue} ${format.money(amount, currency)}`}</span>
                  ))}
                  {row.average_order_value.map(({ currency, amount }) => (
                    <span
                      key={currency}
                    >{`${words.conversions.perOrder} ${format.money(amount, currency)}`}</span>
                  ))}
                  {row.orders > 0 && (
                    <Explain what={words.metrics.revenue}>
                      <p>{words.conversions.revenueMeaning}</p>
                    </Explain>
                  )}
                </p>
              </>
            );
          }}
        </ReportCard>
        <RateOverTime goal={goal} />
      </div>
      <ReportCard
        title={words.conversions.by(nameOfField(by, words))}
        tools={
          <select
            className="input narrow"
            aria-label={words.funnel.breakdown}
            value={by}
            onChange={(event) => {
              const next = DIMENSIONS.find((one) => one === event.target.value);
              void navigate({ to: '.', search: (before) => ({ ...before, by: next }) });
            }}
          >
            {DIMENSIONS.map((one) => (
              <option key={one} value={one}>
                {nameOfField(one, words)}
              </option>
            ))}
          </select>
        }
        tile={{
          title: `${goal.name}: ${words.conversions.by(nameOfField(by, words))}`,
          view: 'conversion_by',
          options: { dimension: by },
          queries: [
            {
              report: 'conversion',
              parameters: {
                ...sharedForTile({ ...view, compared: undefined }),
                goal: goal.goal_id,
                dimension: by,
                limit: SHOWN,
              },
            },
          ],
        }}
        height={420}
        state={parted}
        isEmpty={(answer) => answer.rows.length === 0}
      >
        {(answer) => (
          <>
            <RatesByDimension dimension={by} rows={answer.rows} total={answer.totals} />
            <p className="hint">{words.conversions.meaning}</p>
          </>
        )}
      </ReportCard>
      <AttributionPanel goal={goal} />
    </>
  );
}

function RateOverTime({ goal }: { goal: Goal }) {
  const { words } = useSpeech();
  const view = useView();
  const { preferred: interval } = intervalsFor(view.range);
  const state = useReport<ReportAnswer<ConversionRow>>(view.site.site_id, 'conversion', {
    ...shared(view),
    goal: goal.goal_id,
    interval,
  });
  return (
    <ReportCard
      title={words.conversions.overTime}
      tile={{
        title: `${goal.name}: ${words.conversions.overTime}`,
        view: 'conversion_course',
        options: { interval },
        queries: [
          { report: 'conversion', parameters: { ...sharedForTile(view), goal: goal.goal_id, interval } },
        ],
      }}
      height={240}
      state={state}
      isEmpty={(answer) => answer.rows.length === 0}
    >
      {(answer) => <RateCourse answer={answer} interval={interval} />}
    </ReportCard>
  );
}

function NoGoal() {
  const { words } = useSpeech();
  const { site } = useView();
  return (
    <section className="panel">
      <div className="message">
        <strong>{words.overview.noGoals}</strong>
        <span>{words.overview.noGoalsHint}</span>
        <Link
          to="/sites/$site/settings"
          params={{ site: site.site_id }}
          search={{ tab: 'goals' }}
          className="button primary"
        >
          {words.overview.makeGoal}
        </Link>
      </div>
    </section>
  );
}
