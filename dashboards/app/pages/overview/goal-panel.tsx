import type { ConversionRow } from '../../../reports/conversion/report.ts';
import { RateWithInterval } from '../../../reports/conversion/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type Goal, type ReportAnswer, useGoals, useReport } from '../../api/queries.ts';
import { Explain } from '../../parts/explain.tsx';
import { ReportBody, ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';

const SHOWN = 4;
const NOBODY = { visitors: 0, conversions: 0, conversion_rate: null, rate_low: null, rate_high: null };

/** The conversion rate of each goal with its interval; picking one turns every ranking into a conversion report. */
export function GoalPanel() {
  const { words } = useSpeech();
  const { site, goal: picked, change } = useView();
  const goals = useGoals(site.site_id);
  return (
    <ReportCard
      title={
        <h2 className="with-explain">
          {words.overview.goals}
          <Explain what={words.metrics.conversion_rate}>
            <p>{words.definitions.conversion_rate}</p>
            <p>{words.definitions.wilson}</p>
          </Explain>
        </h2>
      }
      height={322}
      state={goals}
      isEmpty={(answer) => answer.length === 0}
      empty={
        <div className="message">
          <strong>{words.overview.noGoals}</strong>
          <span>{words.overview.noGoalsHint}</span>
        </div>
      }
    >
      {(answer) => (
        <ul className="rates">
          {answer.slice(0, SHOWN).map((goal) => (
            <li key={goal.goal_id}>
              <GoalRate goal={goal} />
              <button
                type="button"
                className="more"
                aria-pressed={picked === goal.goal_id}
                onClick={() => change({ goal: picked === goal.goal_id ? undefined : goal.goal_id })}
              >
                {picked === goal.goal_id ? words.overview.goalOff : words.overview.goalOn}
              </button>
            </li>
          ))}
        </ul>
      )}
    </ReportCard>
  );
}

function GoalRate({ goal }: { goal: Goal }) {
  const view = useView();
  const state = useReport<ReportAnswer<ConversionRow>>(view.site.site_id, 'conversion', {
    ...shared({ ...view, compared: undefined }),
    goal: goal.goal_id,
  });
  return (
    <ReportBody state={state} height={58}>
      {(answer) => {
        const row = answer.totals ?? answer.rows[0];
        return <RateWithInterval name={goal.name} row={row ?? NOBODY} />;
      }}
    </ReportBody>
  );
}
