import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TrackingPlan } from '../../../../collector/site-settings.ts';
import type { CatalogueRow } from '../../../reports/catalogue/report.ts';
import { meQuery, type ReportAnswer, useReport } from '../../api/queries.ts';
import { Icon } from '../../parts/icon.tsx';
import { toLoadState } from '../../parts/load-state.ts';
import { placed } from '../../parts/placed.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { planFrom } from './plan-from.ts';
import { PlannedEventLines } from './planned-event.tsx';
import { Quality } from './quality.tsx';
import { type SiteDetails, useSaveSite, useSiteDetails } from './use-site-details.ts';
import { useSettingsSpeech } from './words.ts';

const MODES = ['off', 'observe', 'enforce'] as const;

/** Which events a site means to send, and how well what arrives agrees. */
export function PlanSettings() {
  const { words } = useSettingsSpeech();
  const { site } = useView();
  const query = useSiteDetails(site.site_id);
  return (
    <>
      <Quality />
      <ReportCard title={words.plan.title} height={200} state={toLoadState(query, words.failed.offline)}>
        {(answer) => <PlanForm key={answer.site_id} site={answer} />}
      </ReportCard>
    </>
  );
}

function PlanForm({ site }: { site: SiteDetails }) {
  const { words } = useSettingsSpeech();
  const { data: me } = useQuery(meQuery);
  const [plan, setPlan] = useState<TrackingPlan>(site.settings.plan);
  const save = useSaveSite();
  const mayChange = me?.role === 'owner' || me?.role === 'admin';
  const isSaved = JSON.stringify(plan) === JSON.stringify(site.settings.plan);
  const setEvents = (events: TrackingPlan['events']) => setPlan({ ...plan, events });
  return (
    <form
      className="form plan"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ ...site, settings: { ...site.settings, plan } });
      }}
    >
      <fieldset className="field" disabled={!mayChange}>
        <legend className="label">{words.plan.mode}</legend>
        {MODES.map((mode) => (
          <label key={mode} className="check">
            <input
              type="radio"
              name="mode"
              checked={plan.mode === mode}
              onChange={() => setPlan({ ...plan, mode })}
            />
            {words.plan.modes[mode]}
          </label>
        ))}
      </fieldset>
      {plan.events.length === 0 && <EmptyPlan onTake={setEvents} />}
      {placed(plan.events).map(({ item, place, key }) => (
        <PlannedEventLines
          key={key}
          event={item}
          isDisabled={!mayChange}
          onChange={(event) => setEvents(plan.events.with(place, event))}
          onRemove={() => setEvents(plan.events.toSpliced(place, 1))}
        />
      ))}
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={!mayChange}
          onClick={() => setEvents([...plan.events, { name: '', properties: [] }])}
        >
          <Icon name="plus" />
          {words.plan.addEvent}
        </button>
        <button type="submit" className="button primary" disabled={!mayChange || isSaved || save.isPending}>
          {words.app.save}
        </button>
        <span role="status" className="hint">
          {!mayChange
            ? words.plan.mayNot
            : isSaved
              ? save.isSuccess && words.settings.saved
              : words.plan.unsaved}
        </span>
      </div>
      {save.error && (
        <p className="wrong" role="alert">
          {save.error.message || words.failed.offline}
        </p>
      )}
    </form>
  );
}

/** The events of the last month are a good beginning. */
function EmptyPlan({ onTake }: { onTake: (events: TrackingPlan['events']) => void }) {
  const { words } = useSettingsSpeech();
  const { site, range } = useView();
  const catalogue = useReport<ReportAnswer<CatalogueRow>>(site.site_id, 'catalogue', { period: range });
  const arrived = catalogue.status === 'ready' ? planFrom(catalogue.answer.rows) : [];
  return (
    <div className="message">
      <strong>{words.plan.empty}</strong>
      <span>{words.plan.emptyHint}</span>
      <button
        type="button"
        className="button small"
        disabled={arrived.length === 0}
        onClick={() => onTake(arrived)}
      >
        {words.plan.takeOver}
      </button>
    </div>
  );
}
