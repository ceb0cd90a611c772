import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { meQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useView } from '../../state/use-view.ts';
import { useSettingsSpeech } from './words.ts';

/** What `…/deletions/preview` counts. */
type Counted = { events: number; visitors: number; orders: number; first_ms: number; last_ms: number };
type Draft = { from: string; to: string; by: By; what: string };
const WAYS = ['event', 'page', 'hostname', 'userId'] as const;
type By = (typeof WAYS)[number];

/** Takes events out for good: first they are counted, then the reader confirms the number. */
export function Deletion() {
  const { words } = useSettingsSpeech();
  const { site, range, today } = useView();
  const { data: me } = useQuery(meQuery);
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>({
    from: site.first_day || range.from,
    to: today,
    by: 'page',
    what: '',
  });
  const path = `/api/sites/${encodeURIComponent(site.site_id)}/deletions`;
  const preview = useMutation({
    mutationFn: (asked: Draft) => request<Counted>(`${path}/preview`, { body: toBody(asked) }),
  });
  const remove = useMutation({
    mutationFn: ({ asked, expectedEvents }: { asked: Draft; expectedEvents: number }) =>
      request<{ deleted: Counted }>(path, { body: { ...toBody(asked), expectedEvents } }),
    onSuccess: () => {
      preview.reset();
      return queries.invalidateQueries();
    },
  });
  if (me?.role !== 'owner' && me?.role !== 'admin') return null;
  const set = (change: Partial<Draft>) => {
    preview.reset();
    remove.reset();
    setDraft({ ...draft, ...change });
  };
  const error = preview.error ?? remove.error;
  return (
    <section className="panel" aria-labelledby="deletion-title">
      <h2 id="deletion-title">{words.deletion.title}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          preview.mutate(draft);
        }}
      >
        <p className="hint">
          {words.deletion.hint}{' '}
          <Link
            to="/sites/$site/catalogue"
            params={{ site: site.site_id }}
            search={{ tab: 'exclusions' }}
            className="more"
          >
            {words.deletion.toExclusions}
          </Link>
        </p>
        <DeletionFields draft={draft} onChange={set} />
        <div className="actions">
          <button type="submit" className="button" disabled={preview.isPending}>
            {words.deletion.count}
          </button>
        </div>
      </form>
      <div role="status" className="form">
        {preview.data && (
          <Confirmation
            counted={preview.data}
            isBusy={remove.isPending}
            onConfirm={(expectedEvents) => remove.mutate({ asked: draft, expectedEvents })}
          />
        )}
        {remove.data && <p>{words.deletion.done(String(remove.data.deleted.events))}</p>}
      </div>
      {error && (
        <p className="wrong" role="alert">
          {error.message || words.failed.offline}
        </p>
      )}
    </section>
  );
}

function DeletionFields({ draft, onChange }: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const { words } = useSettingsSpeech();
  return (
    <div className="form-row">
      <label className="field">
        <span className="label">{words.period.from}</span>
        <input
          className="input"
          type="date"
          required
          value={draft.from}
          max={draft.to}
          onChange={(event) => onChange({ from: event.target.value })}
        />
      </label>
      <label className="field">
        <span className="label">{words.period.to}</span>
        <input
          className="input"
          type="date"
          required
          value={draft.to}
          min={draft.from}
          onChange={(event) => onChange({ to: event.target.value })}
        />
      </label>
      <label className="field">
        <span className="label">{words.deletion.by}</span>
        <select
          className="input"
          value={draft.by}
          onChange={(event) => onChange({ by: WAYS.find((one) => one === event.target.value) ?? 'page' })}
        >
          {WAYS.map((one) => (
            <option key={one} value={one}>
              {words.deletion.ways[one]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="label">{words.deletion.what}</span>
        <input
          className="input"
          required
          maxLength={200}
          placeholder={words.deletion.examples[draft.by]}
          value={draft.what}
          onChange={(event) => onChange({ what: event.target.value })}
        />
      </label>
    </div>
  );
}

type ConfirmationProps = { counted: Counted; isBusy: boolean; onConfirm: (events: number) => void };

/** The number is typed once more: a click is made too quickly for what cannot be taken back. */
function Confirmation({ counted, isBusy, onConfirm }: ConfirmationProps) {
  const { words, format } = useSettingsSpeech();
  const { site } = useView();
  const [typed, setTyped] = useState('');
  if (counted.events === 0) return <p>{words.deletion.nothing}</p>;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        onConfirm(counted.events);
      }}
    >
      <p>
        {words.deletion.found(
          format.number(counted.events),
          format.number(counted.visitors),
          format.number(counted.orders),
        )}{' '}
        <span className="quiet">
          {format.dateTime(counted.first_ms, site.time_zone)} –{' '}
          {format.dateTime(counted.last_ms, site.time_zone)}
        </span>
      </p>
      <div className="form-row">
        <label className="field">
          <span className="label">{words.deletion.confirm(String(counted.events))}</span>
          <input
            className="input"
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button
          type="submit"
          className="button danger"
          disabled={isBusy || typed.trim() !== String(counted.events)}
        >
          {words.deletion.remove}
        </button>
      </div>
    </form>
  );
}

function toBody({ from, to, by, what }: Draft) {
  const period = { from, to };
  return by === 'page'
    ? { period, page: { match: 'wildcard', path: what.trim() } }
    : { period, [by]: what.trim() };
}
