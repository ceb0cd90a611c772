import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExclusionRule } from '../../../reports/rules/rules.ts';
import { useSpeech } from '../../../words/words.tsx';
import { request } from '../../api/request.ts';
import type { Filter } from '../../state/filters.ts';
import { useView } from '../../state/use-view.ts';
import { EventFilters } from '../funnels/event-filters.tsx';
import { testOf, toPathTest } from './patterns.ts';
import { useCatalogueWords } from './words.ts';

const REASONS = ['path', 'host', 'bot', 'test'] as const;
type Reason = (typeof REASONS)[number];
type Draft = { reason: Reason; text: string; filters: Filter[] };

/** What `…/exclusions/preview` counts. */
type Counted = { events: number; visitors: number; orders: number };

/** One exclusion: what it is about, how much it would take out of the period, and then its making. */
export function ExclusionForm({ onDone }: { onDone: () => void }) {
  const { exclusions: words } = useCatalogueWords();
  const { words: common } = useSpeech();
  const { site, range } = useView();
  const [draft, setDraft] = useState<Draft>({ reason: 'path', text: '', filters: [] });
  const rule = toRule(draft);
  const path = `/api/sites/${encodeURIComponent(site.site_id)}/catalogue/exclusions`;
  const preview = useMutation({
    mutationFn: (asked: ExclusionRule) =>
      request<Counted>(`${path}/preview`, { body: { rule: asked, period: range } }),
  });
  const exclude = useMutation({
    mutationFn: (asked: ExclusionRule) => request<unknown>(path, { body: asked }),
    onSuccess: onDone,
  });
  const set = (change: Partial<Draft>) => {
    preview.reset();
    setDraft({ ...draft, ...change });
  };
  const error = preview.error ?? exclude.error;
  // No <form>: the editor of a condition is one, and forms do not nest.
  return (
    <div className="form">
      <label className="field">
        <span className="label">{words.because}</span>
        <select
          className="input"
          value={draft.reason}
          onChange={(event) =>
            set({ reason: REASONS.find((one) => one === event.target.value) ?? 'path', text: '' })
          }
        >
          {REASONS.map((one) => (
            <option key={one} value={one}>
              {words.reasons[one]}
            </option>
          ))}
        </select>
      </label>
      <What draft={draft} onChange={set} />
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={!rule || preview.isPending}
          onClick={() => rule && preview.mutate(rule)}
        >
          {words.count}
        </button>
        <button
          type="button"
          className="button primary"
          disabled={!rule || exclude.isPending}
          onClick={() => rule && exclude.mutate(rule)}
        >
          {words.exclude}
        </button>
      </div>
      <div role="status">{preview.data && <Taken counted={preview.data} />}</div>
      {error && (
        <p className="wrong" role="alert">
          {error.message || common.failed.offline}
        </p>
      )}
    </div>
  );
}

function What({ draft, onChange }: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const { exclusions: words, groups } = useCatalogueWords();
  if (draft.reason === 'bot' || draft.reason === 'test') {
    return (
      <fieldset className="field">
        <legend className="label">{words.filters}</legend>
        <EventFilters filters={draft.filters} onChange={(filters) => onChange({ filters })} />
      </fieldset>
    );
  }
  const isPath = draft.reason === 'path';
  return (
    <label className="field">
      <span className="label">{isPath ? words.path : words.hostname}</span>
      <input
        className="input"
        spellCheck={false}
        maxLength={isPath ? 1_000 : 253}
        value={draft.text}
        aria-invalid={isPath && testOf(draft.text.trim()) === undefined}
        onChange={(event) => onChange({ text: event.target.value })}
      />
      <span className="hint">{isPath ? groups.patternHint : words.hostHint}</span>
    </label>
  );
}

function Taken({ counted }: { counted: Counted }) {
  const { exclusions: words } = useCatalogueWords();
  const { format } = useSpeech();
  if (counted.events === 0) return <p className="quiet">{words.countsNone}</p>;
  const [events, visitors, orders] = [counted.events, counted.visitors, counted.orders].map((one) =>
    format.number(one),
  );
  return <p>{words.counted(events ?? '', visitors ?? '', orders ?? '')}</p>;
}

/** Undefined while it says nothing yet. */
function toRule({ reason, text, filters }: Draft): ExclusionRule | undefined {
  if (reason === 'bot' || reason === 'test') return filters.length > 0 ? { reason, filters } : undefined;
  const said = text.trim();
  if (said === '') return undefined;
  if (reason === 'host') return { reason, hostname: said };
  return testOf(said) ? { reason, page: toPathTest(said) } : undefined;
}
