import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Condition } from '../../../reports/conditions.ts';
import { nameOfField } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { goalsKey, useGoals } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Icon } from '../../parts/icon.tsx';
import { ReportCard } from '../../parts/report-card.tsx';
import { SuggestField } from '../../parts/suggest-field.tsx';
import { useView } from '../../state/use-view.ts';
import { toPatternText } from '../catalogue/patterns.ts';
import { toCondition } from '../funnels/definition.ts';
import { useSuggestions } from '../funnels/use-suggestions.ts';

/** The site's goals: made by naming an event or a page, taken away by one click. They count back in time. */
export function GoalSettings() {
  const { words } = useSpeech();
  const { site } = useView();
  const goals = useGoals(site.site_id);
  const queries = useQueryClient();
  const say = useSaidCondition();
  const remove = useMutation({
    mutationFn: (id: string) =>
      request<void>(`/api/sites/${encodeURIComponent(site.site_id)}/goals/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: goalsKey(site.site_id) }),
  });
  return (
    <>
      <ReportCard
        title={words.overview.goals}
        height={120}
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
          <ul className="lines">
            {answer.map((goal) => (
              <li key={goal.goal_id}>
                <strong>{goal.name}</strong>
                <span className="quiet">{say(goal.condition)}</span>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`${words.app.remove}: ${goal.name}`}
                  onClick={() => remove.mutate(goal.goal_id)}
                >
                  <Icon name="trash" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </ReportCard>
      <NewGoal />
    </>
  );
}

/** "Purchase", "/thank-you", "/blog/* · 30s · Country is Germany". */
function useSaidCondition() {
  const { words, format } = useSpeech();
  function say(condition: Condition): string {
    if ('anyOf' in condition) return condition.anyOf.map(say).join(` ${words.funnel.or} `);
    const { filters = [] } = condition;
    return [
      'event' in condition && condition.event,
      'page' in condition &&
        condition.page &&
        ('group' in condition.page ? condition.page.group : toPatternText(condition.page)),
      'engagedMs' in condition && `${words.metrics.engaged_ms} ≥ ${format.duration(condition.engagedMs)}`,
      'scrollPercent' in condition &&
        `${words.metrics.scroll_percent} ≥ ${format.percent(condition.scrollPercent / 100)}`,
      ...filters.map(({ field, operator, values }) =>
        [nameOfField(field, words), words.filter.operators[operator], format.list(values)].join(' '),
      ),
    ]
      .filter(Boolean)
      .join(' · ');
  }
  return say;
}

function NewGoal() {
  const { words } = useSpeech();
  const { site } = useView();
  const queries = useQueryClient();
  const suggestions = useSuggestions();
  const [name, setName] = useState('');
  const [what, setWhat] = useState('');
  const create = useMutation({
    mutationFn: () =>
      request<unknown>(`/api/sites/${encodeURIComponent(site.site_id)}/goals`, {
        body: { name: name.trim() || what, condition: toCondition(what) },
      }),
    onSuccess: () => {
      setName('');
      setWhat('');
      return queries.invalidateQueries({ queryKey: goalsKey(site.site_id) });
    },
  });
  return (
    <section className="panel" aria-labelledby="new-goal">
      <h2 id="new-goal">{words.overview.makeGoal}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (what !== '') create.mutate();
        }}
      >
        <div className="form-row">
          <div className="field">
            <span className="label">{words.settings.goalWhat}</span>
            <SuggestField
              label={words.settings.goalWhat}
              value={what}
              groups={suggestions}
              placeholder={words.funnel.stepHint}
              onCommit={setWhat}
            />
          </div>
          <label className="field">
            <span className="label">{words.overview.name}</span>
            <input
              className="input"
              value={name}
              placeholder={what}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <button type="submit" className="button primary" disabled={what === '' || create.isPending}>
            {words.overview.makeGoal}
          </button>
        </div>
        {create.error && <p className="wrong">{create.error.message || words.failed.offline}</p>}
        <p className="hint">{words.settings.goalHint}</p>
      </form>
    </section>
  );
}
