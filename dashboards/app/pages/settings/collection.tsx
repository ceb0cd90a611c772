import { type ReactNode, useId, useState } from 'react';
import type { SiteSettings } from '../../../../collector/site-settings.ts';
import { useSpeech } from '../../../words/words.tsx';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { type SiteDetails, useSaveSite, useSiteDetails } from './use-site-details.ts';

/** Name, time zone and currency of a site, and what its door takes and keeps. */
export function CollectionSettings() {
  const { words } = useSpeech();
  const { site } = useView();
  const query = useSiteDetails(site.site_id);
  return (
    <ReportCard
      title={words.settings.tabs.collection}
      height={480}
      state={toLoadState(query, words.failed.offline)}
    >
      {(answer) => <SiteForm key={answer.site_id} site={answer} />}
    </ReportCard>
  );
}

function SiteForm({ site }: { site: SiteDetails }) {
  const { words } = useSpeech();
  const [draft, setDraft] = useState(site);
  const save = useSaveSite();
  const set = (settings: Partial<SiteSettings>) =>
    setDraft({ ...draft, settings: { ...draft.settings, ...settings } });
  const { settings } = draft;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <div className="form-row">
        <Labelled label={words.overview.name}>
          {(id) => (
            <input
              id={id}
              className="input"
              required
              value={draft.name}
              onChange={(e) => setDraft({ ...draft, name: e.target.value })}
            />
          )}
        </Labelled>
        <Labelled label={words.settings.timeZone}>
          {(id) => (
            <select
              id={id}
              className="input"
              value={draft.time_zone}
              onChange={(e) => setDraft({ ...draft, time_zone: e.target.value })}
            >
              {zones(draft.time_zone).map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled label={words.settings.currency}>
          {(id) => (
            <input
              id={id}
              className="input"
              pattern="[A-Z]{3}"
              maxLength={3}
              value={draft.currency}
              onChange={(e) => setDraft({ ...draft, currency: e.target.value.toUpperCase() })}
            />
          )}
        </Labelled>
      </div>
      <Lines
        label={words.settings.allowedHostnames}
        hint={words.settings.allowedHostnamesHint}
        value={settings.allowedHostnames}
        onChange={(allowedHostnames) => set({ allowedHostnames })}
      />
      <Lines
        label={words.settings.excludedAddresses}
        hint={words.settings.excludedAddressesHint}
        value={settings.excludedAddresses}
        onChange={(excludedAddresses) => set({ excludedAddresses })}
      />
      <Lines
        label={words.settings.excludedPaths}
        hint={words.settings.excludedPathsHint}
        value={settings.excludedPaths}
        onChange={(excludedPaths) => set({ excludedPaths })}
      />
      <Lines
        label={words.settings.queryAllowList}
        hint={words.settings.queryAllowListHint}
        value={settings.queryAllowList}
        onChange={(queryAllowList) => set({ queryAllowList })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={settings.consent === 'required'}
          onChange={(e) => set({ consent: e.target.checked ? 'required' : 'optional' })}
        />
        {words.settings.needsConsent}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.whenDenied === 'nothing'}
          onChange={(e) => set({ whenDenied: e.target.checked ? 'nothing' : 'cookieless' })}
        />
        {words.settings.nothingWhenDenied}
      </label>
      <Labelled label={words.settings.privacySignals}>
        {(id) => (
          <select
            id={id}
            className="input"
            value={settings.privacySignals}
            onChange={(e) => set({ privacySignals: toSignals(e.target.value) })}
          >
            {SIGNALS.map((one) => (
              <option key={one} value={one}>
                {words.settings.signals[one]}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={words.settings.retention} hint={words.settings.retentionHint}>
        {(id) => (
          <input
            id={id}
            className="input"
            type="number"
            min="0"
            max="36500"
            value={settings.retentionDays}
            onChange={(e) => set({ retentionDays: Number(e.target.value) })}
          />
        )}
      </Labelled>
      {save.error && <p className="wrong">{save.error.message || words.failed.offline}</p>}
      <div className="actions">
        <button type="submit" className="button primary" disabled={save.isPending}>
          {words.app.save}
        </button>
        <span role="status" className="hint">
          {save.isSuccess && words.settings.saved}
        </span>
      </div>
    </form>
  );
}

type LabelledProps = { label: string; hint?: string; children: (id: string) => ReactNode };

function Labelled({ label, hint, children }: LabelledProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint && <span className="hint">{hint}</span>}
    </div>
  );
}

type LinesProps = { label: string; hint: string; value: string[]; onChange: (lines: string[]) => void };

/** One entry per line. */
function Lines({ label, hint, value, onChange }: LinesProps) {
  const [text, setText] = useState(value.join('\n'));
  return (
    <Labelled label={label} hint={hint}>
      {(id) => (
        <textarea
          id={id}
          className="input"
          rows={Math.max(2, Math.min(6, value.length + 1))}
          value={text}
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            onChange(event.target.value.split('\n').flatMap((line) => line.trim() || []));
          }}
        />
      )}
    </Labelled>
  );
}

const SIGNALS = ['cookieless', 'nothing', 'ignore'] as const;

function toSignals(text: string): SiteSettings['privacySignals'] {
  return SIGNALS.find((one) => one === text) ?? 'cookieless';
}

function zones(current: string): string[] {
  return [...new Set(['UTC', current, ...Intl.supportedValuesOf('timeZone')])];
}
